"""Pages of people who come from elsewhere: our script in place of theirs, their markup as it was, one conversation."""

from collections.abc import Callable
from dataclasses import dataclass
from html import escape
from typing import Any

import pytest
from playwright.sync_api import expect

from tests.e2e.byapi import post
from tests.e2e.pictures import picture
from tests.support.browser import Visitor
from tests.support.live import Live
from tests.support.reader import Reader

Visit = Callable[..., Visitor]
PAGE = """<!doctype html><html lang="en"><head><meta charset="utf-8"><title>{title}</title>
<meta property="og:title" content="From the graph">{head}</head>
<body><h1>{title}</h1><p>Words.</p>{body}</body></html>"""
OURS = '<script src="{server}/embed.js" {attributes} async></script>'
# What Disqus and Isso tell people to paste: a script that makes the script.
LOADER = """<script>(function () {
var d = document, s = d.createElement('script'); s.src = '{server}/embed.js';
s.setAttribute('data-timestamp', +new Date()); (d.head || d.body).appendChild(s); })();</script>"""


@dataclass(frozen=True)
class Case:
    """A page as it stands there, and which page of ours it is: by `url` (a path on the blog) or by `id`."""

    body: str
    place: str
    url: str = ""
    id: str = ""
    attributes: str = ""
    head: str = ""
    query: str = ""
    lang: str = "en"


CASES = {
    "disqus": Case(
        """<div id="disqus_thread"></div><script>var disqus_config = function () {
        this.page.url = '{blog}/disqus-url/'; this.page.identifier = 'disqus 7'; this.page.title = 'From Disqus';
        this.callbacks.onReady.push(function () {}); };</script>"""
        + LOADER,
        "#disqus_thread",
        id="disqus 7",
    ),
    "disqus-url": Case(
        """<div id="disqus_thread"></div><script>var disqus_config = function () {
        this.page.url = '{blog}/disqus-by-url/?p=3'; };</script>"""
        + OURS,
        "#disqus_thread",
        url="/disqus-by-url/?p=3",
    ),
    "disqus-of-2011": Case(
        """<div id="disqus_thread"></div><script type="text/javascript">
        var disqus_shortname = 'workshop'; var disqus_identifier = 'old 1'; var disqus_url = '{blog}/x';</script>"""
        + OURS,
        "#disqus_thread",
        id="old 1",
    ),
    "isso": Case(
        f'<section id="isso-thread" data-title="From Isso"></section>{OURS}', "#isso-thread", url="/isso/", query="?a=1"
    ),
    "isso-path": Case(
        f'<section id="isso-thread" data-isso-id="/isso/by/path/"></section>{OURS}',
        "#isso-thread",
        url="/isso/by/path/",
    ),
    "isso-id": Case(f'<section id="isso-thread" data-isso-id="post-9"></section>{OURS}', "#isso-thread", id="post-9"),
    "remark42": Case(
        """<div id="remark42"></div><script>var remark_config = { host: 'https://r.test', site_id: 'remark',
        url: '{blog}/remark-url/', page_title: 'From Remark42', theme: 'dark', locale: 'it' };</script>"""
        + OURS,
        "#remark42",
        url="/remark-url/",
        lang="it",
    ),
    "remark42-plain": Case(f'<div id="remark42"></div>{OURS}', "#remark42", url="/remark42-plain/", query="?a=1"),
    "commento": Case(f'{OURS}<div id="commento"></div>', "#commento", url="/commento/", query="?a=1"),
    "commento-path": Case(
        f'{OURS}<div id="commento"></div>', "#commento", url="/guide/", attributes='data-page-id="/guide/"'
    ),
    "commento-id": Case(
        f'{OURS}<div id="commento"></div>', "#commento", id="guide 4", attributes='data-page-id="guide 4"'
    ),
    "cusdis": Case(
        '<div id="cusdis_thread" data-host="https://cusdis.com" data-app-id="x" data-page-id="cusdis-1"'
        ' data-page-url="{blog}/cusdis/" data-page-title="From Cusdis" data-theme="dark"></div>' + OURS,
        "#cusdis_thread",
        id="cusdis-1",
    ),
    "giscus": Case(
        OURS,
        "body",
        url="/giscus/",
        attributes='data-repo="a/b" data-mapping="pathname" data-theme="dark" data-lang="it"',
        query="?a=1",
        lang="it",
    ),
    "giscus-place": Case(
        '<div class="giscus"></div>',
        ".giscus",
        head=OURS,
        id="a term",
        attributes='data-mapping="specific" data-term="a term"',
    ),
    "giscus-url": Case(OURS, "body", url="/giscus-url/?a=1", attributes='data-mapping="url"', query="?a=1"),
    "giscus-title": Case(OURS, "body", id="giscus-title", attributes='data-mapping="title"'),
    "giscus-og": Case(OURS, "body", id="From the graph", attributes='data-mapping="og:title"'),
}


def host(live: Live, name: str, case: Case) -> str:
    """The page's address."""
    html = PAGE.replace("{body}", case.body).replace("{head}", case.head).replace("{title}", escape(name))
    html = html.replace("{attributes}", case.attributes).replace("{blog}", live.blog)
    return live.host_page(f"/{name}/", html) + case.query


@pytest.mark.parametrize("name", CASES)
def test_the_same_conversation_in_the_same_place(live: Live, visit: Visit, name: str) -> None:
    case = CASES[name]
    url = host(live, name, case)
    said = f"Said before under {name}"
    post(live, visit, said, url=live.blog + (case.url or f"/{name}/"), **({"id": case.id} if case.id else {}))
    reader = Reader(visit().page(), case.lang).open(url)
    expect(reader.comment(said)).to_be_visible()
    expect(reader.page.locator(f"{case.place} comment-widget")).to_have_count(1)
    reader.write("And said now.")
    reader.as_guest("Ann")
    reader.send("And said now.")
    expect(reader.heading()).to_contain_text("2 ")


def test_titles_looks_and_languages_come_along(live: Live, visit: Visit) -> None:
    def said(name: str) -> dict[str, Any]:
        page = visit().page()
        page.goto(host(live, name, CASES[name]))
        widget = page.locator("comment-widget")
        expect(widget.get_by_role("heading", level=2)).not_to_be_empty()
        names = ("page-title", "theme", "lang", "page-id", "page-url")
        return {key: value for key in names if (value := widget.get_attribute(key)) is not None}

    blog = live.blog
    assert said("disqus") == {"page-title": "From Disqus", "page-id": "disqus 7", "page-url": f"{blog}/disqus-url/"}
    assert said("remark42") == {
        "page-title": "From Remark42",
        "theme": "dark",
        "lang": "it",
        "page-url": f"{blog}/remark-url/",
    }
    assert said("cusdis") == {
        "page-title": "From Cusdis",
        "theme": "dark",
        "page-id": "cusdis-1",
        "page-url": f"{blog}/cusdis/",
    }
    assert said("isso") == {"page-title": "From Isso", "page-url": f"{blog}/isso/"}
    assert said("giscus") == {"page-title": "giscus", "theme": "dark", "lang": "it", "page-url": f"{blog}/giscus/"}


SWITCHES = {
    "disqus": "DISQUS.reset({ reload: true, config() { this.page.identifier = 'second' } })",
    "remark42": "const node = document.getElementById('remark42'); REMARK42.destroy();"
    "REMARK42.createInstance({ node, url: '/second/' })",
    "commento": "commento.reInit({ pageId: 'second' })",
    "cusdis": "{ const p = document.getElementById('cusdis_thread'); p.dataset.pageId = 'second'; CUSDIS.renderTo(p) }",
    "isso": "{ document.getElementById('isso-thread').dataset.issoId = 'second'; Isso.init() }",
}


@pytest.mark.parametrize("name", SWITCHES)
def test_pages_that_change_without_loading(live: Live, visit: Visit, name: str) -> None:
    page = visit().page()
    page.goto(host(live, f"switch-{name}", CASES[name]))
    widget = page.locator("comment-widget")
    expect(widget.get_by_role("heading", level=2)).not_to_be_empty()
    page.evaluate(f"() => {{ {SWITCHES[name]} }}")
    asked = page.locator('comment-widget[page-id="second"], comment-widget[page-url$="/second/"]')
    expect(asked.get_by_role("heading", level=2)).not_to_be_empty()
    expect(page.locator("comment-widget")).to_have_count(1)


def test_an_element_of_ones_own_goes_before(live: Live, visit: Visit) -> None:
    page = visit().page()
    body = f'<div id="disqus_thread"></div><comment-widget page-id="mine"></comment-widget>{OURS}'
    page.goto(host(live, "both", Case(body, "body")))
    expect(page.locator('comment-widget[page-id="mine"]').get_by_role("heading", level=2)).not_to_be_empty()
    expect(page.locator("#disqus_thread comment-widget")).to_have_count(0)


def test_a_script_that_stands_there_twice_shows_it_once(live: Live, visit: Visit) -> None:
    page = visit().page()
    page.goto(host(live, "twice", Case(f'<div id="disqus_thread"></div>{OURS}{OURS}{OURS}', "body")))
    page.wait_for_load_state("networkidle")
    expect(page.locator("comment-widget").get_by_role("heading", level=2)).not_to_be_empty()
    expect(page.locator("comment-widget")).to_have_count(1)


def test_a_configuration_that_throws_breaks_nothing(live: Live, visit: Visit) -> None:
    visitor = visit()
    visitor.foreseen.append("no such thing")
    page = visitor.page()
    body = f"""<div id="disqus_thread"></div><script>var disqus_config = function () {{
    this.page.identifier = 'thrown'; throw new Error('no such thing') }};</script>{OURS}"""
    page.goto(host(live, "thrower", Case(body, "body")))
    expect(page.locator('#disqus_thread comment-widget[page-id="thrown"]').get_by_role("heading")).not_to_be_empty()
    picture(page, "dropin-disqus")
