"""The node tree: a comment's body as JSON, from which the embed builds elements without parsing any html.

A tree is a list of nodes; a node is a string or `[tag, {attribute: value}?, child, …]`.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from html import escape
from typing import Any, Final, NamedTuple, TypeAlias

from widget.core import links

Node: TypeAlias = "str | list[Any]"
Tree: TypeAlias = list[Node]

TAGS: Final = frozenset(
    "p br hr strong em b i s del u q cite sub sup abbr code pre blockquote ul ol li a span img".split()
)
ATTRIBUTES: Final = {
    "a": frozenset({"href", "title"}),
    "ol": frozenset({"start"}),
    "abbr": frozenset({"title"}),
    "span": frozenset({"class"}),
    "img": frozenset({"src", "alt", "width", "height"}),
}
# What a span may be: a person who is named; in code a keyword, string, comment, name, number, operator, line taken out,
# line put in (core.highlight).
CLASSES: Final = frozenset("at k s c n m o d i".split())
REL: Final = "nofollow ugc noopener noreferrer"
VOID: Final = frozenset({"br", "hr", "img"})
BLOCKS: Final = frozenset({"p", "hr", "pre", "blockquote", "ul", "ol", "li"})
MAX_DEPTH: Final = 20
PICTURE: Final = "picture:"  # stands in our html before the hash of a picture: whoever shows it knows the address
_MAX_TITLE = 300


class Image(NamedTuple):
    """A picture that this server shows, by its hash; its size in pixels, so that nothing moves when it comes."""

    hash: str
    width: int
    height: int


Images: TypeAlias = Mapping[
    str, Image
]  # by what stands in `src`: the address that was written, or PICTURE and the hash

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


def build(html: str, images: Images | None = None) -> Tree:
    """The tree of sanitised html. Elements deeper than MAX_DEPTH are taken away around their text.

    An img whose `src` is in `images` becomes that picture; any other, a link.
    """
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
            if depth >= MAX_DEPTH:
                inner = _flatten(children, tag)
            elif tag == "img" and images and (image := images.get(attributes.get("src", ""))):
                inner = _picture(children, image, attributes)
            else:
                inner = _open(children, tag, attributes)
            if tag not in VOID:
                open_tags.append((tag, inner, depth + (inner is not children)))
    return tree


def serialise(tree: Iterable[Node]) -> str:
    """Html of a tree; only ever ours, so every value is escaped and nothing is checked."""
    return "".join(_pieces(tree))


def hrefs(tree: Iterable[Node]) -> Iterator[str]:
    """Where the links of a tree lead, each as often as it stands there."""
    for item in tree:
        if not isinstance(item, str):
            tag, attributes, children = parts(item)
            if tag == "a" and "href" in attributes:
                yield attributes["href"]
            yield from hrefs(children)


def text_of(tree: Iterable[Node]) -> str:
    """The words of a tree, paragraphs and line breaks as newlines."""
    return "".join(_words(tree)).strip("\n")


def has(tree: Iterable[Node], tags: frozenset[str]) -> bool:
    """Whether there is an element of one of these tags, however deep."""
    elements = [parts(item) for item in tree if not isinstance(item, str)]
    return any(tag in tags or has(children, tags) for tag, _, children in elements)


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
    if ours == "span" and not kept:
        return children
    if ours == "a" and "href" not in kept:
        _add_text(children, attributes.get("alt", "")) if tag == "img" else None
        return children
    opened: list[Any] = [ours, kept] if kept else [ours]
    children.append(opened)
    if tag == "img":
        opened.append(attributes.get("alt", "").strip() or kept["href"])
    return opened


def _picture(children: list[Any], image: Image, attributes: dict[str, str]) -> list[Any]:
    alt = _line(attributes.get("alt", ""))
    shown = {"src": image.hash, **({"alt": alt} if alt else {})}
    children.append(["img", {**shown, "width": str(image.width), "height": str(image.height)}])
    return children


def _flatten(children: list[Any], tag: str) -> list[Any]:
    if (tag in BLOCKS or tag in _LIKE or tag == "br") and children and children[-1] != ["br"]:
        children.append(["br"])
    return children


def _attributes(tag: str, given: dict[str, str]) -> dict[str, str]:
    kept: dict[str, str] = {}
    if tag == "a" and (href := links.safe_href(given.get("href", ""))):
        kept["href"] = href
    if tag in {"a", "abbr"} and (title := _line(given.get("title", ""))):
        kept["title"] = title
    if tag == "span" and (letter := given.get("class")) in CLASSES:
        kept["class"] = str(letter)
    if tag == "ol" and _START.match(start := given.get("start", "")) and int(start) != 1:
        kept["start"] = str(int(start))
    return kept


def _line(text: str) -> str:
    return " ".join(_CONTROL.sub(" ", text).split())[:_MAX_TITLE].strip()


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
        written = "".join(f' {key}="{escape(value)}"' for key, value in _in_html(tag, attributes).items())
        yield f"<{tag}{written}>"
        if tag in VOID:
            continue
        if tag == "pre" and children and isinstance(children[0], str) and children[0].startswith("\n"):
            yield "\n"  # readers of html drop the first newline of a pre
        yield from _pieces(children)
        yield f"</{tag}>"


def _in_html(tag: str, attributes: dict[str, str]) -> dict[str, str]:
    if tag == "a":
        return attributes | {"rel": REL}
    if tag == "img":
        return {"src": PICTURE + attributes["src"], "alt": "", **_without(attributes, "src"), "loading": "lazy"}
    return attributes


def _without(attributes: dict[str, str], name: str) -> dict[str, str]:
    return {key: value for key, value in attributes.items() if key != name}


def _words(tree: Iterable[Node]) -> Iterator[str]:
    for item in tree:
        if isinstance(item, str):
            yield item
            continue
        tag, attributes, children = parts(item)
        if tag == "br":
            yield "\n"
        elif tag == "img":
            yield attributes.get("alt", "")
        yield from _words(children)
        if tag in BLOCKS - {"ul", "ol", "blockquote"}:
            yield "\n"
