"""The node tree: a comment's body as JSON, from which the embed builds elements without parsing any html.

A tree is a list of nodes; a node is a string or `[tag, {attribute: value}?, child, …]`.
"""

import re
from collections.abc import Iterable, Iterator
from html import escape
from typing import Any, Final, TypeAlias

from widget.core import links

Node: TypeAlias = "str | list[Any]"
Tree: TypeAlias = list[Node]

TAGS: Final = frozenset("p br hr strong em b i s del u q cite sub sup abbr code pre blockquote ul ol li a".split())
ATTRIBUTES: Final = {"a": frozenset({"href", "title"}), "ol": frozenset({"start"}), "abbr": frozenset({"title"})}
REL: Final = "nofollow ugc noopener noreferrer"
VOID: Final = frozenset({"br", "hr"})
BLOCKS: Final = frozenset({"p", "hr", "pre", "blockquote", "ul", "ol", "li"})
MAX_DEPTH: Final = 20
_MAX_TITLE = 300

# Foreign tags that are read as one of ours. Whatever is not here and not in TAGS was cut by the sanitiser before.
_PARAGRAPHS: Final = """div section article header footer main center address figure figcaption details summary dl dt dd
    table caption tr""".split()
_HEADINGS: Final = "h1 h2 h3 h4 h5 h6".split()
_CELLS: Final = frozenset({"td", "th"})
_LIKE: Final = {
    **dict.fromkeys(_PARAGRAPHS, "p"),
    **dict.fromkeys(["tt", "kbd", "samp"], "code"),
    **dict.fromkeys(["dfn", "var"], "em"),
    "strike": "s",
    "ins": "u",
    "acronym": "abbr",
    "img": "a",
}
FOREIGN: Final = frozenset({*_LIKE, *_HEADINGS, *_CELLS})

# Only ever reads what the sanitiser wrote: balanced tags, quoted values, five entities.
_TOKEN = re.compile(r'<(?P<close>/?)(?P<tag>[a-z][a-z0-9]*)(?P<attrs>(?: [a-z-]+="[^"]*")*)>|(?P<text>[^<]+)')
_ATTRIBUTE = re.compile(r' ([a-z-]+)="([^"]*)"')
_ENTITY = re.compile(r"&(amp|lt|gt|quot|nbsp);")
_CHARS = {"amp": "&", "lt": "<", "gt": ">", "quot": '"', "nbsp": "\xa0"}
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f]")
_START = re.compile(r"-?\d{1,9}\Z", re.ASCII)


def build(html: str) -> Tree:
    """The tree of sanitised html. Elements deeper than MAX_DEPTH are taken away around their text."""
    tree: Tree = []
    open_tags: list[tuple[str, list[Any], int]] = []  # the tag as written, where its children go, its depth in the tree
    for token in _TOKEN.finditer(html):
        children: list[Any] = open_tags[-1][1] if open_tags else tree
        depth = open_tags[-1][2] if open_tags else 0
        if text := token["text"]:
            _add_text(children, _CONTROL.sub("", _unescape(text)))
        elif token["close"]:
            if open_tags and open_tags[-1][0] == token["tag"]:
                open_tags.pop()
                if token["tag"] in _CELLS:
                    _add_text(open_tags[-1][1] if open_tags else tree, " ")
        else:
            tag, attributes = token["tag"], {key: _unescape(value) for key, value in _ATTRIBUTE.findall(token["attrs"])}
            inner = _open(children, tag, attributes) if depth < MAX_DEPTH else _flatten(children, tag)
            if tag not in VOID and tag != "img":
                open_tags.append((tag, inner, depth + (inner is not children)))
    return tree


def serialise(tree: Iterable[Node]) -> str:
    """Html of a tree; only ever ours, so every value is escaped and nothing is checked."""
    return "".join(_pieces(tree))


def text_of(tree: Iterable[Node]) -> str:
    """The words of a tree, paragraphs and line breaks as newlines."""
    return "".join(_words(tree)).strip("\n")


def parts(node: list[Any]) -> tuple[str, dict[str, str], list[Any]]:
    """A node's tag, attributes and children."""
    if len(node) > 1 and isinstance(node[1], dict):
        return node[0], node[1], node[2:]
    return node[0], {}, node[1:]


def node(tag: str, attributes: dict[str, str], children: Iterable[Node]) -> list[Any]:
    """Put together what `parts` takes apart."""
    return [tag, attributes, *children] if attributes else [tag, *children]


def _open(children: list[Any], tag: str, attributes: dict[str, str]) -> list[Any]:
    """Add the node of an opening tag and return where its children go: the node, or `children` if it has none."""
    if tag in _HEADINGS:
        strong: list[Any] = ["strong"]
        children.append(["p", strong])
        return strong
    ours = _LIKE.get(tag, tag)
    if ours not in TAGS:
        return children
    kept = _attributes(ours, {"href": attributes.get("src", "")} if tag == "img" else attributes)
    if ours == "a" and "href" not in kept:
        _add_text(children, attributes.get("alt", "")) if tag == "img" else None
        return children
    opened: list[Any] = [ours, kept] if kept else [ours]
    children.append(opened)
    if tag == "img":
        opened.append(attributes.get("alt", "").strip() or kept["href"])
    return opened


def _flatten(children: list[Any], tag: str) -> list[Any]:
    if (tag in BLOCKS or tag in _LIKE or tag == "br") and children and children[-1] != ["br"]:
        children.append(["br"])
    return children


def _attributes(tag: str, given: dict[str, str]) -> dict[str, str]:
    kept: dict[str, str] = {}
    if tag == "a" and (href := links.safe_href(given.get("href", ""))):
        kept["href"] = href
    title = " ".join(_CONTROL.sub(" ", given.get("title", "")).split())[:_MAX_TITLE].strip()
    if tag in {"a", "abbr"} and title:
        kept["title"] = title
    if tag == "ol" and _START.match(start := given.get("start", "")) and int(start) != 1:
        kept["start"] = str(int(start))
    return kept


def _add_text(children: list[Any], text: str) -> None:
    # Index 0 of a node is its tag, which is a string too.
    if len(children) > 1 and isinstance(children[-1], str):
        children[-1] += text
    elif text:
        children.append(text)


def _unescape(text: str) -> str:
    return _ENTITY.sub(lambda found: _CHARS[found[1]], text) if "&" in text else text


def _pieces(tree: Iterable[Node]) -> Iterator[str]:
    for item in tree:
        if isinstance(item, str):
            yield escape(item, quote=False)
            continue
        tag, attributes, children = parts(item)
        extra = {"rel": REL} if tag == "a" else {}
        written = "".join(f' {key}="{escape(value)}"' for key, value in (attributes | extra).items())
        yield f"<{tag}{written}>"
        if tag in VOID:
            continue
        if tag == "pre" and children and isinstance(children[0], str) and children[0].startswith("\n"):
            yield "\n"  # readers of html drop the first newline of a pre
        yield from _pieces(children)
        yield f"</{tag}>"


def _words(tree: Iterable[Node]) -> Iterator[str]:
    for item in tree:
        if isinstance(item, str):
            yield item
            continue
        tag, _, children = parts(item)
        if tag == "br":
            yield "\n"
        yield from _words(children)
        if tag in BLOCKS - {"ul", "ol", "blockquote"}:
            yield "\n"
