"""Brings a node tree into the one form that is stored, and finds the paragraphs that WordPress leaves to be guessed."""

import re
from collections.abc import Callable, Iterable, Iterator
from itertools import groupby
from typing import Any

from widget.core.nodes import BLOCKS, VOID, Node, Tree, node, parts

_SPACE = " \t\n\f"
_BLANK_LINE = re.compile(r"\n[ \t]*\n\s*")


def tidy(tree: Iterable[Node]) -> Tree:
    """Nothing empty, no space at the edges of a paragraph, no loose text between blocks at the top."""
    return list(_flow((_tidy_node(item) for item in tree), wrap=True))


def wordpress(tree: Iterable[Node]) -> Tree:
    """Blank lines become paragraphs and single newlines line breaks, as WordPress shows the comments it stores."""
    result: Tree = []
    for loose, run in groupby(_merged(tree), key=_is_inline):
        if loose:
            result += (["p", *_with_breaks(paragraph)] for paragraph in _paragraphs(run))
        else:
            result += (_wordpress_block(item) for item in run if not isinstance(item, str))
    return result


def _wordpress_block(item: list[Any]) -> list[Any]:
    tag, attributes, children = parts(item)
    if tag == "blockquote":
        return node(tag, attributes, wordpress(children))
    if tag in {"ul", "ol"}:
        children = [child if isinstance(child, str) else _wordpress_block(child) for child in children]
        return node(tag, attributes, children)
    return item if tag == "pre" else node(tag, attributes, _with_breaks(children))


def _paragraphs(run: Iterable[Node]) -> Iterator[Tree]:
    """Cut a run of inline nodes at its blank lines."""
    paragraph: Tree = []
    for item in run:
        if not isinstance(item, str):
            paragraph.append(item)
            continue
        first, *others = _BLANK_LINE.split(item)
        paragraph.append(first)
        for other in others:
            yield paragraph
            paragraph = [other]
    yield paragraph


def _with_breaks(children: Iterable[Node]) -> Iterator[Node]:
    after_break = False
    for item in _merged(children):
        if isinstance(item, str):
            lines = (item.removeprefix("\n") if after_break else item).split("\n")
            for place, line in enumerate(lines):
                if place:
                    yield ["br"]
                yield line
            after_break = False
        else:
            tag, attributes, inner = parts(item)
            if tag in BLOCKS:
                yield _wordpress_block(item)
            else:
                yield node(tag, attributes, _with_breaks(inner)) if inner else item
            after_break = tag == "br" or tag in BLOCKS


def _tidy_node(item: Node) -> Node:
    if isinstance(item, str):
        return item
    tag, attributes, children = parts(item)
    if tag in VOID:
        return item
    inner: list[Node] = [_tidy_node(child) for child in children]
    if tag == "pre":
        inner = list(_merged(inner))
    elif tag in BLOCKS:
        inner = list(_flow(inner, wrap=False))
    else:
        inner = list(_merged(inner))
        if not any(_shows(child) for child in inner):
            return " " if any(inner) else ""
    return node(tag, attributes, inner) if any(_shows(child) for child in inner) else ""


def _flow(children: Iterable[Node], *, wrap: bool) -> Iterator[Node]:
    """Children of a block: runs of inline nodes trimmed and, with `wrap`, put into paragraphs."""
    for loose, run in groupby(_merged(children), key=_is_inline):
        if not loose:
            yield from run
        elif inline := _trimmed(list(run)):
            if wrap:
                yield ["p", *inline]
            else:
                yield from inline


def _merged(children: Iterable[Node]) -> Iterator[Node]:
    """Neighbouring strings as one, and no white space behind a line break."""
    after_break = False
    for is_text, run in groupby(children, key=_is_text):
        if is_text:
            text = "".join(str(piece) for piece in run)
            if after_break:
                text = text.lstrip(_SPACE)
            if text:
                after_break = False
                yield text
        else:
            for item in run:
                after_break = item == ["br"]
                yield item


def _trimmed(inline: list[Node]) -> list[Node]:
    """Without white space and line breaks at both ends."""
    for end, strip in ((0, str.lstrip), (-1, str.rstrip)):
        inline = _trimmed_end(inline, end, strip)
    return inline


def _trimmed_end(inline: list[Node], end: int, strip: Callable[[str, str], str]) -> list[Node]:
    while inline:
        edge = inline[end]
        if isinstance(edge, str):
            if text := strip(edge, _SPACE):
                inline[end] = text
                break
        elif edge != ["br"]:
            break
        del inline[end]
    return inline


def _is_text(item: Node) -> bool:
    return isinstance(item, str)


def _is_inline(item: Node) -> bool:
    """Whether a paragraph may hold it."""
    if isinstance(item, str):
        return True
    tag, _, children = parts(item)
    return tag not in BLOCKS and all(_is_inline(child) for child in children)


def _shows(item: Node) -> bool:
    """Whether there is anything to see of it."""
    return bool(item.strip(_SPACE)) if isinstance(item, str) else item != ["br"]
