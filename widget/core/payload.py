"""What an answer about comments looks like on the wire: from values to JSON bytes, the same for every reader."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol

import msgspec

from widget.core import clock


@dataclass(frozen=True)
class CommentView:
    """One comment as read from the database; `tree` and `reactions` are JSON text, kept by the writers."""

    id: str
    parent: str | None
    state: str
    kind: str
    created_at: datetime
    edited_at: datetime | None
    tree: str
    html: str
    reply_count: int
    author_id: str
    author_name: str
    author_url: str | None
    author_avatar: str | None
    author_provider: str | None
    author_role: str | None = None
    reactions: str = "{}"
    pinned: bool = False


class Authored(Protocol):
    """Whatever has an author: a CommentView, or a row of the columns services.views.AUTHOR."""

    @property
    def author_id(self) -> str: ...
    @property
    def author_name(self) -> str: ...
    @property
    def author_url(self) -> str | None: ...
    @property
    def author_avatar(self) -> str | None: ...
    @property
    def author_provider(self) -> str | None: ...
    @property
    def author_role(self) -> str | None: ...


def author(view: Authored) -> dict[str, Any]:
    """The person as everyone sees them: never an address, an e-mail, or the provider's own id."""
    shown = {
        "id": view.author_id,
        "name": view.author_name,
        "url": view.author_url,
        "avatar": view.author_avatar,
        "provider": view.author_provider,
        "role": view.author_role,
    }
    return {name: value for name, value in shown.items() if value is not None}


def comment(view: CommentView, *, html: bool = False) -> dict[str, Any]:
    """The public form of a comment; a tombstone keeps its place and its time, and nothing of its author."""
    shown: dict[str, Any] = {"id": view.id}
    if view.parent:
        shown["parent"] = view.parent
    if view.state == "deleted":
        shown |= {"time": clock.rfc3339(view.created_at), "state": "deleted"}
    else:
        shown |= {"author": author(view), "time": clock.rfc3339(view.created_at)}
        if view.edited_at:
            shown["edited"] = clock.rfc3339(view.edited_at)
        if view.state != "published":
            shown["state"] = view.state
        shown |= {"html": view.html} if html else {"body": msgspec.Raw(view.tree.encode())}
        if view.reactions != "{}":
            shown["reactions"] = msgspec.Raw(view.reactions.encode())
        if view.pinned:
            shown["pinned"] = True
    if view.kind != "comment":
        shown["kind"] = view.kind
    if not view.parent:
        shown["replies"] = view.reply_count
    return shown


def encode(value: Mapping[str, Any] | Iterable[Any]) -> bytes:
    """Compact JSON."""
    return _ENCODER.encode(value)


_ENCODER = msgspec.json.Encoder()
