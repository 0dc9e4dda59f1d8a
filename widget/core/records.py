"""What a reader of a foreign format hands to `services.transfer`, whatever the format."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal, TypeAlias

from widget.core.text import Markup

State: TypeAlias = Literal["published", "pending", "spam", "deleted"]
Kind: TypeAlias = Literal["comment", "pingback", "trackback"]


@dataclass(frozen=True)
class AuthorRecord:
    """Who wrote: `key` is the same for the same person in every export of that system, and for nobody else.

    `hints` says what may help the person to claim the comments by signing in: ids and accounts of that system.
    """

    key: str
    name: str
    email: str | None = None
    website: str | None = None
    hints: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class ThreadRecord:
    """A page with comments. It comes before its first comment; `url` as it stands in the export."""

    foreign_id: str
    url: str
    title: str | None = None
    created: datetime | None = None
    open: bool = True


@dataclass(frozen=True)
class CommentRecord:
    """A comment; `thread` and `parent` are foreign ids, `created` is aware. A parent may come after its replies.

    `guessed` says that the export had no usable time and `created` was taken from what stands nearby.
    """

    foreign_id: str
    thread: str
    author: AuthorRecord
    created: datetime
    text: str
    markup: Markup
    parent: str | None = None
    state: State = "published"
    kind: Kind = "comment"
    guessed: bool = False
    hints: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class LeftOut:
    """Something of the export that is no comment for readers, and why; it is counted, not stored."""

    reason: str


Record: TypeAlias = ThreadRecord | CommentRecord | LeftOut
