"""A link to a comment leads to it, wherever it is, and harms nothing where it is not."""

from collections.abc import Callable
from typing import Any, NamedTuple

import pytest
from playwright.sync_api import Locator, expect

from tests.support.browser import DESKTOP, PHONE, Visitor
from tests.support.crowd import Voice, bring, chain, roots
from tests.support.hosts import article
from tests.support.live import Live
from tests.support.reader import Reader, words

Visit = Callable[..., Visitor]
SIZES = pytest.mark.parametrize("size", [DESKTOP, PHONE], ids=["desktop", "phone"])


class Deep(NamedTuple):
    """A page and the ids of its comments, in the order in which they were written."""

    url: str
    ids: list[str]


def _read(live: Live, url: str, **query: str) -> list[str]:
    """All ids of a conversation, or of the answers to a root."""
    voice, ids, after = Voice(live, url), [], ""
    while after is not None:
        page = voice.read(limit="100", **query, **({"after": after} if after else {}))
        ids += [one["id"] for one in page["comments"]]
        after = page["next"]
    return ids


@pytest.fixture(scope="module")
def wide(live: Live) -> Deep:
    """2,000 comments beside each other: forty pages."""
    url = live.host_page("/wide/", article("Bread"))
    bring(live, url, roots(2000))
    return Deep(url, _read(live, url))


@pytest.fixture(scope="module")
def deep(live: Live) -> Deep:
    """10,000 comments below each other."""
    url = live.host_page("/deep/", article("Bread"))
    bring(live, url, chain(10_000))
    root = Voice(live, url).read(limit="1")["comments"][0]["id"]
    return Deep(url, [root, *_read(live, url, root=root)])


def _marked(reader: Reader, text: str) -> Locator:
    """The comment is marked, has the focus, and is seen at the top of the window."""
    marked = reader.widget.locator(".target")
    expect(marked.get_by_role("article").first).to_contain_text(text)
    expect(marked).to_be_focused()
    expect(marked.get_by_role("article").first).to_be_in_viewport(ratio=1)
    return marked


@SIZES
def test_to_page_forty(wide: Deep, visit: Visit, size: dict[str, Any]) -> None:
    reader = Reader(visit(**size).page()).open(f"{wide.url}#comment-{wide.ids[1989]}")
    _marked(reader, "Comment 1990.")
    expect(reader.widget.get_by_role("article")).to_have_count(1)
    reader.button("list.whole").click()
    expect(reader.comment("Comment 50.")).to_be_attached()
    assert reader.page.url == wide.url


def test_to_one_that_is_shown(wide: Deep, visit: Visit) -> None:
    reader = Reader(visit().page()).open(f"{wide.url}#comment-{wide.ids[39]}")
    _marked(reader, "Comment 40.")
    expect(reader.comment("Comment 1.").first).to_be_attached()


def test_to_answer_nine_thousand_and_on_from_there(deep: Deep, visit: Visit) -> None:
    assert len(deep.ids) == 10_000
    reader = Reader(visit().page()).open(f"{deep.url}#comment-{deep.ids[8999]}")
    _marked(reader, "Link 9000.")
    expect(reader.comment("Link 9050.")).to_be_attached()
    more = reader.button("list.more")
    for _ in range(2):
        before = reader.widget.get_by_role("article").count()
        more.click()
        expect(reader.widget.get_by_role("article")).to_have_count(before + 50)
    expect(reader.comment("Link 9150.")).to_be_attached()


def test_ten_thousand_answers_below_each_other(deep: Deep, visit: Visit) -> None:
    reader = Reader(visit().page()).open(deep.url)
    # Through the widget's own door, page after page, as fast as it goes.
    shown = reader.page.evaluate(
        """async () => {
          const root = document.querySelector("comment-widget").shadowRoot;
          for (let last = -1; ; ) {
            const n = root.querySelectorAll("article").length;
            const more = root.querySelector(".more");
            if (n !== last && more && n < 3000) { last = n; more.click(); }
            if (!more || n >= 3000) return n;
            await new Promise((done) => setTimeout(done, 20));
          }
        }"""
    )
    assert shown >= 3000
    assert reader.page.evaluate("document.scrollingElement.scrollWidth") <= 1280


def test_links_followed_on_the_page(wide: Deep, visit: Visit) -> None:
    reader = Reader(visit().page()).open(wide.url)
    follow = "(id) => { location.hash = `#comment-${id}`; }"
    for number in (3, 1500, 700, 4):
        reader.page.evaluate(follow, wide.ids[number - 1])
        _marked(reader, f"Comment {number}.")
    reader.comment("Comment 4.").get_by_role("link").first.click()
    _marked(reader, "Comment 4.")


@SIZES
def test_one_that_is_gone(live: Live, visit: Visit, size: dict[str, Any]) -> None:
    url = live.host_page(f"/gone/{size['viewport']['width']}/", article("Bread"))
    voice = Voice(live, url)
    voice.say("It stays.")
    gone = voice.say("It goes.")
    voice.delete(gone)
    visitor = visit(**size)
    visitor.foreseen.append(f"at={gone}")  # the browser notes each 404
    reader = Reader(visitor.page()).open(f"{url}#comment-{gone}")
    expect(reader.widget.get_by_text(words("en")["list.missing"]).first).to_be_visible()
    expect(reader.comment("It stays.")).to_be_visible()


@pytest.mark.parametrize("wrong", ["x", "%00", "..%2F..%2Fadmin", "a" * 5000, "<img src=x onerror=alert(1)>", "0"])
def test_wrong_ids_harm_nothing(live: Live, visit: Visit, wrong: str) -> None:
    url = live.host_page("/wrong/", article("Bread"))
    if not Voice(live, url).read()["comments"]:
        Voice(live, url).say("It stays.")
    visitor = visit()
    visitor.foreseen.append("at=")
    reader = Reader(visitor.page()).open(f"{url}#comment-{wrong}")
    reader.widget.locator("select").wait_for(state="attached")
    expect(reader.comment("It stays.")).to_be_visible()
    expect(reader.widget.get_by_role("article")).to_have_count(1)
