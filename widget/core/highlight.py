"""Code in colours, decided when the comment is written: no reader's browser needs a program for it.

Pygments reads the code; of its hundred kinds of token eight letters are left, which the style sheets know. Its lexers
are regular expressions over what a stranger wrote, so three bounds hold: the languages of the list alone (their
expressions were looked through for those that take worse than the square of a text), a window that no expression sees
beyond, and between the steps a look at the number of spans and at the processor's time. Whoever goes beyond is shown
their code without colours.
"""

import sys
from collections.abc import Callable, Iterator
from functools import lru_cache
from typing import TYPE_CHECKING, Any, Final

from widget.core import clock
from widget.core.nodes import Tree

if TYPE_CHECKING:
    from pygments.lexer import Lexer

# What may stand behind the fence -> Pygments' own name, where that is another. Exact names alone: nothing is guessed.
_OTHER_NAMES: Final = {
    **dict.fromkeys(["sh", "shell", "zsh"], "bash"),
    **dict.fromkeys(["c++", "cc", "hpp"], "cpp"),
    **dict.fromkeys(["cs", "c#"], "csharp"),
    "ex": "elixir",
    "golang": "go",
    "hs": "haskell",
    "htm": "html",
    **dict.fromkeys(["js", "jsx", "mjs"], "javascript"),
    "kt": "kotlin",
    **dict.fromkeys(["objc", "objectivec"], "objective-c"),
    "pl": "perl",
    **dict.fromkeys(["ps1", "pwsh"], "powershell"),
    **dict.fromkeys(["py", "python3"], "python"),
    "rb": "ruby",
    "rs": "rust",
    **dict.fromkeys(["ts", "tsx"], "typescript"),
    "udiff": "diff",
    "patch": "diff",
    "svg": "xml",
    "yml": "yaml",
}
LANGUAGES: Final = frozenset(
    """bash c cpp csharp css dart diff elixir go graphql haskell html ini java javascript json julia kotlin less
    lua nginx objective-c perl php powershell python r ruby rust scala scss sql swift toml typescript xml yaml
    zig""".split()
)
_OPTIONS: Final[dict[str, dict[str, Any]]] = {"php": {"startinline": True}}  # nobody writes <?php in a comment

MAX_SPANS: Final = 2_000  # in one comment; 10,000 characters of ordinary code have some 800
SECONDS: Final = 0.1  # of the processor, for all the code of one comment; ordinary code of 10,000 characters takes 0.02
WINDOW: Final = 1_000  # characters that one expression may see of the code before it

# The first kind that contains a token's, from the narrow to the wide.
_CLASSES: Final = (
    ("Token.Comment.PreprocFile", "s"),
    ("Token.Comment.Preproc", "k"),
    ("Token.Comment", "c"),
    ("Token.Keyword", "k"),
    ("Token.Operator.Word", "k"),
    ("Token.Operator", "o"),
    ("Token.Literal.Number", "m"),
    ("Token.Literal", "s"),
    ("Token.Name.Tag", "k"),
    *((f"Token.Name.{kind}", "n") for kind in ("Attribute", "Builtin", "Class", "Decorator", "Exception", "Function")),
    ("Token.Generic.Deleted", "d"),
    ("Token.Generic.Inserted", "i"),
    ("Token.Generic.Heading", "k"),
    ("Token.Generic.Subheading", "k"),
)


class Budget:
    """What is left for the code of one comment."""

    def __init__(self) -> None:
        self.spans = MAX_SPANS
        self.seconds = SECONDS


def highlight(code: str, language: str, budget: Budget) -> Tree:
    """`code` as nodes: texts and ["span", {"class": letter}, text]; one text if there is nothing to colour."""
    name = language.lower()
    name = _OTHER_NAMES.get(name, name)
    if name not in LANGUAGES or budget.spans <= 0 or budget.seconds <= 0:
        return [code]
    lexer = _lexer(name)
    start = clock.processor_seconds()
    try:
        pieces = list(_pieces(lexer, code, budget, start + budget.seconds))
    except _TooMuchError:
        pieces = []
    budget.seconds -= clock.processor_seconds() - start
    if "".join(text for _, text in pieces) != code:
        return [code]
    return [["span", {"class": letter}, text] if letter else text for letter, text in pieces]


class _TooMuchError(Exception):
    """The budget is spent."""


def _pieces(lexer: "Lexer", code: str, budget: Budget, end: float) -> Iterator[tuple[str, str]]:
    """(class, text), neighbours of one class as one; white space is of no class."""
    letter, waiting = "", ""
    for _, kind, text in lexer.get_tokens_unprocessed(code):
        if clock.processor_seconds() > end:
            budget.spans = 0
            raise _TooMuchError
        found = "" if text.isspace() else _class_of(str(kind))
        if found == letter:
            waiting += text
            continue
        if waiting:
            yield letter, waiting
            budget.spans -= letter != ""
            if budget.spans < 0:
                raise _TooMuchError
        letter, waiting = found, text
    if waiting:
        yield letter, waiting


@lru_cache(maxsize=200)
def _class_of(kind: str) -> str:
    """The letter of a Pygments token type, written as `Token.Name.Function`; "" for what has no colour."""
    return next((letter for start, letter in _CLASSES if kind == start or kind.startswith(f"{start}.")), "")


@lru_cache(maxsize=len(LANGUAGES))
def _lexer(name: str) -> "Lexer":
    from pygments.lexers import get_lexer_by_name  # together with a language 30 ms, which most processes never need

    lexer = get_lexer_by_name(name, **_OPTIONS.get(name, {}))
    if states := getattr(lexer, "_tokens", None):  # one is written by hand, in linear time: JSON's
        lexer._tokens = {
            state: [(_near(match), action, follows) for match, action, follows in rules]
            for state, rules in states.items()
        }
    return lexer


def _near(match: Callable[..., Any]) -> Callable[..., Any]:
    """`match` of a compiled expression, which sees no further than the window."""

    def look(text: str, place: int, end: int = sys.maxsize) -> Any:
        return match(text, place, min(end, place + WINDOW))

    return look
