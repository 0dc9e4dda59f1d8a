"""One person in two tabs: what they do in one is theirs in the other, without loading it anew."""

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import expect

from tests.e2e.test_comment_menu import choose, dots, menu, row
from tests.e2e.test_reactions import dialog, like_of, page_like, press, write_as_guest
from tests.support.browser import DESKTOP, PHONE, Visitor
from tests.support.hosts import article
from tests.support.live import Live
from tests.support.reader import Reader

Visit = Callable[..., Visitor]
SOON = 25_000  # it asks for what is one's own at most every ten seconds, and first hears that something is new


@pytest.mark.parametrize("size", [DESKTOP, PHONE], ids=["desktop", "phone"])
def test_marks_and_changes_of_the_other_tab(live: Live, visit: Visit, size: dict[str, Any]) -> None:
    url = live.host_page(f"/two-tabs/{size is PHONE}/", article("Two tabs"))
    write_as_guest(visit, url, "Seen twice.")
    visitor = visit(**size)
    there = Reader(visitor.page()).open(url)
    there.turn_to_box()
    there.sign_in("Bruno Keller", press=lambda button: press(button, size))
    page = visitor.page()
    with page.expect_response(lambda one: "/assets/live-" in one.url):
        here = Reader(page).open(url)
    said, elsewhere = here.comment("Seen twice."), there.comment("Seen twice.")
    expect(like_of(here, said)).to_have_attribute("aria-pressed", "false")
    # In the other tab: a like for the comment and the page, a report, a comment that is changed at once.
    press(like_of(there, elsewhere), size)
    press(page_like(there), size)
    choose(there, elsewhere, "flag.open", size)
    press(dialog(there, "flag.title").get_by_role("radio", name=there.words["flag.spam"]), size)
    press(there.button("flag.send", dialog(there, "flag.title")), size)
    expect(dialog(there, "flag.title")).to_contain_text(there.words["flag.done"])
    there.page.keyboard.press("Escape")
    there.write("Mine too.")
    there.send("Mine too.")
    page.bring_to_front()
    expect(like_of(here, said)).to_have_attribute("aria-pressed", "true", timeout=SOON)
    expect(page_like(here)).to_have_attribute("aria-pressed", "true", timeout=SOON)
    expect(said.get_by_role("button", name="1 person likes this")).to_be_visible()
    press(dots(here, said), size)
    expect(row(here, "flag.yours")).to_be_visible()
    page.keyboard.press("Escape")
    expect(menu(here)).to_have_count(0)
    press(here.widget.get_by_role("button", name="1 new comment", exact=True), size)
    mine = here.comment("Mine too.")
    expect(here.button("write.edit", mine)).to_be_visible(timeout=SOON)
    press(here.button("write.edit", mine), size)
    expect(mine.get_by_role("textbox")).to_have_value("Mine too.")
    press(here.button("write.cancel", mine), size)
    # And back: taken away here, it goes there.
    press(like_of(here, said), size)
    expect(like_of(here, said)).to_have_attribute("aria-pressed", "false")
    there.page.bring_to_front()
    expect(like_of(there, elsewhere)).to_have_attribute("aria-pressed", "false", timeout=SOON)


def test_what_is_pressed_while_it_asks_stays(live: Live, visit: Visit) -> None:
    url = live.host_page("/two-tabs/race/", article("Two tabs"))
    write_as_guest(visit, url, "Pressed in between.")
    page = visit().page()
    reader = Reader(page).open(url)
    reader.turn_to_box()
    reader.sign_in("Bruno Keller")
    said = reader.comment("Pressed in between.")
    expect(like_of(reader, said)).to_have_attribute("aria-pressed", "false")
    held: list[Any] = []
    page.route("**/api/v1/me/comments?*", lambda route: held.append(route))
    page.evaluate("dispatchEvent(new Event('focus'))")
    _until(page, lambda: bool(held))
    with page.expect_response("**/reactions/like"):
        like_of(reader, said).click()
    # What comes now is how it was before the press.
    nothing = {"comments": [], "pending": [], "reactions": {}, "page": None, "flagged": []}
    held[0].fulfill(json=nothing, headers={"Access-Control-Allow-Origin": "*"})
    with page.expect_response("**/api/v1/me/comments?*"):
        page.unroute("**/api/v1/me/comments?*")
        page.evaluate("dispatchEvent(new Event('focus'))")
    expect(like_of(reader, said)).to_have_attribute("aria-pressed", "true")
    assert len(held) == 1


def _until(page: Any, holds: Callable[[], bool]) -> None:
    for _ in range(400):
        if holds():
            return
        page.wait_for_timeout(50)
    raise AssertionError(holds)
