"""/count.js: numbers beside links, one request for all of a page, also on pages that were made for other systems."""

from collections.abc import Callable, Iterator
from urllib.parse import parse_qs, urlsplit

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.e2e.byapi import post
from tests.support.browser import Visitor
from tests.support.hosts import strict_policy
from tests.support.live import Live

Visit = Callable[..., Visitor]
PAGE = """<!doctype html><html lang="{lang}"><head><meta charset="utf-8"><title>List</title></head>
<body>{body}{script}</body></html>"""
SCRIPT = '<script src="{server}/count.js" async></script>'


@pytest.fixture(scope="module", autouse=True)
def pages(live: Live, browser: Browser) -> Iterator[None]:
    """Three pages with comments, once for all tests."""
    context = browser.new_context()
    there = live.blog + "/counted"
    post(live, lambda: Visitor(context), "1", "2", "3", url=f"{there}/three/")
    post(live, lambda: Visitor(context), "1", url=f"{there}/one/?p=1")
    post(live, lambda: Visitor(context), "1", "2", url=f"{there}/moved/", id="counted 2")
    yield
    context.close()


class Listing:
    """A page that lists others, and what it asked the server for."""

    def __init__(self, live: Live, visitor: Visitor) -> None:
        self.live, self.page, self.asked = live, visitor.page(), list[list[str]]()
        self.page.on("request", lambda request: self._note(request.url))

    def _note(self, url: str) -> None:
        if "/api/v1/counts?" in url:
            self.asked.append(parse_qs(urlsplit(url).query)["url"])

    def open(
        self, path: str, body: str, *, lang: str = "en", script: str = SCRIPT, headers: dict[str, str] | None = None
    ) -> Page:
        """Go there."""
        html = PAGE.replace("{lang}", lang).replace("{body}", body.replace("{blog}", self.live.blog))
        self.page.goto(self.live.host_page(path, html.replace("{script}", script), headers=headers))
        return self.page


def test_numbers_in_one_request(live: Live, visit: Visit) -> None:
    visitor = visit()
    visitor.foreseen.append("comment-widget:")  # the address that is none
    listing = Listing(live, visitor)
    page = listing.open(
        "/list/",
        """<ul>
        <li><span id="a" data-comment-count="{blog}/counted/three/"></span>
        <li><span id="b" data-comment-count="/counted/one/?p=1#top"></span>
        <li><a id="c" href="/counted/three/#comments" data-comment-count>Comments</a>
        <li><span id="d" data-comment-count-id="counted 2"></span>
        <li><span id="e" data-comment-count="/counted/none/">-</span>
        <li><span id="f" data-comment-count="https://elsewhere.test/">-</span>
        <li><span id="g" data-comment-count="http://[">as it was</span></ul>""",
    )
    for name, number in {"a": 3, "b": 1, "c": 3, "d": 2, "e": 0, "f": 0}.items():
        expect(page.locator(f"#{name}")).to_have_text(str(number))
    expect(page.locator("#g")).to_have_text("as it was")
    there = f"{live.blog}/counted"
    wanted = [f"{live.blog}/list/", f"{there}/three/", f"{there}/one/?p=1", "id:counted 2", f"{there}/none/"]
    assert listing.asked == [[*wanted, "https://elsewhere.test/"]]


def test_words_in_the_language_of_the_place(live: Live, visit: Visit) -> None:
    listing = Listing(live, visit())
    page = listing.open(
        "/words/",
        """<a id="a" href="/counted/three/" data-comment-count data-comment-count-words></a>
        <a id="b" href="/counted/one/?p=1" data-comment-count data-comment-count-words></a>
        <p lang="pl"><a id="c" href="/counted/three/" data-comment-count data-comment-count-words></a></p>
        <p lang="en"><a id="d" href="/counted/none/" data-comment-count data-comment-count-words></a></p>""",
        lang="it",
    )
    for name, words in {"a": "3 risposte", "b": "1 risposta", "c": "3 komentarze", "d": "0 responses"}.items():
        expect(page.locator(f"#{name}")).to_have_text(words)
    assert len(listing.asked) == 1


def test_what_comes_later_and_what_changes(live: Live, visit: Visit) -> None:
    listing = Listing(live, visit())
    page = listing.open("/later/", '<p id="list"><span id="a" data-comment-count="/counted/three/"></span></p>')
    expect(page.locator("#a")).to_have_text("3")
    page.evaluate(
        """() => {
          for (const [id, url] of [["b", "/counted/three/"], ["c", "/counted/one/?p=1"]]) {
            const span = document.createElement("span");
            span.id = id;
            span.setAttribute("data-comment-count", url);
            document.getElementById("list").append(span);
          }
        }"""
    )
    expect(page.locator("#b")).to_have_text("3")
    expect(page.locator("#c")).to_have_text("1")
    page.locator("#a").evaluate("el => el.setAttribute('data-comment-count', '/counted/one/?p=1')")
    expect(page.locator("#a")).to_have_text("1")
    assert len(listing.asked) == 2, "what is known is not asked for again"


def test_many_links_and_many_scripts(live: Live, visit: Visit) -> None:
    listing = Listing(live, visit())
    links = "".join(f'<a href="/counted/many/{number}/" data-comment-count></a>' for number in range(230))
    page = listing.open("/many/", links + '<b data-comment-count="/counted/three/"></b>', script=SCRIPT * 3)
    expect(page.locator("b")).to_have_text("3")
    expect(page.locator("a", has_text="0")).to_have_count(230)
    assert len(listing.asked) == 3
    assert all(len(asked) <= 100 for asked in listing.asked)
    assert len({one for asked in listing.asked for one in asked}) == 232


def test_under_the_strictest_policy_with_a_key(live: Live, visit: Visit) -> None:
    script = '<script src="{server}/count.js" data-site="blog" async></script>'
    listing = Listing(live, visit())
    body = '<b data-comment-count-id="counted 2" data-comment-count-words></b>'
    page = listing.open("/strict-list/", body, script=script, headers=strict_policy(live.server))
    expect(page.locator("b")).to_have_text("2 responses")
    assert listing.asked == [["id:counted 2"]]


def test_without_the_server_everything_stays_as_it_was(live: Live, visit: Visit) -> None:
    visitor = visit()
    visitor.foreseen += ["comment-widget:", "net::ERR_FAILED"]
    listing = Listing(live, visitor)
    listing.page.route("**/api/v1/counts**", lambda route: route.abort())
    with listing.page.expect_event("console", lambda message: "comment-widget:" in message.text):
        page = listing.open("/cut-off/", '<b data-comment-count="/counted/three/">some</b>')
    expect(page.locator("b")).to_have_text("some")


OTHERS = {
    "disqus": ('<a href="{blog}/counted/three/#disqus_thread">x</a>', "3 responses"),
    "disqus-id": ('<a href="{blog}/other/#disqus_thread" data-disqus-identifier="counted 2">x</a>', "2 responses"),
    "disqus-class": (
        '<span class="disqus-comment-count" data-disqus-url="{blog}/counted/one/?p=1"></span>',
        "1 response",
    ),
    "isso": ('<a href="/counted/three/?from=list#isso-thread">x</a>', "3 responses"),
    "remark42": ('<span class="remark42__counter" data-url="{blog}/counted/three/"></span>', "3"),
    "commento": ('<a href="/counted/three/?from=list#commento">x</a>', "3 responses"),
    "commento-id": ('<a href="/x/#commento" data-page-id="/counted/three/">x</a>', "3 responses"),
}


@pytest.mark.parametrize("name", OTHERS)
def test_the_markup_of_other_systems(live: Live, visit: Visit, name: str) -> None:
    markup, words = OTHERS[name]
    page = Listing(live, visit()).open(f"/other-{name}/", f'<p id="place">{markup}</p>')
    expect(page.locator("#place")).to_have_text(words)
