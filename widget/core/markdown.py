"""Markdown as commenters use it, to html that still has to go through the sanitiser.

CommonMark with strikethrough; no headings, tables, html or references. A single newline is a line break, and code
behind a fence that names its language is coloured.
"""

from collections.abc import Iterator, Sequence
from html import escape
from types import SimpleNamespace
from typing import Any

from markdown_it import MarkdownIt
from markdown_it.helpers import parseLinkDestination, parseLinkLabel, parseLinkTitle
from markdown_it.renderer import RendererHTML
from markdown_it.rules_inline import StateInline
from markdown_it.token import Token
from markdown_it.utils import EnvType, OptionsDict

from widget.core import links, nodes
from widget.core.highlight import Budget, highlight

# Quotes and lists within each other (a list counts twice); the parser drops in silence what lies deeper.
_MAX_NESTING = 16
# Characters that may be looked at in search of the ends of link texts. Without a bound, 10,000 brackets take the
# square of that; ordinary texts stay under a hundredth of it.
_LABEL_BUDGET = 400_000


def to_html(text: str) -> str:
    """Html of `text`, not sanitised. A text nested beyond measure is shown as it was written."""
    env: dict[str, Any] = {"budget": _LABEL_BUDGET, "code": Budget()}
    tokens = _PARSER.parse(text, env)
    if any(token.nesting == 1 and token.level >= _MAX_NESTING - 1 for token in tokens):
        return plain_html(text)
    return str(_PARSER.renderer.render(tokens, _PARSER.options, env))


def images(text: str) -> Iterator[str]:
    """The addresses of the images in `text`, in order, as they stand in its html."""
    if "![" in text:
        tokens = _PARSER.parse(text, {"budget": _LABEL_BUDGET})
        while tokens:
            token = tokens.pop(0)
            if token.type == "image":
                yield str(token.attrs.get("src", ""))
            tokens = (token.children or []) + tokens


def plain_html(text: str) -> str:
    """Html that shows `text` letter for letter, with its line breaks."""
    return f"<p>{escape(text, quote=False).replace(chr(10), '<br>')}</p>"


def _label(state: StateInline, start: int, disableNested: bool = False) -> int:  # noqa: N803, FBT001, FBT002 - the parser's form
    """The parser's own search for the end of a link text, within the budget."""
    if state.src not in state.env:
        state.env[state.src] = state.src.rfind("](")  # a link's text ends there or earlier
    if state.env[state.src] < start or state.env["budget"] < 0:
        return -1
    end = parseLinkLabel(state, start, disableNested)
    state.env["budget"] -= (end if end >= 0 else state.posMax) - start
    return end


def _address(state: StateInline, silent: bool) -> bool:  # noqa: FBT001 - the parser's form of a rule
    """Keep `_` and `*` within an address from being emphasis. The address becomes a link later, in the node tree."""
    end = links.end_of_address(state.src[: state.posMax], state.pos) if state.src[state.pos] == ":" else state.pos
    if end == state.pos:
        return False
    if not silent:
        state.pending += state.src[state.pos : end]
    state.pos = end
    return True


def _image(self: RendererHTML, tokens: Sequence[Token], place: int, options: OptionsDict, env: EnvType) -> str:
    """An img, which the sanitiser makes a link unless this server has the picture."""
    token = tokens[place]
    source = str(token.attrs.get("src", ""))
    words = self.renderInlineAsText(token.children or [], options, env)
    if not words and not links.safe_href(source):
        return escape(source)
    return f'<img src="{escape(source)}" alt="{escape(words)}">'


def _fence(_self: RendererHTML, tokens: Sequence[Token], place: int, _options: OptionsDict, env: EnvType) -> str:
    token = tokens[place]
    language = token.info.split(maxsplit=1)[0] if token.info.strip() else ""
    return f"<pre><code>{nodes.serialise(highlight(token.content, language, env['code']))}</code></pre>\n"


def _make() -> MarkdownIt:
    parser = MarkdownIt("commonmark", {"html": False, "linkify": False, "breaks": True, "maxNesting": _MAX_NESTING})
    parser.enable("strikethrough")
    parser.disable(["heading", "lheading", "html_block", "html_inline", "reference"])
    parser.inline.ruler.before("escape", "address", _address)
    parser.helpers = SimpleNamespace(  # type: ignore[assignment]  # it is a module there, used for these three alone
        parseLinkLabel=_label, parseLinkDestination=parseLinkDestination, parseLinkTitle=parseLinkTitle
    )
    parser.add_render_rule("image", _image)
    parser.add_render_rule("fence", _fence)
    return parser


_PARSER = _make()
