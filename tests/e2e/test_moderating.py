"""Owners and moderators decide in the comment's own menu: by mouse, finger and keyboard, with a way back each."""

from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Locator, expect

from tests.e2e.axe import violations
from tests.e2e.pictures import picture
from tests.e2e.test_comment_menu import choose, dots, menu, row
from tests.e2e.test_reactions import dialog, focused, press, write_as_guest
from tests.support.browser import DESKTOP, PHONE, Visitor
from tests.support.hosts import article, strict_policy
from tests.support.live import Live
from tests.support.reader import Reader

Visit = Callable[..., Visitor]
SIZES = pytest.mark.parametrize("size", [DESKTOP, PHONE], ids=["desktop", "phone"])
ROWS = ["moderate.approve", "moderate.spam", "write.delete"]


@pytest.fixture(scope="module")
def moderator(live: Live) -> Iterator[str]:
    """Who decides here."""
    name = "Chiara Damiani"
    yield name
    live.widget("site", "role", "blog", name, "none")


def deciding(live: Live, reader: Reader, name: str) -> Reader:
    """The same reader, signed in as a moderator."""
    reader.turn_to_box()
    reader.sign_in(name)
    live.widget("site", "role", "blog", name, "moderator")
    reader.page.reload()
    return reader.arrived()


def said(reader: Reader) -> Locator:
    """The line in the place of a comment that was decided about."""
    return reader.widget.locator("[part=decided] > p, p[part=decided]")


@SIZES
def test_spam_and_back(live: Live, visit: Visit, moderator: str, size: dict[str, object]) -> None:
    url = live.host_page(f"/decide/{size is PHONE}/", article("Decide"), headers=strict_policy(live.server))
    write_as_guest(visit, url, "Before it.")
    write_as_guest(visit, url, "Cheap pills.")
    reader = deciding(live, Reader(visit(**size).page()).open(url), moderator)
    pills = reader.comment("Cheap pills.")
    press(dots(reader, pills), size)
    for key in ROWS:
        expect(row(reader, key)).to_be_visible()
    expect(row(reader, "moderate.ban", name="Ann")).to_be_visible()
    for target in menu(reader).get_by_role("menuitem").all():
        box = target.bounding_box()
        assert box
        assert min(box["width"], box["height"]) >= (44 if size is PHONE else 24)
    picture(reader.page, f"moderate-menu-{size is PHONE}")
    assert violations(reader.page) == []
    press(row(reader, "moderate.spam"), size)
    expect(said(reader)).to_contain_text(reader.words["moderate.is_spam"])
    expect(pills).to_have_count(0)
    assert focused(reader.page) == reader.words["write.undo"]
    picture(reader.page, f"moderate-spam-{size is PHONE}")
    assert violations(reader.page) == []
    other = Reader(visit().page()).open(url)
    expect(other.widget.get_by_role("article")).to_have_count(1)
    press(reader.button("write.undo"), size)
    expect(pills).to_be_visible()
    expect(said(reader)).to_have_count(0)
    other.page.reload()
    expect(other.arrived().widget.get_by_role("article")).to_have_count(2)


def test_by_keyboard_what_was_answered_is_deleted(live: Live, visit: Visit, moderator: str) -> None:
    url = live.host_page("/decide/keys/", article("Keys"))
    write_as_guest(visit, url, "An insult.")
    reader = deciding(live, Reader(visit().page()).open(url), moderator)
    reader.answer(reader.comment("An insult."), "Ann", "Not here.")
    keys = reader.page.keyboard
    dots(reader, reader.comment("An insult.")).focus()
    keys.press("Enter")
    expect(row(reader, "write.delete")).to_be_visible()
    keys.press("End")
    expect(row(reader, "moderate.ban", name="Ann")).to_be_focused()
    keys.press("ArrowUp")
    expect(row(reader, "write.delete")).to_be_focused()
    keys.press("Enter")
    expect(said(reader)).to_contain_text(reader.words["list.deleted"])
    expect(reader.comment("Not here.")).to_be_visible()
    expect(reader.comment("An insult.")).to_have_count(0)
    assert focused(reader.page) == reader.words["write.undo"]
    keys.press("Enter")
    expect(reader.comment("An insult.")).to_be_visible()
    expect(reader.comment("Not here.")).to_be_visible()


@SIZES
def test_a_ban(live: Live, visit: Visit, moderator: str, size: dict[str, object]) -> None:
    url = live.host_page(f"/decide/ban/{size is PHONE}/", article("Ban"))
    visitor = visit()
    loud = Reader(visitor.page()).open(url)
    loud.write("LOUD.")
    loud.as_guest("Loud")
    loud.send("LOUD.")
    reader = deciding(live, Reader(visit(**size).page()).open(url), moderator)
    choose(reader, reader.comment("LOUD."), "moderate.ban", size, name="Loud")
    asked = dialog(reader, "moderate.ban_title", name="Loud")
    expect(reader.button("write.cancel", asked)).to_be_focused()
    picture(reader.page, f"moderate-ban-{size is PHONE}")
    assert violations(reader.page) == []
    press(asked.get_by_role("button", name="For 7 days"), size)
    expect(asked).to_contain_text(reader.words["moderate.banned"].format(name="Loud"))
    assert violations(reader.page) == []
    visitor.foreseen += ["403"]
    loud.writing().fill("LOUDER.")
    loud.button("write.send").click()
    expect(loud.form.get_by_role("alert").filter(has_text="cannot write here")).to_be_visible()
    press(reader.button("write.undo", asked), size)
    expect(asked).to_have_count(0)
    loud.send("LOUDER.")


def test_others_are_offered_nothing_of_it(live: Live, visit: Visit) -> None:
    url = live.host_page("/decide/others/", article("Others"))
    write_as_guest(visit, url, "A word.")
    page = visit().page()
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    reader = Reader(page).open(url)
    reader.turn_to_box()
    reader.sign_in("Ada Moretti")
    with page.expect_response("**/api/v1/session"):
        dots(reader, reader.comment("A word.")).click()
    expect(menu(reader)).to_be_visible()
    expect(row(reader, "moderate.spam")).to_have_count(0)
    assert not [url for url in asked if "/assets/moderate-" in url]
