"""What is found in running text, outside of code: addresses, emoji by name, people by name."""

from collections.abc import Iterable, Iterator

from widget.core import links, shortcodes
from widget.core.mentions import Mentions
from widget.core.nodes import Node, Tree, node, parts

_CODE = frozenset({"code", "pre"})


def linkify(tree: Iterable[Node]) -> Tree:
    """Addresses become links."""
    linked: Tree = []
    for item in tree:
        if isinstance(item, str):
            linked += _linked(item)
        else:
            tag, attributes, children = parts(item)
            linked.append(item if tag in _CODE or tag == "a" else node(tag, attributes, linkify(children)))
    return linked


def enrich(tree: Iterable[Node], mentions: Mentions) -> Tree:
    """Addresses become links, names of emoji the characters, names of people are marked; in links, emoji alone."""
    rich: Tree = []
    for item in tree:
        if isinstance(item, str):
            rich += _rich(item, mentions)
        else:
            tag, attributes, children = parts(item)
            if tag == "a":
                rich.append(node(tag, attributes, _with_emoji(children)))
            else:
                rich.append(item if tag in _CODE else node(tag, attributes, enrich(children, mentions)))
    return rich


def _rich(text: str, mentions: Mentions) -> Iterator[Node]:
    for piece in _linked(text):
        if isinstance(piece, str):
            yield from mentions.mark(shortcodes.replace(piece))
        else:
            yield piece


def _with_emoji(children: Iterable[Node]) -> Iterator[Node]:
    """The words of a link; an address among them stays as it is."""
    for item in children:
        if isinstance(item, str):
            for piece in _linked(item):
                yield shortcodes.replace(piece) if isinstance(piece, str) else piece[2]
        else:
            tag, attributes, inner = parts(item)
            yield item if tag in _CODE else node(tag, attributes, _with_emoji(inner))


def _linked(text: str) -> Iterator[Node]:
    last = 0
    for found in links.find(text):
        yield text[last : found.start]
        yield ["a", {"href": found.href}, text[found.start : found.end]]
        last = found.end
    yield text[last:]
