"""What a person wrote, made ready to be kept and shown; the one place that renders."""

from collections.abc import Iterable
from typing import Final, Literal, NamedTuple, TypeAlias

from widget.core import links, markdown, nodes, running, tidy
from widget.core.fields import clean_email, clean_name, clean_text, clean_website, is_blank
from widget.core.mentions import Mentions
from widget.core.nodes import Images, Node, Tree
from widget.core.sanitise import sanitise

__all__ = [
    "RENDERER_VERSION",
    "Markup",
    "Rendered",
    "clean_email",
    "clean_name",
    "clean_text",
    "clean_website",
    "images_of",
    "is_blank",
    "render",
    "words_of",
]

# Stored with every comment. Raise it with every change to what `render` answers: `widget db rerender`
# then renders older comments anew.
RENDERER_VERSION: Final = 2
_SEEN: Final = frozenset({"hr", "img"})  # without any words

Markup: TypeAlias = Literal["markdown", "html", "wordpress"]


class Rendered(NamedTuple):
    """A body as html (for feeds, mail, pages), as the same in nodes (for the embed), and which renderer made it."""

    html: str
    tree: Tree
    version: int

    @property
    def blank(self) -> bool:
        """Whether a reader would see nothing: `[](https://x.example/)` is text, and shows none."""
        return is_blank(nodes.text_of(self.tree)) and not nodes.has(self.tree, _SEEN)


def render(
    raw: str, *, markup: Markup = "markdown", mentions: Mentions | None = None, images: Images | None = None
) -> Rendered:
    """Sanitised html and node tree of `raw`; the same for the same input and version, in linear time.

    markdown: see `core.markdown`. html: what other systems export. wordpress: html with bare newlines. Addresses in
    running text become links in markdown and wordpress; in markdown also emoji by their names the characters, and the
    people of `mentions` are marked, who then knows them. Of images those are shown that are in `images`, by address.
    """
    raw = raw.encode("utf-8", "replace").decode()  # a lone surrogate has no UTF-8
    if markup == "markdown":
        people = mentions or Mentions(())
        clean = sanitise(markdown.to_html(raw), step=lambda tree: running.enrich(tree, people), images=images)
    elif markup == "wordpress":
        clean = sanitise(raw.replace("\r\n", "\n").replace("\r", "\n"), step=_wordpress, images=images)
    else:
        clean = sanitise(raw, images=images)
    return Rendered(clean.html, clean.tree, RENDERER_VERSION)


def words_of(html: str) -> str:
    """The words of a body as `render` wrote it in html: no tags, paragraphs as lines."""
    return nodes.text_of(nodes.build(html))


def images_of(raw: str) -> list[str]:
    """Where the images of a text in Markdown are: https addresses alone, each once, in order."""
    safe = (href for href in markdown.images(raw) if href.startswith("https://") and links.safe_href(href))
    return list(dict.fromkeys(safe))


def _wordpress(tree: Iterable[Node]) -> Tree:
    return running.linkify(tidy.wordpress(tree))
