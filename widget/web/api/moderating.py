"""The forms of decisions: what is asked, and what became of it."""

from typing import Annotated, Literal

import msgspec

from widget.web.api import schema

State = Literal["pending", "published", "spam", "deleted"]


class Decide(msgspec.Struct, frozen=True):
    """`version`: the time of the text that was seen; `why`: for the log, at most 500 characters."""

    act: Literal["approve", "spam", "delete", "restore"]
    version: str | None = None
    why: str | None = None


class Decided(msgspec.Struct):
    """The states of the comment before and now."""

    decided: str
    before: State
    state: State
    thread: schema.Thread


class Judge(msgspec.Struct, frozen=True):
    """`days`: for how long; for good without it."""

    act: Literal["ban", "shadow", "trust", "pardon"]
    days: Annotated[int, msgspec.Meta(ge=1, le=36_500)] | None = None
    why: str | None = None


class Judged(msgspec.Struct):
    """How the person stands on this site now, and until when."""

    person: str
    stands: Literal["banned", "shadowed", "trusted"] | None
    until: str | None
