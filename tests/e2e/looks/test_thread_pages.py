"""WCAG 2.2 AA by axe-core on the pages of /t/: read, in another order, the form and what is wrong in it."""

from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode

import pytest
from playwright.sync_api import expect

from tests.e2e.axe import violations
from tests.e2e.looks.conversation import open_page
from tests.e2e.pictures import picture
from tests.support.browser import DESKTOP, PHONE, Visitor
from tests.support.live import Live

CASES: dict[str, tuple[str, dict[str, Any]]] = {
    "desktop": ("en", DESKTOP),
    "phone-dark": ("en", PHONE | {"color_scheme": "dark"}),
    "phone-rtl": ("ar", PHONE),
    "forced-colors": ("en", DESKTOP | {"forced_colors": "active"}),
}


@pytest.mark.parametrize("case", CASES)
def test_every_state(live: Live, visit: Callable[..., Visitor], case: str) -> None:
    lang, options = CASES[case]
    url = open_page(live, f"sheet-{case}", lang, "plain")
    visitor = visit(**options)
    visitor.foreseen += ["422", "404"]
    page = visitor.page()
    page.goto(f"{live.server}/t/?{urlencode({'site': 'blog', 'url': url, 'lang': lang})}")
    expect(page.get_by_role("article").first).to_be_visible()
    trouble = {"read": violations(page, "html")}
    press = (lambda one: one.tap()) if "has_touch" in options else (lambda one: one.click())
    press(page.locator(".sorts a").nth(1))
    expect(page.locator(".sorts [aria-current]")).to_have_text(page.locator(".sorts a").nth(1).inner_text())
    trouble["newest first"] = violations(page, "html")
    press(page.locator(".reply a").first)
    expect(page.locator("textarea")).to_be_visible()
    trouble["form"] = violations(page, "html")
    page.locator("textarea").fill("Kept.")
    page.locator("input[name=name]").fill("")
    page.locator("input[name=name]").evaluate("field => field.removeAttribute('required')")
    press(page.locator("form button"))
    expect(page.locator("[aria-invalid]").first).to_be_visible()
    trouble["wrong"] = violations(page, "html")
    picture(page, f"thread-page-wrong-{case}")
    page.goto(f"{live.server}/t/{'z' * 20}?lang={lang}")
    trouble["no such page"] = violations(page, "html")
    assert {state: found for state, found in trouble.items() if found} == {}
