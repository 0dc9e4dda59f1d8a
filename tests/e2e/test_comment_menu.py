"""A comment's menu: its link, a report, people hidden, earlier versions, pinning; by mouse, finger and keyboard."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Locator, expect

from tests.e2e.axe import violations
from tests.e2e.pictures import picture
from tests.e2e.test_reactions import dialog, focused, press, write_as_guest
from tests.support.browser import DESKTOP, PHONE, Visitor, shut
from tests.support.hosts import article, strict_policy
from tests.support.live import Live
from tests.support.reader import Reader

Visit = Callable[..., Visitor]
SIZES = pytest.mark.parametrize("size", [DESKTOP, PHONE], ids=["desktop", "phone"])


def dots(reader: Reader, comment: Locator) -> Locator:
    """The button that opens it."""
    return reader.button("list.menu", comment)


def menu(reader: Reader) -> Locator:
    """The menu that is open."""
    return reader.widget.get_by_role("menu", name=reader.words["list.menu"])


def row(reader: Reader, key: str, **values: str) -> Locator:
    """One of its rows."""
    return menu(reader).get_by_role("menuitem", name=reader.words[key].format(**values), exact=True)


def choose(reader: Reader, comment: Locator, key: str, size: dict[str, object] = DESKTOP, **values: str) -> None:
    """Open the menu and press a row."""
    press(dots(reader, comment), size)
    press(row(reader, key, **values), size)


@SIZES
def test_the_link_is_copied(live: Live, visit: Visit, size: dict[str, object]) -> None:
    url = live.host_page(f"/copy/{size is PHONE}/", article("Copy"))
    write_as_guest(visit, url, "A word with a link.")
    visitor = visit(**size, permissions=["clipboard-read", "clipboard-write"])
    reader = Reader(visitor.page()).open(url)
    said = reader.comment("A word with a link.")
    press(dots(reader, said), size)
    expect(dots(reader, said)).to_have_attribute("aria-expanded", "true")
    for target in [dots(reader, said), *menu(reader).get_by_role("menuitem").all()]:
        box = target.bounding_box()
        assert box
        assert min(box["width"], box["height"]) >= 24
    picture(reader.page, f"menu-{size is PHONE}")
    assert violations(reader.page) == []
    press(row(reader, "list.copy"), size)
    expect(menu(reader)).to_contain_text(reader.words["list.copied"])
    copied = reader.page.evaluate("navigator.clipboard.readText()")
    name = reader.item("A word with a link.").get_attribute("id")
    assert copied == f"{url}#{name}"
    # A press beside it shuts it.
    reader.page.mouse.click(5, 5)
    expect(menu(reader)).to_have_count(0)
    expect(dots(reader, said)).not_to_have_attribute("aria-expanded", "true")


def test_a_link_that_cannot_be_copied_is_shown(live: Live, visit: Visit) -> None:
    url = live.host_page("/copy/denied/", article("Denied"))
    write_as_guest(visit, url, "Copy me by hand.")
    page = visit().page()
    page.add_init_script("navigator.clipboard.writeText = () => Promise.reject(new Error('denied'))")
    reader = Reader(page).open(url)
    choose(reader, reader.comment("Copy me by hand."), "list.copy")
    field = dialog(reader, "list.copy").get_by_role("textbox")
    expect(field).to_be_focused()
    expect(field).to_have_value(f"{url}#{reader.item('Copy me by hand.').get_attribute('id')}")


def test_by_keyboard(live: Live, visit: Visit) -> None:
    url = live.host_page("/menu/keys/", article("Keys"))
    write_as_guest(visit, url, "Nobody needs a mouse.")
    reader = Reader(visit().page()).open(url)
    said, keys = reader.comment("Nobody needs a mouse."), reader.page.keyboard
    dots(reader, said).focus()
    keys.press("ArrowDown")
    expect(row(reader, "list.copy")).to_be_focused()
    for key, there in [
        ("ArrowDown", row(reader, "flag.open")),
        ("End", row(reader, "list.hide", name="Ann")),
        ("ArrowDown", row(reader, "list.copy")),
        ("ArrowUp", row(reader, "list.hide", name="Ann")),
        ("Home", row(reader, "list.copy")),
    ]:
        keys.press(key)
        expect(there).to_be_focused()
    keys.press("Escape")
    expect(menu(reader)).to_have_count(0)
    expect(dots(reader, said)).to_be_focused()
    keys.press("ArrowUp")
    expect(row(reader, "list.hide", name="Ann")).to_be_focused()
    keys.press("Tab")
    expect(menu(reader)).to_have_count(0)
    # The button is a toggle for a mouse, too.
    dots(reader, said).click()
    expect(menu(reader)).to_have_count(1)
    dots(reader, said).click()
    expect(menu(reader)).to_have_count(0)


@SIZES
def test_a_guest_reports(live: Live, visit: Visit, size: dict[str, object]) -> None:
    url = live.host_page(f"/flag/{size is PHONE}/", article("Flag"), headers=strict_policy(live.server))
    write_as_guest(visit, url, "Buy my pills.")
    reader = Reader(visit(**size).page()).open(url)
    said = reader.comment("Buy my pills.")
    choose(reader, said, "flag.open", size)
    # Who it is comes first.
    tray = dialog(reader, "sign.who")
    expect(tray).to_contain_text(reader.words["flag.title"])
    press(reader.button("sign.go", tray), size)
    expect(tray).to_contain_text(reader.words["error.guest.name_missing"])
    picture(reader.page, f"flag-tray-{size is PHONE}")
    tray.get_by_label(reader.words["sign.name"], exact=True).fill("Elio")
    press(reader.button("sign.go", tray), size)
    report = dialog(reader, "flag.title")
    expect(report.get_by_role("radio")).to_have_count(5)
    assert violations(reader.page) == []
    # Without a reason nothing goes, and the browser says so.
    press(reader.button("flag.send", report), size)
    expect(report.get_by_role("radio").first).to_be_focused()
    assert report.get_by_role("radio").first.evaluate("one => !one.validity.valid")
    press(report.get_by_role("radio", name=reader.words["flag.spam"]), size)
    report.get_by_role("textbox").fill("Pills, of all things.")
    # What was typed outlives a dialog that was shut.
    reader.page.keyboard.press("Escape")
    expect(report).to_have_count(0)
    choose(reader, said, "flag.open", size)
    expect(report.get_by_role("textbox")).to_have_value("Pills, of all things.")
    picture(reader.page, f"flag-{size is PHONE}")
    press(reader.button("flag.send", report), size)
    expect(report).to_contain_text(reader.words["flag.done"])
    expect(reader.widget.locator("[role=status]").last).to_have_text(reader.words["flag.done"])
    press(report.get_by_role("button", name=reader.words["list.close"]).last, size)
    press(dots(reader, said), size)
    expect(row(reader, "flag.yours")).to_be_visible()
    reader.page.reload()
    reader.arrived()
    choose(reader, reader.comment("Buy my pills."), "flag.yours", size)
    expect(report).to_contain_text(reader.words["flag.yours"])


@SIZES
def test_a_report_before_a_sign_in_that_leads_over_another_page(
    live: Live, visit: Visit, size: dict[str, object]
) -> None:
    url = live.host_page(f"/flag/here/{size is PHONE}/", article("Flag"))
    write_as_guest(visit, url, "Buy more pills.")
    reader = Reader(visit(**size).page()).open(url)
    choose(reader, reader.comment("Buy more pills."), "flag.open", size)
    tray = dialog(reader, "sign.who")
    with reader.page.expect_popup() as opened:
        press(reader.button("sign.with", tray, name="Demo ID"), size)
    shut(opened.value)
    press(reader.button("sign.here", tray), size)
    press(reader.page.get_by_role("button", name="Ada Moretti"), size)
    reader.page.wait_for_url(url)
    report = dialog(reader, "flag.title")
    expect(report).to_contain_text("Comment by Ann")
    assert reader.page.evaluate("Object.keys(localStorage).filter(name => name.startsWith('cw:flag|'))") == []
    press(report.get_by_role("radio", name=reader.words["flag.spam"]), size)
    press(reader.button("flag.send", report), size)
    expect(report).to_contain_text(reader.words["flag.done"])
    # Once, and not with every page that follows.
    reader.page.reload()
    reader.arrived()
    expect(dots(reader, reader.comment("Buy more pills."))).to_be_visible()
    expect(report).to_have_count(0)


@SIZES
def test_somebody_is_hidden_and_shown_again(live: Live, visit: Visit, size: dict[str, object]) -> None:
    url = live.host_page(f"/hide/{size is PHONE}/", article("Hide"))
    write_as_guest(visit, url, "Not worth reading.")
    elio = Reader(visit().page()).open(url)
    elio.turn_to_box()
    elio.as_guest("Elio")
    elio.write("Something else.")
    elio.send("Something else.")
    elio.answer(elio.comment("Not worth reading."), "Ann", "An answer that is.")
    visitor = visit(**size)
    reader = Reader(visitor.page()).open(url)
    other = Reader(visitor.page()).open(url)
    choose(reader, reader.comment("Not worth reading."), "list.hide", size, name="Ann")
    veil = reader.widget.locator("article").first
    expect(veil.get_by_text("Not worth reading.")).to_be_hidden()
    expect(veil).to_contain_text(reader.words["list.hidden"].format(name="Ann"))
    expect(reader.button("list.unhide")).to_be_focused()
    expect(reader.comment("An answer that is.")).to_be_visible()
    expect(other.button("list.unhide")).to_be_visible()  # another tab
    picture(reader.page, f"hidden-{size is PHONE}")
    # Also on other pages of the server, and for what comes later.
    reader.page.reload()
    reader.arrived()
    expect(reader.button("list.unhide")).to_be_visible()
    press(reader.button("list.unhide"), size)
    expect(reader.comment("Not worth reading.").get_by_text("Not worth reading.")).to_be_visible()
    reader.page.reload()
    reader.arrived()
    expect(dots(reader, reader.comment("Not worth reading."))).to_be_visible()
    expect(reader.button("list.unhide")).to_have_count(0)


@SIZES
def test_earlier_versions(live: Live, visit: Visit, size: dict[str, object]) -> None:
    url = live.host_page(f"/history/{size is PHONE}/", article("History"))
    ann = Reader(visit().page()).open(url)
    ann.write("It is **twelve** hundred.")
    ann.as_guest("Ann")
    said = ann.send("hundred.")
    ann.button("write.edit", said).click()
    said.get_by_role("textbox").fill("It is *eleven* hundred, I mean.")
    ann.button("write.save", ann.widget).click()
    expect(ann.comment("I mean.")).to_be_visible()
    reader = Reader(visit(**size).page()).open(url)
    comment = reader.comment("I mean.")
    press(reader.button("list.edited", comment), size)
    versions = dialog(reader, "list.history_of", name="Ann")
    expect(versions.get_by_role("listitem")).to_have_count(2)
    expect(versions.get_by_role("listitem").first.locator("strong")).to_have_text("twelve")
    expect(versions.get_by_role("listitem").last.locator("em")).to_have_text("eleven")
    picture(reader.page, f"history-{size is PHONE}")
    assert violations(reader.page) == []
    # A press beside it shuts it, and the keyboard is where it was.
    reader.page.mouse.click(5, 5)
    expect(versions).to_have_count(0)
    assert focused(reader.page) == reader.words["list.edited"]
    choose(reader, comment, "list.history", size)
    expect(versions).to_be_visible()


def test_an_owner_pins(live: Live, visit: Visit) -> None:
    url = live.host_page("/pin/", article("Pin"))
    write_as_guest(visit, url, "The first word.")
    write_as_guest(visit, url, "The word to pin.")
    reader = Reader(visit().page()).open(url)
    reader.turn_to_box()
    reader.sign_in("Chiara Damiani")
    dots(reader, reader.comment("The word to pin.")).click()
    expect(row(reader, "list.copy")).to_be_visible()
    expect(row(reader, "list.pin")).to_have_count(0)
    live.widget("site", "role", "blog", "Chiara Damiani", "owner")
    reader.page.reload()
    reader.arrived()
    choose(reader, reader.comment("The word to pin."), "list.pin")
    expect(reader.widget.get_by_role("article").first).to_contain_text("The word to pin.")
    other = Reader(visit().page()).open(url)
    expect(other.widget.get_by_role("article").first).to_contain_text("The word to pin.")
    with reader.page.expect_response("**/pin"):
        choose(reader, reader.comment("The word to pin."), "list.unpin")
    other.page.reload()
    expect(other.arrived().widget.get_by_role("article").first).to_contain_text("The first word.")
    live.widget("site", "role", "blog", "Chiara Damiani", "none")


def test_a_chunk_that_does_not_come_is_said(live: Live, visit: Visit) -> None:
    url = live.host_page("/menu/cut/", article("Cut"))
    write_as_guest(visit, url, "No menu today.")
    visitor = visit()
    visitor.foreseen += ["/assets/social-", "ERR_FAILED"]
    page = visitor.page()
    page.route("**/assets/social-*", lambda route: route.abort())
    reader = Reader(page).open(url)
    said = reader.comment("No menu today.")
    dots(reader, said).click()
    expect(said.get_by_role("alert")).to_have_text(reader.words["error.network"])
    page.unroute("**/assets/social-*")
    dots(reader, said).click()
    expect(menu(reader)).to_be_visible()
    expect(said.get_by_role("alert")).to_have_count(0)
