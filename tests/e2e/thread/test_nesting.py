"""Answers to answers: legible however deep, put away and shown again, read on their own."""

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.e2e.pictures import picture
from tests.support.browser import DESKTOP, PHONE, Visitor
from tests.support.crowd import Old, bring, chain, roots
from tests.support.hosts import article
from tests.support.live import Live
from tests.support.reader import Reader, words

Visit = Callable[..., Visitor]
NARROW: dict[str, Any] = {**PHONE, "viewport": {"width": 320, "height": 640}}
SIZES = pytest.mark.parametrize("size", [DESKTOP, NARROW], ids=["desktop", "320"])


def _press(page: Page, button: Locator) -> None:
    """With a finger, where there is one."""
    if page.evaluate("navigator.maxTouchPoints"):
        button.tap()
    else:
        button.click()


def _handle(reader: Reader, text: str) -> Locator:
    """The button at a comment that puts its answers away, and shows them."""
    return reader.comment(text).locator("[aria-expanded]")


def _plural(key: str, number: int, **values: str) -> str:
    import json

    from tests.support.processes import ROOT

    found = json.loads((ROOT / "static/src/locales/en.json").read_text(encoding="utf-8"))["embed"][key]
    form: str = found["one" if number == 1 else "other"]
    return form.format(n=number, **values)


@pytest.fixture(scope="module")
def tree(live: Live) -> str:
    """A page with a long chain of answers, and others beside it."""
    url = live.host_page("/tree/", article("Bread"))
    bring(live, url, [*chain(16), *roots(3), Old("An answer", "Ugo", 16)])
    return url


@SIZES
def test_answers_are_put_away_and_shown_again(tree: str, visit: Visit, size: dict[str, Any]) -> None:
    reader = Reader(visit(**size).page()).open(tree)
    handle = _handle(reader, "Link 1.")
    expect(handle).to_have_attribute("aria-expanded", "true")
    expect(handle).to_have_accessible_name(words("en")["list.collapse"].format(name="Reader 1"))
    below = reader.comment("Link 1.").evaluate("(el) => el.getBoundingClientRect().bottom")
    _press(reader.page, handle)
    expect(reader.comment("Link 2.")).to_be_hidden()
    expect(handle).to_have_attribute("aria-expanded", "false")
    expect(handle).to_have_text(_plural("list.expand", 15, name="Reader 1"))
    assert reader.comment("Link 1.").evaluate("(el) => el.getBoundingClientRect().bottom") >= below
    _press(reader.page, handle)
    expect(reader.comment("Link 2.")).to_be_visible()
    box = handle.bounding_box()
    assert box is not None
    assert min(box["width"], box["height"]) >= 24


def test_with_the_keyboard_alone(tree: str, visit: Visit) -> None:
    reader = Reader(visit().page()).open(tree)
    handle = _handle(reader, "Link 3.")
    handle.focus()
    reader.page.keyboard.press("Enter")
    expect(reader.comment("Link 4.")).to_be_hidden()
    expect(handle).to_be_focused()
    reader.page.keyboard.press("Space")
    expect(reader.comment("Link 4.")).to_be_visible()


@SIZES
@pytest.mark.parametrize("direction", ["ltr", "rtl"])
def test_the_line_puts_them_away_and_what_is_beside_it_does_not(
    tree: str, live: Live, visit: Visit, size: dict[str, Any], direction: str
) -> None:
    url = tree
    if direction == "rtl":
        path = f"/tree-rtl/{size['viewport']['width']}/"
        url = live.host_page(path, article("Bread").replace("<html ", '<html dir="rtl" '))
        bring(live, url, [*chain(3), *roots(1)])
    reader = Reader(visit(**size).page()).open(url)
    handle = _handle(reader, "Link 1.")
    kids = reader.item("Link 1.").locator("> ol")
    box = kids.bounding_box()
    assert box is not None
    tap = reader.page.touchscreen.tap if "has_touch" in size else reader.page.mouse.click
    start = box["x"] if direction == "ltr" else box["x"] + box["width"]
    inward = 1 if direction == "ltr" else -1
    # Between two answers, but far from the line.
    tap(start + inward * box["width"] / 2, box["y"] + box["height"] - 1)
    expect(handle).to_have_attribute("aria-expanded", "true")
    tap(start + inward * 5, box["y"] + 40)
    expect(handle).to_have_attribute("aria-expanded", "false")
    expect(handle).to_be_focused()
    expect(reader.comment("Link 2.")).to_be_hidden()
    picture(reader.page, f"put-away-{direction}-{size['viewport']['width']}")


@SIZES
def test_where_nesting_ends_a_conversation_can_be_read_on_its_own(
    tree: str, visit: Visit, size: dict[str, Any]
) -> None:
    reader = Reader(visit(**size).page()).open(tree)
    page = reader.page
    go_on = reader.button("list.continue", reader.widget)
    expect(go_on).to_have_count(1)
    expect(reader.comment("Link 9.").get_by_role("button", name=words("en")["list.continue"])).to_have_count(1)
    picture(page, f"deep-{size['viewport']['width']}")
    assert page.evaluate("document.scrollingElement.scrollWidth") <= size["viewport"]["width"]
    _press(page, go_on)
    expect(reader.widget.get_by_text(words("en")["list.one"])).to_be_visible()
    expect(reader.comment("Comment 1.")).to_have_count(0)
    expect(reader.comment("Link 16.")).to_be_visible()
    target = reader.item("Link 9.").last
    expect(reader.widget.locator(".target")).to_contain_text("Link 9.")
    expect(reader.widget.locator(".target")).to_be_focused()
    assert page.evaluate("location.hash") == f"#comment-{target.get_attribute('data-id')}"
    # What leads there stands in one row; from there on it nests anew.
    assert _level(reader, "Link 2.") == _level(reader, "Link 9.")
    assert _level(reader, "Link 10.") > _level(reader, "Link 9.")
    picture(page, f"one-{size['viewport']['width']}")
    assert page.evaluate("document.scrollingElement.scrollWidth") <= size["viewport"]["width"]

    _press(page, reader.button("list.whole"))
    expect(reader.comment("Comment 1.")).to_be_visible()
    expect(reader.widget.get_by_text(words("en")["list.one"])).to_have_count(0)
    expect(reader.widget.locator(":focus")).to_contain_text("Link 9.")
    assert page.evaluate("location.hash") == ""


def test_the_browsers_back_leads_back_too(tree: str, visit: Visit) -> None:
    reader = Reader(visit().page()).open(tree)
    reader.button("list.continue", reader.widget).click()
    expect(reader.comment("Comment 1.")).to_have_count(0)
    reader.page.go_back()
    expect(reader.comment("Comment 1.")).to_be_visible()
    assert reader.page.url == tree


def _level(reader: Reader, text: str) -> int:
    """In how many lists a comment stands."""
    found: int = reader.comment(text).evaluate(
        "(el) => { let n = 0; for (let at = el; at; at = at.parentNode) if (at.localName === 'ol') n++; return n; }"
    )
    return found
