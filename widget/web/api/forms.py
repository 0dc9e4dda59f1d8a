"""The forms of answers about single comments and pages: who reacted."""

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
