"""One sanitiser: only our tags and attributes, whatever the html, and once clean, clean for good."""

import re
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from widget.core import nodes
from widget.core.links import safe_href
from widget.core.sanitise import sanitise
from widget.core.text import Markup, render

MARKUPS: list[Markup] = ["html", "wordpress", "markdown"]

HTML = [
    ("<p>a</p>", "<p>a</p>"),
    ("a", "<p>a</p>"),
    ("a<p>b</p>c", "<p>a</p><p>b</p><p>c</p>"),
    ("<p>a<p>b", "<p>a</p><p>b</p>"),
    ("<b>a</b> <i>b</i>", "<p><b>a</b> <i>b</i></p>"),
    ("<b> </b>a<b></b>", "<p>a</p>"),
    ("a<br><br/>b<br>", "<p>a<br><br>b</p>"),
    ("<p></p><p> </p><p><br></p>", ""),
    ("<ul><li>a<ul><li>b</ul></ul>", "<ul><li>a<ul><li>b</li></ul></li></ul>"),
    ("<ol start=3><li>a</ol>", '<ol start="3"><li>a</li></ol>'),
    ("<ol start=x type=a><li value=9>a</ol>", "<ol><li>a</li></ol>"),
    ('<abbr title="T &amp; U" class=x>t</abbr>', '<p><abbr title="T &amp; U">t</abbr></p>'),
    ("<pre>\n\na\n b</pre>", "<pre>\n\na\n b</pre>"),
    # Tags that are none of ours are read as what comes nearest.
    ("<h2>T</h2>x", "<p><strong>T</strong></p><p>x</p>"),
    ("<div>a</div><div>b<div>c</div></div>", "<p>a</p><p>b</p><p>c</p>"),
    ("<strike>a</strike><ins>b</ins><kbd>c</kbd>", "<p><s>a</s><u>b</u><code>c</code></p>"),
    ("<table><tr><td>a<td>b<tr><th>c</table>", "<p>a b</p><p>c</p>"),
    ("<dl><dt>a<dd>b</dl>", "<p>a</p><p>b</p>"),
    ("<span style=color:red onclick=x()>a</span><font>b</font>", "<p>ab</p>"),
    ("<span class=k>a</span><span class='c d'>b</span>", '<p><span class="k">a</span>b</p>'),
    ("<span class=cw-sign>a</span><p class=k>b</p><b class=k>c</b>", "<p>a</p><p>b</p><p><b>c</b></p>"),
    ("<span class=k>a<span class=at>b</span></span>", None),
    (
        '<img src="https://x.example/a.png" alt="cat" onerror=x()>',
        '<p><a href="https://x.example/a.png" REL>cat</a></p>',
    ),
    ("<img src=/a.png alt=cat>", "<p>cat</p>"),
    ("<img src='data:image/png;base64,x'>", ""),
    # What is never shown.
    ("a<script>alert(1)</script>b", "<p>ab</p>"),
    ("a<style>*{}</style>b", "<p>ab</p>"),
    ("a<!-- b -->c", "<p>ac</p>"),
    ("<iframe src=https://x.example/>a</iframe>", None),
    ("<form action=https://x.example/><input name=a><button>b</button></form>", "<p>b</p>"),
    ("<svg onload=alert(1)><script>alert(1)</script></svg>", ""),
    (
        "<a href='https://x.example/' id=a name=b target=_top rel=me class=c>x</a>",
        '<p><a href="https://x.example/" REL>x</a></p>',
    ),
    ("<a>x</a><a href=''>y</a>", "<p>xy</p>"),
    ("<a href=https://x.example/></a>", ""),
    ("a\x01b\x7fc\u0085d", "<p>abcd</p>"),
    ("a&#1;b&#0;c", None),
]


@pytest.mark.parametrize(("given_html", "clean"), HTML)
def test_html(given_html: str, clean: str | None) -> None:
    html = render(given_html, markup="html").html
    _assert_ours(html)
    if clean is not None:
        assert html == clean.replace("REL", f'rel="{nodes.REL}"')


WORDPRESS = [
    ("one\ntwo\n\nthree", "<p>one<br>two</p><p>three</p>"),
    ("one\r\ntwo\r\rthree", "<p>one<br>two</p><p>three</p>"),
    ("\n\n  one  \n\n\n\n two\n", "<p>one</p><p>two</p>"),
    ("a <b>bold\nmove</b> b", "<p>a <b>bold<br>move</b> b</p>"),
    ("a <b> spaced </b>b", "<p>a <b> spaced </b>b</p>"),
    ("<p>one</p>\n<p>two\nmore</p>\n", "<p>one</p><p>two<br>more</p>"),
    ("one<br />\ntwo", "<p>one<br>two</p>"),
    ("text\n<blockquote>a\n\nb</blockquote>\ntext", "<p>text</p><blockquote><p>a</p><p>b</p></blockquote><p>text</p>"),
    ("<ul>\n<li>a</li>\n\n<li>b\nc</li>\n</ul>", "<ul><li>a</li><li>b<br>c</li></ul>"),
    ("<pre>a\n\nb</pre>", "<pre>a\n\nb</pre>"),
    ("<code>a</code>\n\nb", "<p><code>a</code></p><p>b</p>"),
    ("1 < 2 & 3 > 2", "<p>1 &lt; 2 &amp; 3 &gt; 2</p>"),
    ("&lt;b&gt;", "<p>&lt;b&gt;</p>"),
    ("https://x.example/", '<p><a href="https://x.example/" REL>https://x.example/</a></p>'),
    (
        '<a href="https://x.example/">https://x.example/</a>',
        '<p><a href="https://x.example/" REL>https://x.example/</a></p>',
    ),
]


@pytest.mark.parametrize(("stored", "shown"), WORDPRESS)
def test_wordpress(stored: str, shown: str) -> None:
    assert render(stored, markup="wordpress").html == shown.replace("REL", f'rel="{nodes.REL}"')


HREFS = [
    ("https://x.example/a?b=c#d", True),
    ("HTTPS://x.example", True),
    ("http://x.example:8080/é", True),
    ("mailto:a@x.example", True),
    ("mailto:a@x.example?subject=b", True),
    ("\x01java\x03script:alert(1)", False),
    ("java\tscript:alert(1)", False),
    ("javascript&colon;alert(1)", False),
    ("//evil.example", False),
    ("///evil.example", False),
    ("/\\evil.example", False),
    ("\\\\evil.example", False),
    ("https:evil.example", False),
    ("https:/evil.example", False),
    ("https://a@evil.example", False),
    ("https://\u202eevil.example", False),
    ("https://x.example/\u200b", False),
    ("https://x.example/ a", False),
    ('https://x.example/"onclick=x', False),
    ("https://x.example/<b>", False),
    ("#a", False),
    ("?a", False),
    ("", False),
    ("tel:1", False),
    ("https://x.example/" + "a" * 2000, False),
]


@pytest.mark.parametrize(("href", "fine"), HREFS)
def test_hrefs(href: str, *, fine: bool) -> None:
    assert (safe_href(href) is not None) is fine
    quoted = href.replace('"', "&quot;")
    assert ("href" in render(f'<a href="{quoted}">x</a>', markup="html").html) is fine


def test_the_library_alone_would_keep_them() -> None:
    """The negative control of the two hrefs that our own check is there for."""
    import nh3

    kept = nh3.clean('<a href="\x01java\x03script:x">x</a><a href="//evil.example">y</a>')
    assert kept.count("href") == 2


@pytest.mark.parametrize("tag", ["blockquote", "ul><li", "b", "div", "em><p", "table><tr><td"])
def test_nesting_stays_small(tag: str) -> None:
    body = render(f"<{tag}>" * 3000 + "the word", markup="html")
    assert _depth(body.tree) <= nodes.MAX_DEPTH
    assert "the word" in body.html


TAGS = sorted(nodes.TAGS | nodes.FOREIGN | set("span font script style svg math template select option form".split()))
ATTRS = [
    "",
    " href='http://x.example/'",
    " class=k",
    " class='at x'",
    " href=javascript:x",
    " start=3",
    " src=http://x.example/ alt='a\"b'",
    ' title="<"',
]
OPEN = st.builds("<{}{}>".format, st.sampled_from(TAGS), st.sampled_from(ATTRS))
CLOSE = st.builds("</{}>".format, st.sampled_from(TAGS))
BITS = [
    "x",
    " ",
    "\n",
    "\n\n",
    "&lt;b&gt;",
    "&nbsp;",
    "<!--",
    "-->",
    "]]>",
    "http://a.example/",
    "\x01",
    "&#1;",
    "<p",
    "> ",
    "*",
    "[",
    "](",
]
SOUP = st.lists(st.one_of(OPEN, CLOSE, st.sampled_from(BITS), st.text(max_size=2)), max_size=40).map("".join)


@settings(deadline=None, max_examples=400)
@given(SOUP, st.sampled_from(MARKUPS))
def test_clean_once_clean_for_good(soup: str, markup: Markup) -> None:
    body = render(soup, markup=markup)
    assert sanitise(body.html) == (body.html, body.tree)
    assert render(body.html, markup="html") == body
    _assert_ours(body.html)
    _assert_tree(body.tree)


def _assert_ours(html: str) -> None:
    for close, tag, attributes in re.findall(r"<(/?)([^\s>]+)([^>]*)>", html):
        assert tag in nodes.TAGS, html
        names = re.findall(r' ([^ =]+)="[^"]*"', attributes)
        assert set(names) <= nodes.ATTRIBUTES.get(tag, frozenset()) | ({"rel"} if tag == "a" else set()), html
        assert not close or not attributes
    assert set(re.findall(r'<span class="([^"]*)">', html)) <= nodes.CLASSES, html
    assert html.count("<span") == html.count("<span class="), html
    for href in re.findall(r'href="([^"]*)"', html):
        assert href.lower().startswith(("https://", "http://", "mailto:")), html


def _assert_tree(tree: list[Any]) -> None:
    for item in tree:
        if isinstance(item, str):
            assert item
            continue
        tag, attributes, children = nodes.parts(item)
        assert tag in nodes.TAGS
        assert attributes.keys() <= nodes.ATTRIBUTES.get(tag, frozenset())
        assert all(isinstance(value, str) and value for value in attributes.values())
        assert tag != "span" or attributes["class"] in nodes.CLASSES
        _assert_tree(children)


def _depth(tree: list[Any]) -> int:
    return max((1 + _depth(nodes.parts(item)[2]) for item in tree if not isinstance(item, str)), default=0)
