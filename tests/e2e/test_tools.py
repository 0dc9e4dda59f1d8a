"""The tools of the box: formatting, preview, names, emoji, by keys and by touch."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Locator, expect

from tests.e2e.pictures import picture
from tests.support.browser import DESKTOP, PHONE, Visitor
from tests.support.hosts import article
from tests.support.live import Live
from tests.support.reader import Reader

Visit = Callable[..., Visitor]


def _tools(reader: Reader) -> Locator:
    reader.turn_to_box()
    tools = reader.form.get_by_role("toolbar", name=reader.words["tool.bar"])
    expect(tools).to_be_visible()
    return tools


def test_formatting_by_keys_and_back(live: Live, visit: Visit) -> None:
    reader = Reader(visit().page()).open(live.host_page("/keys/", article("Keys")))
    _tools(reader)
    box, keys = reader.writing(), reader.page.keyboard
    keys.type("one two")
    keys.press("Shift+Control+ArrowLeft")
    keys.press("Control+b")
    expect(box).to_have_value("one **two**")
    keys.press("Control+b")
    expect(box).to_have_value("one two")
    keys.press("Control+i")
    expect(box).to_have_value("one *two*")
    keys.press("Control+z")
    expect(box).to_have_value("one two")
    keys.press("Control+k")
    expect(box).to_have_value("one [two](https://)")
    keys.type("https://example.org")
    expect(box).to_have_value("one [two](https://example.org)")
    keys.press("Control+Shift+Period")
    expect(box).to_have_value("> one [two](https://example.org)")
    keys.press("Control+Shift+Digit8")
    expect(box).to_have_value("- > one [two](https://example.org)")


def test_the_toolbar_is_one_stop(live: Live, visit: Visit) -> None:
    reader = Reader(visit().page()).open(live.host_page("/stop/", article("Stop")))
    tools = _tools(reader)
    keys = reader.page.keyboard
    keys.press("Shift+Tab")
    expect(reader.button("tool.bold", tools)).to_be_focused()
    keys.press("ArrowRight")
    expect(reader.button("tool.italic", tools)).to_be_focused()
    keys.press("Home")
    keys.press("ArrowLeft")
    expect(reader.button("tool.preview", tools)).to_be_focused()
    keys.press("Tab")
    expect(reader.writing()).to_be_focused()
    keys.press("Shift+Tab")
    expect(reader.button("tool.preview", tools)).to_be_focused()


@pytest.mark.parametrize("device", [DESKTOP, PHONE], ids=["desktop", "phone"])
def test_preview_names_and_emoji(live: Live, visit: Visit, device: dict[str, object]) -> None:
    touch = device is PHONE
    reader = Reader(visit(**device).page()).open(live.host_page(f"/tools/{len(device)}/", article("Tools")))
    press = Locator.tap if touch else Locator.click
    reader.write("First.")
    reader.as_guest("Ada Moretti")
    reader.send("First.")

    tools = _tools(reader)
    box, keys = reader.writing(), reader.page.keyboard
    keys.type("Hello @Ad")
    names = reader.form.get_by_role("listbox", name=reader.words["tool.people"])
    option = names.get_by_role("option", name="Ada Moretti")
    expect(option).to_have_attribute("aria-selected", "true")
    picture(reader.page, f"tools-names-{'phone' if touch else 'desktop'}")
    if touch:
        option.tap()
    else:
        assert box.get_attribute("aria-activedescendant") == option.get_attribute("id")
        keys.press("Enter")
    expect(box).to_have_value("Hello @Ada Moretti ")
    expect(box).to_be_focused()
    expect(names).to_be_hidden()

    keys.type(":rock")
    signs = reader.form.get_by_role("listbox", name=reader.words["tool.emojis"])
    expect(signs.get_by_role("option")).to_have_count(1)
    keys.press("Escape")
    expect(signs).to_be_hidden()
    expect(box).to_have_value("Hello @Ada Moretti :rock")
    keys.type("e")
    expect(signs).to_be_visible()
    keys.press("Tab")
    expect(box).to_have_value("Hello @Ada Moretti 🚀 ")

    press(reader.button("tool.emoji", tools))
    press(reader.form.get_by_role("button", name="tada", exact=True))
    expect(box).to_have_value("Hello @Ada Moretti 🚀 🎉")
    keys.type(" **really**")

    press(reader.button("tool.preview", tools))
    pane = reader.form.get_by_role("region", name=reader.words["tool.preview_of"])
    expect(pane.locator("strong")).to_have_text("really")
    expect(pane.locator(".at")).to_have_text("@Ada Moretti")
    picture(reader.page, f"tools-preview-{'phone' if touch else 'desktop'}")
    press(reader.button("tool.write", tools))
    expect(box).to_have_value("Hello @Ada Moretti 🚀 🎉 **really**")
    expect(box).to_be_focused()
    assert reader.form.evaluate("form => form.scrollWidth <= form.clientWidth")


def test_a_preview_without_a_connection_says_so_and_loses_nothing(live: Live, visit: Visit) -> None:
    visitor = visit()
    visitor.foreseen.append("ERR_INTERNET_DISCONNECTED")
    reader = Reader(visitor.page()).open(live.host_page("/no-preview/", article("None")))
    tools = _tools(reader)
    reader.writing().fill("Kept.")
    visitor.context.set_offline(True)
    reader.button("tool.preview", tools).click()
    expect(reader.form.get_by_role("region")).to_contain_text(reader.words["error.network"])
    reader.button("tool.write", tools).click()
    expect(reader.writing()).to_have_value("Kept.")


@pytest.mark.parametrize("device", [DESKTOP, PHONE], ids=["desktop", "phone"])
def test_quoting_what_is_chosen(live: Live, visit: Visit, device: dict[str, object]) -> None:
    touch = device is PHONE
    reader = Reader(visit(**device).page()).open(live.host_page(f"/quote/{len(device)}/", article("Quote")))
    reader.write("Whole words.")
    reader.as_guest("Ann")
    said = reader.send("Whole words.")
    choose = "({ firstChild: p }) => getSelection().setBaseAndExtent(p.firstChild, 0, p.firstChild, 5)"
    reader.page.evaluate("document.querySelector('comment-widget').shadowRoot.activeElement?.blur()")
    said.locator(".body").evaluate(choose)
    button = reader.button("tool.quote_this", said)
    expect(button).to_be_visible()
    picture(reader.page, f"tools-quote-{'phone' if touch else 'desktop'}")
    button.tap() if touch else button.press("Enter")
    expect(reader.writing(said)).to_have_value("> Whole\n\n")
    expect(reader.writing(said)).to_be_focused()
    expect(button).to_have_count(0)


def test_in_the_dark_and_from_right_to_left(live: Live, visit: Visit) -> None:
    html = article("Dark", "ar").replace("<html ", '<html dir="rtl" style="background:#17191d;color:#e4e6ea" ')
    reader = Reader(visit(**PHONE).page(), "ar").open(live.host_page("/dark-tools/", html))
    tools = _tools(reader)
    reader.button("tool.emoji", tools).tap()
    expect(reader.form.get_by_role("button", name="tada", exact=True)).to_be_visible()
    picture(reader.page, "tools-dark-rtl")
    reader.page.keyboard.press("ArrowLeft")
    expect(reader.form.get_by_role("button", name="smiley", exact=True)).to_be_focused()
    reader.page.keyboard.press("Escape")
    expect(reader.writing()).to_be_focused()
