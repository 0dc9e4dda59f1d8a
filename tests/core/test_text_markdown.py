"""What commenters can write, and what becomes of it."""

import pytest

from widget.core.nodes import Image
from widget.core.sanitise import sanitise
from widget.core.text import RENDERER_VERSION, images_of, render

CASES = [
    ("Hello *you* and **you**", [["p", "Hello ", ["em", "you"], " and ", ["strong", "you"]]]),
    ("~~gone~~", [["p", ["s", "gone"]]]),
    ("one\ntwo", [["p", "one", ["br"], "two"]]),
    ("one\n\ntwo", [["p", "one"], ["p", "two"]]),
    ("`<b>`", [["p", ["code", "<b>"]]]),
    ("```\na < b\n```", [["pre", ["code", "a < b\n"]]]),
    ("```js\na < b\n```", [["pre", ["code", "a ", ["span", {"class": "o"}, "<"], " b\n"]]]),
    ("```\n\n\na\n```", [["pre", ["code", "\n\na\n"]]]),
    ("> quoted\n\nanswer", [["blockquote", ["p", "quoted"]], ["p", "answer"]]),
    ("- a\n- b", [["ul", ["li", "a"], ["li", "b"]]]),
    ("7. a\n8. b", [["ol", {"start": "7"}, ["li", "a"], ["li", "b"]]]),
    ("---", [["hr"]]),
    ("[x](https://x.example/)", [["p", ["a", {"href": "https://x.example/"}, "x"]]]),
    ("[x](https://x.example/ 'T')", [["p", ["a", {"href": "https://x.example/", "title": "T"}, "x"]]]),
    ("<https://x.example/>", [["p", ["a", {"href": "https://x.example/"}, "https://x.example/"]]]),
    ("<me@x.example>", [["p", ["a", {"href": "mailto:me@x.example"}, "me@x.example"]]]),
    ("me@x.example", [["p", "me@x.example"]]),
    ("![a cat](https://x.example/cat.png)", [["p", ["a", {"href": "https://x.example/cat.png"}, "a cat"]]]),
    ("![](https://x.example/c.png)", [["p", ["a", {"href": "https://x.example/c.png"}, "https://x.example/c.png"]]]),
    ("![](javascript:x)", [["p", "![](javascript:x)"]]),
    ("![](/x)", [["p", "/x"]]),
    ("[![a](https://x.example/a)](https://x.example/b)", [["p", ["a", {"href": "https://x.example/a"}, "a"]]]),
    # What is not there: headings, tables, html, references.
    ("# no heading", [["p", "# no heading"]]),
    ("no heading\n===", [["p", "no heading", ["br"], "==="]]),
    ("a|b\n-|-\n1|2", [["p", "a|b", ["br"], "-|-", ["br"], "1|2"]]),
    ("<b>no</b>", [["p", "<b>no</b>"]]),
    ("<script>alert(1)</script>", [["p", "<script>alert(1)</script>"]]),
    ("[a]\n\n[a]: b", [["p", "[a]"], ["p", "[a]: b"]]),
    ("&lt;b&gt; &amp; &#x41;", [["p", "<b> & A"]]),
    ("- [ ] todo", [["ul", ["li", "[ ] todo"]]]),
    ("", []),
    (" \n ", []),
    ("[](https://x.example/)", []),
]


@pytest.mark.parametrize(("written", "tree"), CASES)
def test_markdown(written: str, tree: list[object]) -> None:
    assert render(written).tree == tree


LINKED = [
    ("https://x.example", "https://x.example"),
    ("see https://x.example/a.", "https://x.example/a"),
    ("(https://x.example/a)", "https://x.example/a"),
    ("https://x.example/a_(b)", "https://x.example/a_(b)"),
    ("https://x.example/a?b=c&d=e#f", "https://x.example/a?b=c&d=e#f"),
    ("https://x.example/_a_b_/*c*d", "https://x.example/_a_b_/*c*d"),
    ("**https://x.example/a**", "https://x.example/a"),
    ("*https://x.example/a_b*", "https://x.example/a_b"),
    ("HTTP://X.example/", "HTTP://X.example/"),
    ("www.x.example/a", "http://www.x.example/a"),
    ("http://localhost:8000/a", "http://localhost:8000/a"),
    ("https://münchen.example/é", "https://münchen.example/é"),
    ("https://x.example/a,b;c", "https://x.example/a,b;c"),
    ("看https://x.example/a。", None),
    ("看 https://x.example/a。", "https://x.example/a"),
    ("[https://x.example/](https://x.example/)", "https://x.example/"),
    ("xhttps://x.example/", None),
    ("https://", None),
    ("https://user@x.example/", None),
    ("www.", None),
    ("www.x", None),
    ("readme.md", None),
    ("ftp://x.example/", None),
    ("javascript://x.example/%0aalert(1)", None),
    ("`https://x.example/`", None),
]


@pytest.mark.parametrize(("written", "href"), LINKED)
def test_addresses_in_text(written: str, href: str | None) -> None:
    html = render(written).html
    assert html.count("<a ") == (href is not None)
    if href:
        assert f'href="{href.replace("&", "&amp;")}" rel="nofollow ugc noopener noreferrer"' in html


NOT_LINKED = [
    "[x](javascript:alert(1))",
    "[x](JaVaScRiPt:alert(1))",
    "[x](&#106;avascript:alert(1))",
    "[x](java&Tab;script:alert(1))",
    "[x](data:text/html,x)",
    "[x](vbscript:x)",
    "[x](//evil.example/)",
    "[x](/relative)",
    "[x](relative)",
    "[x](https://user:pw@evil.example/)",
    "[x](https://)",
    "[x](<https://x .example/>)",
    "[x](https:\\\\evil.example)",
    "![x](javascript:alert(1))",
    "<javascript:alert(1)>",
    "<data:text/html,x>",
    "[x](mailto:)",
    "[x](mailto:nobody)",
]


@pytest.mark.parametrize("written", NOT_LINKED)
def test_links_that_lead_nowhere_good(written: str) -> None:
    assert "<a" not in render(written).html


@pytest.mark.parametrize("depth", [1, 7, 15, 16, 17, 50, 500])
@pytest.mark.parametrize("mark", ["> ", "- ", "1. "])
def test_no_word_is_lost_in_nesting(mark: str, depth: int) -> None:
    assert "the word" in render(f"{mark * depth}the word").html


def test_deep_lists_by_indent_lose_nothing() -> None:
    deep = "\n".join(f"{'  ' * level}- item{level}" for level in range(60))
    assert all(f"item{level}" in render(deep).html for level in range(60))


@pytest.mark.parametrize(
    ("written", "blank"),
    [("", True), ("&#8203;", True), ("[](https://x.example/)", True), ("&nbsp;", True), ("---", False), ("x", False)],
)
def test_whether_there_is_anything_to_see(written: str, *, blank: bool) -> None:
    assert render(written).blank is blank


HASH = "a" * 40
CAT = "https://x.example/cat.png?a=b&c=d"
IMAGES = {CAT: Image(HASH, 600, 400)}
SHOWN = {"src": HASH, "alt": "a cat", "width": "600", "height": "400"}
PICTURES = [
    (f"![a cat]({CAT})", [["p", ["img", SHOWN]]]),
    (f"![a *cat*]({CAT} 'T') too", [["p", ["img", SHOWN], " too"]]),
    (f"![]({CAT})", [["p", ["img", {"src": HASH, "width": "600", "height": "400"}]]]),
    (f'![a "b" <c> & d]({CAT})', [["p", ["img", SHOWN | {"alt": 'a "b" <c> & d'}]]]),
    (f"[![a cat]({CAT})](https://x.example/)", [["p", ["a", {"href": "https://x.example/"}, ["img", SHOWN]]]]),
    ("![a](https://x.example/other.png)", [["p", ["a", {"href": "https://x.example/other.png"}, "a"]]]),
    (f"![a](picture:{'b' * 40})", [["p", "a"]]),
    (f"[a](picture:{HASH})", [["p", "a"]]),
    (f"`![a cat]({CAT})`", [["p", ["code", f"![a cat]({CAT})"]]]),
    (f'<img src="picture:{HASH}">', [["p", f'<img src="picture:{HASH}">']]),
]


@pytest.mark.parametrize(("written", "tree"), PICTURES)
def test_pictures_that_are_here_are_shown(written: str, tree: list[object]) -> None:
    body = render(written, images=IMAGES)
    assert body.tree == tree
    assert sanitise(body.html, images=IMAGES) == (body.html, body.tree)


def test_a_picture_in_html() -> None:
    body = render(f'![say "cheese"]({CAT})', images=IMAGES)
    assert body.html == (
        f'<p><img src="picture:{HASH}" alt="say &quot;cheese&quot;" width="600" height="400" loading="lazy"></p>'
    )
    assert not render(f"![]({CAT})", images=IMAGES).blank
    assert 'alt=""' in render(f"![]({CAT})", images=IMAGES).html
    assert "<img" not in sanitise(body.html).html


def test_html_from_elsewhere_shows_no_picture_of_ours_by_its_hash() -> None:
    assert render(f'<img src="picture:{HASH}" alt="x">', markup="html").tree == [["p", "x"]]
    assert render(f'<a href="picture:{HASH}">x</a>', markup="html").tree == [["p", "x"]]


@pytest.mark.parametrize(
    ("written", "addresses"),
    [
        (f"![a]({CAT}) ![b](https://x.example/b) ![c]({CAT})", [CAT, "https://x.example/b"]),
        ("> - ![a](https://x.example/a) [![b](https://x.example/b)](https://x.example/c)", list("ab")),
        ("![a](http://x.example/a) ![b](//x.example/b) ![c](data:image/png;base64,x) ![d](https://u@x.example/)", []),
        ("`![a](https://x.example/a)` \\![b](https://x.example/b) !(https://x.example/c)", []),
        ("[a](https://x.example/a)", []),
    ],
)
def test_which_images_are_asked_for(written: str, addresses: list[str]) -> None:
    assert images_of(written) == [a if "://" in a else f"https://x.example/{a}" for a in addresses]


def test_the_version_travels_with_the_body() -> None:
    assert render("x").version == RENDERER_VERSION


def test_a_lone_surrogate_does_no_harm() -> None:
    assert render("a\ud800b").tree == [["p", "a?b"]]
