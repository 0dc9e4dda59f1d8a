"""Strangers' pages, read in a time that grows with their size and with nothing else."""

import sys
import time
from collections.abc import Callable

import pytest

from widget.core import markup
from widget.core.markup import Element, parse, walk

CASES = [
    ("one in the other", "<div><p>a<b>c</b></p></div>", "div(p(a b(c)))"),
    ("text is text", "a &lt;b&gt; &amp; &copy;", "a <b> & ©"),
    ("names in lower case", "<DIV><A HREF=x>y</A></DIV>", "div(a[href=x](y))"),
    ("attributes in all clothes", "<a a=1 b='2 >' c=\"3 >\" d e = 5/>x", "a[a=1 b=2 > c=3 > d= e=5/](x)"),
    ("the first of two counts", "<a x=1 X=2>", "a[x=1]()"),
    ("a slash between", "<a/b/c=1>x", "a[b= c=1](x)"),
    ("an equals sign begins a name", "<a =b=c>x", "a[=b=c](x)"),
    ("what is void holds nothing", "<p>a<br>b<img src=x>c</p>", "p(a br() b img[src=x]() c)"),
    ("comments", "a<!-- <b> -- > -->c<!-->d<!--->e<!-- x --!>f", "a c d e f"),
    ("one without an end", "a<!-- <b>", "a"),
    ("declarations", "<!doctype html><?php <b> ?>a</ b>c", "?>a c"),
    ("a script is text", "<script>'<a>'</script ><b>x", "script('<a>') b(x)"),
    ("up to its own end", "<script></scriptx></SCRIPT>y", "script(</scriptx>) y"),
    ("so is a title, but for its references", "<title>a &amp; <b></title>c", "title(a & <b>) c"),
    ("without an end it is all", "<textarea><b>x", "textarea(<b>x)"),
    ("a paragraph ends where a block begins", "<p>a<div>b</div>", "p(a) div(b)"),
    ("an item where the next one begins", "<ul><li>a<ul><li>b<li>c</ul><li>d</ul>", "ul(li(a ul(li(b) li(c))) li(d))"),
    ("cells", "<table><tr><td>a<td>b<tr><td>c</table>", "table(tr(td(a) td(b)) tr(td(c)))"),
    ("what ends nothing", "</b>a</p>", "a"),
    ("what is left open ends with what it is in", "<div><b>x</div>y", "div(b(x)) y"),
    ("a tag without an end is none", "a<b x='", "a"),
    ("nor this one", "a<b ", "a"),
    ("a lone bracket", "1 < 2 <3", "1 < 2 <3"),
    ("references in attributes", "<a href='?a=1&copy=2&amp;b=3&#38;c'>", "a[href=?a=1&copy=2&b=3&c]()"),
]


def drawn(element: Element) -> str:
    """A tree in one line."""
    inside = " ".join(text for child in merged(element) if (text := child if isinstance(child, str) else drawn(child)))
    if not element.name:
        return inside
    attributes = " ".join(f"{name}={value}" for name, value in element.attributes.items())
    return f"{element.name}{f'[{attributes}]' if attributes else ''}({inside})"


def merged(element: Element) -> list[str | Element]:
    """Its children; what stands between them without a space."""
    return [child.strip() if isinstance(child, str) else child for child in element.children]


@pytest.mark.parametrize(("html", "tree"), [row[1:] for row in CASES], ids=[row[0] for row in CASES])
def test_the_table(html: str, tree: str) -> None:
    assert drawn(parse(html)) == tree


def test_templates_are_nowhere_on_the_page() -> None:
    assert [one.name for one in walk(parse("<p><template><a></a></template><b></b>"))] == ["p", "template", "b"]


def test_words() -> None:
    html = "<p>One\n two<br>three <b>four</b></p><ul><li>a<li>b</ul><script>x</script><pre>c\n  d</pre>"
    assert markup.text_of(parse(html)) == "One two\nthree four\na\nb\nc\nd"


def test_written_again() -> None:
    html = '<p class="x" onclick="y"><a href="?a&amp;b" title="&quot;">1 &lt; 2</a><br><script>x</script></p>'
    assert markup.inner_html(parse(html)) == '<p><a href="?a&amp;b" title="&quot;">1 &lt; 2</a><br></p>'


BOMBS: dict[str, Callable[[int], str]] = {
    "nested": lambda size: "<div>" * size,
    "paragraphs in them": lambda size: "<div>" * size + "<p>" * size,
    "formatting": lambda size: "".join(f"<b x={at}>" for at in range(size)) + "<p>" * size,
    "ends": lambda size: "<div>" * size + "</b>" * size,
    "comments": lambda size: "<!-" * size + "<!--" * size,
    "brackets": lambda size: "<" * size,
    "half a tag": lambda size: "<a " * size,
    "quotes": lambda size: "<a x=\"'" * size,
    "attributes": lambda size: "<a " + "b " * size + ">",
    "titles": lambda size: "<title" * size,
    "raw text": lambda size: "<title>" + "</titl" * size,
    "references": lambda size: "&" * size + "&amp" * size + "<a x='" + "&" * size,
    "spaces": lambda size: "<a x" + " " * size + "y" + " " * size,
}


@pytest.mark.parametrize("bomb", BOMBS.values(), ids=list(BOMBS))
def test_no_page_takes_the_square_of_its_size(bomb: Callable[[int], str]) -> None:
    def seconds(size: int) -> float:
        html, best = bomb(size), float("inf")
        for _ in range(3):
            start = time.process_time()
            page = parse(html)
            list(walk(page))
            markup.text_of(page)
            markup.inner_html(page)
            best = min(best, time.process_time() - start)
        return best

    small, large = seconds(3_000), seconds(24_000)
    # Eight times as much; sixty-four times as long it would take if it grew by the square.
    assert large < 24 * small + 0.05


def test_depth_and_number_end_somewhere() -> None:
    deep = parse("<div>" * 5_000 + "x" + "</div>" * 5_000 + "<p>after")
    depth, element = 0, deep
    while element.children and isinstance(element.children[0], Element):
        element, depth = element.children[0], depth + 1
    assert depth <= markup.MAX_DEPTH + 1 < sys.getrecursionlimit() / 5
    assert [one for one in walk(deep) if one.name == "p"] or len(list(walk(deep))) == 5_001
    assert len(list(walk(parse("<i></i>" * 100_000)))) == markup.MAX_ELEMENTS
