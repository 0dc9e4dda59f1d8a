"""The forms of answers about single comments and pages: who reacted, what was said before, what was deleted."""

from typing import Any

import msgspec

from widget.web.api import schema


class Reacted(msgspec.Struct):
    """How many reacted to it by kind, and the viewer's own reaction."""

    reactions: dict[str, int]
    mine: str | None
    thread: schema.Thread


class Person(schema.Author, kw_only=True):
    """Somebody, and the kind of their reaction."""

    kind: str


class People(msgspec.Struct):
    """People in the order in which they reacted, the last first; imported reactions are counted and have nobody."""

    reactions: dict[str, int]
    people: list[Person]
    next: str | None


class PeopleQuery(schema.SiteQuery):
    """`after` is the cursor of the answer before."""

    after: str | msgspec.UnsetType = msgspec.UNSET


class PagePeopleQuery(schema.PageQuery):
    """The page, and the cursor of the answer before."""

    after: str | msgspec.UnsetType = msgspec.UNSET


class Name(msgspec.Struct):
    """Somebody who wrote in a conversation."""

    id: str
    name: str
    avatar: str | msgspec.UnsetType = msgspec.UNSET
    provider: str | msgspec.UnsetType = msgspec.UNSET


class Names(msgspec.Struct):
    """The people that could be meant, the last to write first."""

    people: list[Name]


class NamesQuery(schema.PageQuery):
    """The page, and how the name begins; all names do with nothing."""

    q: str | msgspec.UnsetType = msgspec.UNSET


class Preview(msgspec.Struct):
    """What the text would look like; `body` as in Comment."""

    body: list[Any]


class Deleted(msgspec.Struct):
    """Where the thread stands after a deletion, and until when it can be undone."""

    thread: schema.Thread
    until: str


class Version(msgspec.Struct):
    """What a comment said from `time` on; `body` as in Comment."""

    time: str
    body: list[Any]


class History(msgspec.Struct):
    """The versions of a comment, the oldest first and the present one last; of very many some between are left out."""

    versions: list[Version]


class Ticket(msgspec.Struct):
    """`token` comes back with the comment.

    Where `bits` is not 0, so does a text `work`, such that SHA-256 of the token, a dot and that text begins with so
    many zero bits.
    """

    token: str
    bits: int


class Flagged(msgspec.Struct):
    """The comment that the viewer flagged, and why."""

    flagged: str
    reason: str


class Pinned(msgspec.Struct):
    """The comment that stands first now, if one does by this."""

    pinned: str | None
    thread: schema.Thread


class PageView(msgspec.Struct):
    """A page of the site."""

    url: str
    title: str | None


class LatestComment(schema.Comment, kw_only=True):
    """A comment, and the page that it is on."""

    page: PageView


class LatestAnswer(msgspec.Struct):
    """The latest comments, the newest first, and the cursor of what follows."""

    comments: list[LatestComment]
    next: str | None


class LatestQuery(schema.SiteQuery):
    """Up to 50 at a time, 10 unless `limit` says otherwise; `after` is the cursor of the answer before."""

    limit: int | msgspec.UnsetType = msgspec.UNSET
    after: str | msgspec.UnsetType = msgspec.UNSET
