"""What a check finds: one line."""

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum

from widget.core.errors import Problem
from widget.providers.probe import Wrong


class State(StrEnum):
    """Good, not in use, or to be mended."""

    OK = "ok"
    OFF = "off"
    WRONG = "wrong"


@dataclass(frozen=True)
class Finding:
    """`what` was looked at, and what to say of it in one line."""

    what: str
    state: State
    words: str


@dataclass(frozen=True)
class Look:
    """A look that takes its time: `see` returns what is good to know, or raises Wrong. `after` stands behind both."""

    what: str
    see: Callable[[], str]
    after: str = ""


def look(thing: Finding | Look) -> Finding:
    """What is found there."""
    if isinstance(thing, Finding):
        return thing
    try:
        return Finding(thing.what, State.OK, _line(thing.see(), thing.after))
    except Wrong as wrong:
        return Finding(thing.what, State.WRONG, _line(str(wrong), thing.after))
    except Problem as problem:
        return Finding(thing.what, State.WRONG, _line(str(problem.details.get("reason", problem.message)), thing.after))


def _line(words: str, after: str) -> str:
    joined = f"{words}; {after}" if after else words
    return " ".join(joined.split())
