"""Every way through a sign-in, with all third-party cookies blocked."""

from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from tests.e2e.signin.house import House
from tests.e2e.signin.signer import ADA, PAGES, Signer, be
from tests.support.browser import DESKTOP, PHONE, shut

Sit = Callable[..., Signer]
COOP = {"Cross-Origin-Opener-Policy": "same-origin"}
COEP = {**COOP, "Cross-Origin-Embedder-Policy": "require-corp"}
NO_POPUPS = {"Content-Security-Policy": "sandbox allow-scripts allow-same-origin allow-forms allow-modals"}


@pytest.mark.parametrize("size", [DESKTOP, PHONE], ids=["desktop", "phone"])
def test_popup(house: House, sit: Sit, size: dict[str, object]) -> None:
    """Popup, {}."""
    signer = sit(**size).here(house.page("/popup/"))
    signer.sign_in_at(signer.begin())
    signer.keeps_text()
    signer.posts(f"Said through a window, {size['viewport']}.")


@pytest.mark.parametrize("size", [DESKTOP, PHONE], ids=["desktop", "phone"])
def test_provider_that_cuts_the_opener(house: House, sit: Sit, size: dict[str, object]) -> None:
    """Provider with COOP same-origin, {}: the page opens in the window, and both are signed in."""
    signer = sit(**size).here(house.page("/cut/"))
    window = signer.begin("Cutting ID")
    be(window)
    signer.speaks_as(ADA)
    signer.keeps_text()
    expect(window.locator("comment-widget")).to_contain_text(signer.words["sign.close_words"].format(name=ADA))
    assert window.url == signer.page.url
    Signer(window).close()
    signer.posts(f"Said after the window was cut off, {size['viewport']}.")


def test_popups_impossible(house: House, sit: Sit) -> None:
    """Popups impossible (a sandbox without allow-popups): the same tab, there and back."""
    url = house.page("/no-popups/", headers=NO_POPUPS)
    signer = sit().foresee("allow-popups", "can escape its sandboxing").here(url)
    signer.door().click()
    expect(signer.form).to_contain_text(signer.words["sign.no_window"])
    signer.button("sign.here").click()
    be(signer.page)
    signer.speaks_as(ADA)
    signer.keeps_text()
    assert signer.page.url == url
    assert len(signer.page.context.pages) == 1
    signer.posts("Said without a window.")


def test_back_and_forward(house: House, sit: Sit) -> None:
    """Back and forward after a sign-in in the same tab: still signed in."""
    signer = sit().here(house.page("/back/"))
    signer.begin()
    signer.button("sign.here").click()
    be(signer.page)
    signer.speaks_as(ADA)
    signer.page.go_back()
    signer.page.go_forward()
    signer.arrived().speaks_as(ADA)
    signer.keeps_text()


@pytest.mark.parametrize("headers", [COOP, COEP], ids=["COOP", "COOP and COEP"])
def test_host_page_with(house: House, sit: Sit, headers: dict[str, str]) -> None:
    """Host page with {}."""
    signer = sit().here(house.page("/isolated/", headers=headers))
    assert signer.page.evaluate("crossOriginIsolated") == (headers is COEP)
    with signer.page.context.expect_page() as opened:
        signer.door().click()
    expect(signer.button("sign.here")).to_be_visible()
    be(opened.value)
    signer.speaks_as(ADA)
    signer.keeps_text()
    window = Signer(opened.value)
    window.speaks_as(ADA)
    assert window.page.url == signer.page.url
    signer.posts(f"Said from a page with {len(headers)} headers.")
    window.close()


def test_host_page_with_coop_in_this_tab(house: House, sit: Sit) -> None:
    """Host page with COOP, continued in the same tab while the window stays open."""
    signer = sit().here(house.page("/isolated-tab/", headers=COOP))
    with signer.page.context.expect_page():
        signer.door().click()
    signer.button("sign.here").click()
    be(signer.page)
    signer.speaks_as(ADA)
    signer.keeps_text()


def test_provider_that_answers_by_form_post(house: House, sit: Sit) -> None:
    """Provider answering by form_post: the POST comes without our cookie, the GET after it with."""
    signer = sit().here(house.page("/form-post/", host=house.other, site="other"))
    asked = []
    signer.page.context.on("request", lambda one: asked.append(one))
    window = signer.begin("Apple")
    yes = window.get_by_role("button", name=PAGES["consent.yes"].format(name="Ada Lovelace"))
    expect(yes).to_be_visible()
    cookies = {
        (one.method, one.url.partition("?")[0]): "__Host-cw_tx" in one.all_headers().get("cookie", "")
        for one in asked
        if one.url.startswith(f"{house.server}/auth/")
    }
    assert cookies["POST", f"{house.server}/auth/callback/apple"] is False
    assert cookies["GET", f"{house.server}/auth/resume"] is True
    with window.expect_event("close"):
        yes.click()
    signer.speaks_as("Ada Lovelace")
    signer.keeps_text()


def test_window_closed_by_the_person(house: House, sit: Sit) -> None:
    """Window closed by the person: the line can be cancelled, and another try works."""
    signer = sit().here(house.page("/closed/"))
    shut(signer.begin())
    expect(signer.form).to_contain_text(signer.words["sign.connecting"].format(name="Demo ID"))
    signer.button("write.cancel", signer.form).click()
    signer.silent()
    signer.sign_in_at(signer.begin())
    signer.keeps_text()


def test_provider_that_breaks(house: House, sit: Sit) -> None:
    """Provider that breaks off: the page says so, and another try works."""
    signer = sit().foresee("/auth/callback/oidc").here(house.page("/broken/"))
    window = signer.begin()
    house.back.broken = True
    be(window)
    expect(signer.form).to_contain_text(signer.words["error.signin.provider_failed"])
    shut(window)
    house.back.broken = False
    signer.sign_in_at(signer.begin())
    signer.keeps_text()


def test_slow_provider(house: House, sit: Sit) -> None:
    """Slow provider: cancelled meanwhile, its late answer signs nobody in."""
    signer = sit().here(house.page("/slow/"))
    window = signer.begin()
    house.back.open.clear()
    window.get_by_role("button", name=ADA).evaluate(
        "button => setTimeout(() => button.click())"
    )  # and do not wait for it
    signer.button("write.cancel", signer.form).click()
    house.back.open.set()
    signer.silent()
    assert signer.held() == []
