"""The one sanitiser: every comment that is ever shown went through here, whatever it was written in.

nh3 (an html5 parser with an allow-list) reads the html; a node tree of our own tags is made from what it left, every
href parsed once more; the tree is written as html and read again with a narrower list, until nothing changes.
"""

from collections.abc import Callable, Iterable
from typing import NamedTuple

import nh3

from widget.core import nodes
from widget.core.markdown import plain_html
from widget.core.nodes import Images, Node, Tree
from widget.core.tidy import tidy

_SCHEMES = {
    "http",
    "https",
    "mailto",
    nodes.PICTURE.rstrip(":"),
}  # the last in `src` alone: every href is looked at again
_ROUNDS = 6


class Clean(NamedTuple):
    """The same body twice: html, and the tree it was written from."""

    html: str
    tree: Tree


def sanitise(html: str, *, step: Callable[[Iterable[Node]], Tree] = list, images: Images | None = None) -> Clean:
    """A body of nothing but our tags and attributes, at most MAX_DEPTH deep, every link safe, no picture but `images`.

    Idempotent: `sanitise(sanitise(x).html) == sanitise(x)`. `step` may change the tree before it is checked.
    """
    if images:
        images = {**images, **{nodes.PICTURE + image.hash: image for image in images.values()}}
    tree = tidy(step(nodes.build(_WIDE.clean(html), images)))
    for _ in range(_ROUNDS):
        written = nodes.serialise(tree)
        read = tidy(nodes.build(_NARROW.clean(written), images))
        if read == tree:
            return Clean(written, tree)
        tree = read
    # Nothing that a person wrote comes here. Words without any tags are stable by nature.
    tree = tidy(nodes.build(_NARROW.clean(plain_html(nodes.text_of(tree)))))
    return Clean(nodes.serialise(tree), tree)


def _cleaner(*, wide: bool) -> nh3.Cleaner:
    attributes = {tag: set(names) for tag, names in nodes.ATTRIBUTES.items()}
    if wide:
        attributes |= {"acronym": {"title"}}
    return nh3.Cleaner(
        tags=set(nodes.TAGS | nodes.FOREIGN if wide else nodes.TAGS),
        attributes=attributes,
        url_schemes=_SCHEMES,
        url_relative="deny",
        link_rel=nodes.REL,
    )


_WIDE = _cleaner(wide=True)
_NARROW = _cleaner(wide=False)
