"""What others write while the page is open: announced, shown on request, and never in the way of who reads."""

import json
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from playwright.sync_api import Locator, Page, Route, expect

from tests.e2e.pictures import picture
from tests.e2e.thread.watching import moved, shifts, watch
from tests.support import live as rig
from tests.support import stores, tls
from tests.support.browser import DESKTOP, PHONE, Visitor
from tests.support.crowd import Voice, bring, roots
from tests.support.hosts import article
from tests.support.live import SITE, Live
from tests.support.processes import ROOT
from tests.support.reader import Reader, words

Visit = Callable[..., Visitor]
WORDS = json.loads((ROOT / "static/src/locales/en.json").read_text(encoding="utf-8"))["embed"]
SIZES = pytest.mark.parametrize("size", [DESKTOP, PHONE], ids=["desktop", "phone"])


def _said(key: str, number: int) -> str:
    form: str = WORDS[key]["one" if number == 1 else "other"]
    return form.format(n=number)


def _page(live: Live, path: str, site: str = SITE) -> str:
    return live.host_page(path, article("Bread").replace('data-site="blog"', f'data-site="{site}"'))


@pytest.fixture(scope="module")
def elsewhere(
    tmp_path_factory: pytest.TempPathFactory, sqlite_store: stores.SQLite, certificate: tls.Identity
) -> Iterator[Live]:
    """Another server, whose pages ask from time to time, and on one of whose sites they do not even that."""
    folder = tmp_path_factory.mktemp("elsewhere")
    with sqlite_store.fresh(folder) as url, rig.live(folder, url, certificate) as running:
        running.widget("site", "set", SITE, "live=poll")
        running.widget("site", "add", "silent", "--origin", running.blog)
        running.widget("site", "set", "silent", *rig.OPEN)
        running.widget("site", "set", "silent", "live=off")
        yield running


def _open(page: Page, url: str) -> Reader:
    """Open it and wait until it hears of news."""
    with page.expect_response(lambda one: "/assets/live-" in one.url):
        return Reader(page).open(url)


def _new(reader: Reader, number: int) -> Locator:
    return reader.widget.get_by_role("button", name=_said("live.new", number), exact=True)


def _answers(reader: Reader, number: int) -> Locator:
    return reader.widget.get_by_role("button", name=_said("live.replies", number), exact=True)


@SIZES
def test_new_comments_and_answers_wait_until_they_are_wanted(live: Live, visit: Visit, size: dict[str, Any]) -> None:
    url = _page(live, f"/news/{size['viewport']['width']}/")
    bring(live, url, roots(30, lines=3))
    voice = Voice(live, url)
    first, read = (one["id"] for one in voice.read()["comments"][:2])
    page = watch(visit(**size).page())
    reader = _open(page, url)
    # In the middle of the list, where somebody reads.
    page.evaluate(
        "(id) => document.querySelector('comment-widget').shadowRoot.getElementById(id).scrollIntoView()",
        f"comment-{read}",
    )
    before = _top(reader, read)
    voice.say("A new answer.", first)
    expect(_answers(reader, 1)).to_be_attached(timeout=10_000)
    voice.say("A second one.", first)
    nested = voice.say("A new comment.")
    voice.say("And an answer to that.", nested)
    expect(_answers(reader, 2)).to_be_attached(timeout=10_000)
    expect(_new(reader, 2)).to_be_visible(timeout=10_000)
    expect(reader.heading()).to_contain_text("34")
    expect(reader.comment("A new answer.")).to_have_count(0)
    assert abs(_top(reader, read) - before) < 1
    expect(reader.widget.get_by_role("status").first).to_contain_text("new comment", timeout=15_000)
    picture(page, f"news-{size['viewport']['width']}")
    assert shifts(page) == 0, moved(page)

    press = (lambda button: button.tap()) if "has_touch" in size else (lambda button: button.click())
    press(_new(reader, 2))
    expect(reader.comment("And an answer to that.")).to_be_visible()
    expect(reader.item("A new comment.").last).to_contain_text("And an answer to that.")
    expect(_new(reader, 2)).to_have_count(0)
    press(_answers(reader, 2))
    expect(reader.comment("A second one.")).to_be_in_viewport()
    expect(reader.widget.locator(":focus")).to_contain_text("A new answer.")
    expect(_answers(reader, 2)).to_have_count(0)


def _top(reader: Reader, comment: str) -> float:
    found: float = reader.widget.locator(f"#comment-{comment}").evaluate("(el) => el.getBoundingClientRect().top")
    return found


# A page may keep browsers from holding what is read by themselves; some never do.
@pytest.mark.parametrize("held", ["auto", "none"])
@pytest.mark.parametrize("inside", [False, True], ids=["window", "box"])
def test_changes_above_do_not_move_what_is_read(live: Live, visit: Visit, held: str, inside: bool) -> None:  # noqa: FBT001 - named by pytest
    style = f"html, main {{ overflow-anchor: {held}; }} .box {{ height: 500px; overflow: auto; }}"
    html = article("Bread").replace("</head>", f"<style>{style}</style></head>")
    url = live.host_page(f"/still/{held}/{inside}/", html.replace("<main>", '<main class="box">') if inside else html)
    bring(live, url, roots(5, lines=2))
    voice = Voice(live, url)
    longer, goes, parent = (voice.say(f"Young {number}.\n\nIt has two lines.") for number in range(3))
    answer = voice.say("An answer.", parent)
    voice.say("Read this.\n\nAnd this.")
    for number in range(15):
        voice.say(f"Below {number}.")
    read = voice.read()["comments"][-16]["id"]
    page = visit().page()
    reader = _open(page, url)
    reader.widget.locator(f"#comment-{read}").evaluate("(el) => el.scrollIntoView({ block: 'start' })")
    page.mouse.wheel(0, -30)
    expect(reader.widget.locator(f"#comment-{read}")).to_be_in_viewport()
    _painted(page)
    before = _top(reader, read)
    voice.edit(longer, "Longer now.\n\n" + "\n\n".join(f"Line {line}." for line in range(12)))
    expect(reader.comment("Line 11.")).to_be_attached(timeout=10_000)
    assert abs(_top(reader, read) - before) < 1
    voice.delete(goes)
    expect(reader.widget.locator(f"#comment-{goes}")).to_have_count(0, timeout=10_000)
    voice.delete(parent)
    expect(reader.widget.locator(f"#comment-{parent}")).to_have_attribute("data-state", "deleted", timeout=10_000)
    expect(reader.widget.locator(f"#comment-{answer}")).to_be_attached()
    _painted(page)
    assert abs(_top(reader, read) - before) < 1


def test_what_one_writes_oneself_is_no_news(live: Live, visit: Visit) -> None:
    url = _page(live, "/own/")
    Voice(live, url).say("First.")
    reader = _open(visit().page(), url)
    reader.write("Mine.")
    reader.as_guest("Ann")
    mine = reader.send("Mine.")
    reader.answer(mine, "Ann", "Mine too.")
    Voice(live, url, "Bo").say("Not mine.")
    expect(_new(reader, 1)).to_be_visible(timeout=10_000)
    _new(reader, 1).click()
    expect(reader.comment("Not mine.")).to_be_visible()
    expect(reader.widget.get_by_role("article")).to_have_count(4)


def test_a_box_stays_when_what_it_answers_goes(live: Live, visit: Visit) -> None:
    url = _page(live, "/box/")
    voice = Voice(live, url)
    there = voice.say("Answer me.")
    reader = _open(visit().page(), url)
    item = reader.widget.locator(f"#comment-{there}")
    reader.button("list.reply_to", item, name="Bo").click()
    item.get_by_role("textbox").first.fill("I was just about to")
    voice.edit(there, "Answer me, please.")
    expect(item).to_contain_text("please", timeout=10_000)
    expect(item.get_by_role("textbox").first).to_have_value("I was just about to")
    expect(item.get_by_role("textbox").first).to_be_focused()
    voice.delete(there)
    expect(item).to_contain_text(words("en")["list.gone"], timeout=10_000)
    expect(item.get_by_role("textbox").first).to_have_value("I was just about to")
    expect(item.get_by_role("textbox").first).to_be_focused()


def test_a_page_that_asks(elsewhere: Live, visit: Visit) -> None:
    url = _page(elsewhere, "/asking/")
    voice = Voice(elsewhere, url)
    voice.say("First.")
    page = visit().page()
    streams: list[str] = []
    page.on("request", lambda one: streams.append(one.url) if "/live?" in one.url else None)
    reader = _open(page, url)
    voice.say("Second.")
    expect(_new(reader, 1)).to_be_visible(timeout=20_000)
    assert streams == []


@pytest.mark.parametrize("status", [503, 404, 0])
def test_a_server_that_does_not_tell_is_asked(live: Live, visit: Visit, status: int) -> None:
    url = _page(live, f"/refused/{status}/")
    Voice(live, url).say("First.")
    visitor = visit()
    visitor.foreseen.append("/live?")
    page = visitor.page()

    def refuse(route: Route) -> None:
        if status:
            refusal = {"error": {"code": "live.full", "message": "Full."}}
            route.fulfill(status=status, json=refusal, headers={"Access-Control-Allow-Origin": "*"})
        else:
            route.abort()

    page.route("**/api/v1/live?*", refuse)
    reader = _open(page, url)
    Voice(live, url).say("Second.")
    expect(_new(reader, 1)).to_be_visible(timeout=40_000)


def test_only_while_the_page_is_seen(live: Live, visit: Visit) -> None:
    url = _page(live, "/hidden/")
    Voice(live, url).say("First.")
    page = visit().page()
    asked: list[str] = []
    page.on("request", lambda one: asked.append(one.url) if "since=" in one.url or "/live?" in one.url else None)
    page.on("requestfinished", lambda one: asked.append(f"over {one.url}") if "/live?" in one.url else None)
    page.on("requestfailed", lambda one: asked.append(f"over {one.url}") if "/live?" in one.url else None)
    with page.expect_request("**/api/v1/live?*"):
        reader = _open(page, url)
    _seen(page, "hidden")
    _until(page, lambda: any(one.startswith("over ") for one in asked))
    count = len(asked)
    Voice(live, url).say("Second.")
    page.wait_for_timeout(2_500)  # longer than the server takes to tell
    assert len(asked) == count
    expect(_new(reader, 1)).to_have_count(0)
    _seen(page, "visible")
    expect(_new(reader, 1)).to_be_visible(timeout=10_000)
    page.evaluate("document.querySelector('comment-widget').remove()")
    _until(page, lambda: sum(one.startswith("over ") for one in asked) == 2)


def _painted(page: Page) -> None:
    """Let the browser do what it does by itself after a change."""
    frames = "(done) => requestAnimationFrame(() => requestAnimationFrame(() => done(true)))"
    page.wait_for_function(f"() => new Promise({frames})")


def _seen(page: Page, state: str) -> None:
    """Headless tabs are always visible: tell the page otherwise."""
    page.evaluate(
        """(state) => {
          Object.defineProperty(document, "visibilityState", { value: state, configurable: true });
          document.dispatchEvent(new Event("visibilitychange"));
        }""",
        state,
    )


def _until(page: Page, holds: Callable[[], bool]) -> None:
    for _ in range(200):
        if holds():
            return
        page.wait_for_timeout(50)
    raise AssertionError(holds)


def test_off_is_off(elsewhere: Live, visit: Visit) -> None:
    url = _page(elsewhere, "/silent/", "silent")
    Voice(elsewhere, url, site="silent").say("First.")
    page = visit().page()
    asked: list[str] = []
    page.on("request", lambda one: asked.append(one.url))
    page.clock.install()
    Reader(page).open(url)
    page.wait_for_function("document.querySelector('comment-widget').shadowRoot.querySelector('select')")
    page.clock.run_for(60_000)
    assert not [one for one in asked if "since=" in one or "/live" in one]


def test_too_much_to_be_told_one_by_one(live: Live, visit: Visit) -> None:
    url = _page(live, "/reset/")
    Voice(live, url).say("First.")
    page = visit().page()
    reader = _open(page, url)
    _seen(page, "hidden")
    bring(live, url, roots(130))
    _seen(page, "visible")
    button = reader.widget.get_by_role("button", name="new comments")
    expect(button).to_be_visible(timeout=15_000)
    button.click()
    expect(reader.widget.locator(".list > li")).to_have_count(50)
    expect(button).to_have_count(0)
