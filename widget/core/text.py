"""What a person wrote, made ready to be kept and shown; the one place that renders."""

from collections.abc import Iterable
from typing import Final, Literal, NamedTuple, TypeAlias

from widget.core import markdown, nodes, tidy
from widget.core.fields import clean_email, clean_name, clean_text, clean_website, is_blank
from widget.core.nodes import Node, Tree
from widget.core.sanitise import sanitise

__all__ = [
    "RENDERER_VERSION",
    "Markup",
    "Rendered",
    "clean_email",
    "clean_name",
    "clean_text",
    "clean_website",
    "is_blank",
    "render",
]

# Stored with every comment. Raise it with every change to what `render` answers: older comments are then rendered anew.
RENDERER_VERSION: Final = 1

Markup: TypeAlias = Literal["markdown", "html", "wordpress"]


class Rendered(NamedTuple):
    """A body as html (for feeds, mail, pages), as the same in nodes (for the embed), and which renderer made it."""

    html: str
    tree: Tree
    version: int

    @property
    def blank(self) -> bool:
        """Whether a reader would see nothing: `[](https://x.example/)` is text, and shows none."""
        return is_blank(nodes.text_of(self.tree)) and ["hr"] not in self.tree


def render(raw: str, *, markup: Markup = "markdown") -> Rendered:
    """Sanitised html and node tree of `raw`; the same for the same input and version, in linear time.

    markdown: see `core.markdown`. html: what other systems export. wordpress: html with bare newlines. Addresses in
    running text become links in markdown and wordpress.
    """
    raw = raw.encode("utf-8", "replace").decode()  # a lone surrogate has no UTF-8
    if markup == "markdown":
        clean = sanitise(markdown.to_html(raw), step=tidy.linkify)
    elif markup == "wordpress":
        clean = sanitise(raw.replace("\r\n", "\n").replace("\r", "\n"), step=_wordpress)
    else:
        clean = sanitise(raw)
    return Rendered(clean.html, clean.tree, RENDERER_VERSION)


def _wordpress(tree: Iterable[Node]) -> Tree:
    return tidy.linkify(tidy.wordpress(tree))
