"""What is let through late, or comes back, while the page is open: announced as new, and put where it belongs."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from flask import Flask
from playwright.sync_api import expect

from tests.e2e.thread.watching import moved, shifts, watch
from tests.support import moderators
from tests.support.browser import DESKTOP, PHONE, Visitor
from tests.support.crowd import Old, Voice, bring, roots
from tests.support.hosts import article
from tests.support.live import Live
from tests.support.reader import Reader

Visit = Callable[..., Visitor]


@pytest.fixture(scope="module")
def desk(live: Live) -> Iterator[Flask]:
    with moderators.desk(live) as app:
        yield app


def _open(visit: Visit, url: str, **size: Any) -> Reader:
    page = watch(visit(**size).page())
    with page.expect_response(lambda one: "/assets/live-" in one.url):
        return Reader(page).open(url)


def _list(reader: Reader) -> list[str]:
    bodies = reader.widget.locator(".list > li > article > .body")
    found: list[str] = bodies.evaluate_all("(all) => all.map((one) => one.textContent.trim())")
    return found


@pytest.mark.parametrize("size", [DESKTOP, PHONE], ids=["desktop", "phone"])
def test_comments_that_waited_come_to_their_places(live: Live, visit: Visit, desk: Flask, size: dict[str, Any]) -> None:
    url = live.host_page(f"/late/{size['viewport']['width']}/", article("Bread"))
    bring(live, url, [*roots(60), Old("An answer that waited.", under=54), Old("Another answer.", under=54)])
    found = {one["body"][0][1]: one["id"] for one in Voice(live, url).read(limit="100")["comments"]}
    waiting = found["Comment 54."], found["An answer that waited."]
    moderators.decide(desk, moderators.hold_back, *waiting)
    # Not all there is can be seen.
    reader = _open(visit, url, **size)
    expect(reader.button("list.more")).to_be_visible()
    press = (lambda button: button.tap()) if "has_touch" in size else (lambda button: button.click())
    press(reader.button("list.more"))
    expect(reader.comment("Comment 60.")).to_be_attached()
    shown = _list(reader)
    assert len(shown) == 59
    before = shifts(reader.page)
    moderators.decide(desk, moderators.let_through, *waiting)
    news = reader.widget.get_by_role("button", name="1 new comment", exact=True)
    expect(news).to_be_visible(timeout=15_000)
    expect(reader.widget.get_by_role("button", name="1 new reply", exact=True)).to_be_attached()
    assert _list(reader) == shown
    assert shifts(reader.page) == before, moved(reader.page)
    press(news)
    expect(reader.comment("Comment 54.")).to_be_in_viewport()
    assert _list(reader) == [*shown[:53], "Comment 54.", *shown[53:]]
    press(reader.widget.get_by_role("button", name="1 new reply", exact=True))
    expect(reader.comment("An answer that waited.")).to_be_in_viewport()
    # Whoever comes now finds the same order.
    other = Reader(visit(**size).page()).open(url)
    press(other.button("list.more"))
    expect(other.comment("Comment 54.")).to_be_attached()
    assert _list(other) == _list(reader)
    answers = reader.item("Another answer.").locator("xpath=..").get_by_role("article")
    expect(answers).to_contain_text(["An answer that waited.", "Another answer."])


def test_one_that_waits_on_a_page_that_is_not_shown_is_told_too(live: Live, visit: Visit, desk: Flask) -> None:
    url = live.host_page("/late/unseen/", article("Bread"))
    bring(live, url, roots(55))
    voice = Voice(live, url)
    late = voice.say("Far down.")
    changed = voice.say("Farther down.")
    moderators.decide(desk, moderators.hold_back, late)
    reader = _open(visit, url)
    voice.edit(changed, "Farther down, and changed.")
    moderators.decide(desk, moderators.let_through, late)
    # The one that was there already is no news, wherever it stands.
    expect(reader.widget.get_by_role("button", name="1 new comment", exact=True)).to_be_visible(timeout=15_000)
    reader.widget.get_by_role("button", name="1 new comment", exact=True).click()
    expect(reader.comment("Far down.")).to_be_in_viewport()
    reader.button("list.more").click()
    expect(reader.comment("Farther down, and changed.")).to_be_attached()
    expect(reader.comment("Far down.")).to_have_count(1)
    assert _list(reader)[-2:] == ["Far down.", "Farther down, and changed."]


def test_one_that_was_taken_away_comes_back(live: Live, visit: Visit, desk: Flask) -> None:
    url = live.host_page("/late/back/", article("Bread"))
    bring(live, url, [Old("Parent."), Old("Child.", under=0), Old("Other.")])
    parent, child, _ = (one["id"] for one in Voice(live, url).read()["comments"])
    reader = _open(visit, url)
    moderators.decide(desk, moderators.take_away, parent)
    expect(reader.widget.locator(f"#comment-{parent}")).to_have_attribute("data-state", "deleted", timeout=15_000)
    moderators.decide(desk, moderators.take_away, child)
    expect(reader.widget.locator(f"#comment-{parent}")).to_have_count(0, timeout=15_000)
    # With it comes the place of what it answers, which nobody counts.
    moderators.decide(desk, moderators.let_through, child)
    news = reader.widget.get_by_role("button", name="1 new comment", exact=True)
    expect(news).to_be_visible(timeout=15_000)
    moderators.decide(desk, moderators.let_through, parent)
    expect(reader.widget.get_by_role("button", name="2 new comments", exact=True)).to_be_visible(timeout=15_000)
    reader.widget.get_by_role("button", name="2 new comments", exact=True).click()
    expect(reader.widget.locator(f"#comment-{parent} #comment-{child}")).to_be_visible()
    assert _list(reader) == ["Parent.", "Other."]
    expect(reader.heading()).to_contain_text("3 responses")


def test_who_wrote_it_sees_it_wait_and_then_not(live: Live, visit: Visit, desk: Flask) -> None:
    url = live.host_page("/late/own/", article("Bread"))
    Voice(live, url).say("First.")
    reader = _open(visit, url)
    reader.write("Mine.")
    reader.as_guest("Ann")
    reader.send("Mine.")
    mine = reader.item("Mine.").get_attribute("data-id") or ""
    moderators.decide(desk, moderators.hold_back, mine)
    reader.page.reload()
    reader.arrived()
    said = reader.comment("Mine.")
    expect(said).to_contain_text(reader.words["list.pending"])
    with reader.page.expect_response(lambda one: "/assets/live-" in one.url):
        pass
    moderators.decide(desk, moderators.let_through, mine)
    expect(said).not_to_contain_text(reader.words["list.pending"], timeout=15_000)
    expect(reader.widget.get_by_role("button", name="new comment")).to_have_count(0)
