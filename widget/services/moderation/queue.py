"""What there is to decide, newest first: each comment with what one needs to know to decide about it.

A part is found by searches of an index, however long the queue is; what stands around its comments is read for these
alone.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, func, literal, or_, select, text, tuple_
from sqlalchemy.orm import Session

from widget.core import clock, ids, verdicts
from widget.core.errors import Problem
from widget.extensions import db
from widget.models import Comment, Flag, Identity, Standing, Thread, User
from widget.models.types import BigId, Instant
from widget.services import standings, views

LIMIT = 25
MOST_COUNTED = 1_000  # in the numbers beside the views
MOST_REMEMBERED = 200  # of a person's last comments
MOST_FLAGS = 10
MOST_SEARCHED = 20_000  # comments that a search looks at before it answers; the next part goes on from there
VIEWS = ("pending", "flagged", "spam", "all")
_FLAGGED = text("comment.flag_count > 0")  # as the index has it
_WHERE: dict[str, tuple[tuple[Any, ...], ...]] = {
    "pending": ((Comment.state == "pending",),),
    # What a state is made of here no index has: otherwise SQLite would search by states, and look at all of them.
    "flagged": ((_FLAGGED, func.coalesce(Comment.state, "").in_(("published", "pending"))),),
    "spam": ((Comment.state == "spam",),),
    "all": tuple((Comment.state == state,) for state in ("pending", "published", "spam", "deleted")),
}
_NEWEST = (Comment.created_at.desc(), Comment.id.desc())


@dataclass(frozen=True)
class Flagged:
    """A reader's word."""

    name: str
    reason: str
    note: str


@dataclass(frozen=True)
class Item:
    """A comment that may need a decision; `html` is what was stored, sanitised. `shown` says who may read it now.

    `past` counts the author's last comments on the site by state, `stands` is how they stand there.
    """

    id: str
    site_id: int
    state: str
    version: str
    time: datetime
    edited: datetime | None
    html: str
    shadow: bool
    restorable: bool
    author_id: str
    author: str
    author_url: str | None
    provider: str | None
    role: str | None
    page_url: str
    page_title: str | None
    parent: tuple[str, str] | None  # its author's name, and its html
    reasons: tuple[tuple[str, str, str], ...]  # why the checks held it: codes, words where the desk has none, details
    flags: tuple[Flagged, ...]
    more_flags: int
    past: Counter[str]
    past_is_all: bool
    stands: str | None


@dataclass(frozen=True)
class Part:
    """Comments in order, and the cursor of what follows; `cut`: it follows what has not been looked at yet."""

    items: list[Item]
    next: str | None
    cut: bool = False


def read(site_ids: Sequence[int], view: str, *, search: str = "", after: str | None = None, limit: int = LIMIT) -> Part:
    """A part of a view of these sites. `search` is looked for letter for letter, in texts, names and addresses, among
    so many comments at a time that the answer comes soon.

    Raises Problem("thread.bad_cursor").
    """
    rules = _search(search) if search else ()
    after_rules = (_behind(site_ids, after),) if after else ()
    lists = [(Comment.site_id == site_id, *where) for site_id in site_ids for where in _WHERE[view]]
    end = _end(lists, after_rules) if search else None
    if end:
        rules = (*rules, tuple_(Comment.created_at, Comment.id) >= _pair(end))
    found: list[Any] = []
    for where in lists:
        query = select(Comment.id, Comment.created_at).where(*where, *after_rules, *rules)
        found += db.session.execute(query.order_by(*_NEWEST).limit(limit + 1)).all()
    found.sort(key=lambda row: (row.created_at, row.id), reverse=True)
    items = _items([row.id for row in found[:limit]])
    if len(found) > limit:
        return Part(items, items[-1].id)
    return Part(items, end.public_id, cut=True) if end else Part(items, None)


def _end(lists: list[tuple[Any, ...]], after: tuple[Any, ...]) -> Any | None:
    """Where a search stops looking: found in the index alone. None: it looks at everything there is."""
    ends = []
    for where in lists:
        query = select(Comment.public_id, Comment.created_at, Comment.id).where(*where, *after).order_by(*_NEWEST)
        ends.append(db.session.execute(query.offset(MOST_SEARCHED // len(lists)).limit(1)).first())
    return max((end for end in ends if end), key=lambda row: (row.created_at, row.id), default=None)


def _pair(row: Any) -> Any:
    return tuple_(literal(row.created_at, Instant), literal(row.id, BigId))


def counts(site_ids: Sequence[int]) -> dict[str, int]:
    """How many there are in each view but the last, up to MOST_COUNTED."""
    answer = {}
    for view in VIEWS[:-1]:
        rows = select(literal(1)).where(Comment.site_id.in_(site_ids), *_WHERE[view][0]).limit(MOST_COUNTED)
        answer[view] = db.session.scalar(select(func.count()).select_from(rows.subquery())) or 0
    return answer


def past_of(session: Session, site_id: int, user_id: int) -> tuple[Counter[str], bool]:
    """A person's last comments on a site by state, and whether these are all."""
    query = select(Comment.state).where(Comment.user_id == user_id, Comment.site_id == site_id)
    rows = session.scalars(query.order_by(Comment.id.desc()).limit(MOST_REMEMBERED + 1)).all()
    return Counter(rows[:MOST_REMEMBERED]), len(rows) <= MOST_REMEMBERED


def _search(words: str) -> tuple[ColumnElement[bool], ...]:
    """`%`, `_` and whatever else patterns are made of are letters like others."""

    def says(column: Any) -> ColumnElement[bool]:
        found: ColumnElement[bool] = column.icontains(words, autoescape=True)
        return found

    named = select(User.id).where(says(User.name)).union(select(Identity.user_id).where(says(Identity.name)))
    pages = select(Thread.id).where(or_(says(Thread.url), says(Thread.title)))
    return (or_(says(Comment.raw), Comment.user_id.in_(named), Comment.thread_id.in_(pages)),)


def _behind(site_ids: Sequence[int], after: str) -> ColumnElement[bool]:
    """Compared as a pair, which an index can be searched by (services.windows)."""
    place = select(Comment.id, Comment.created_at).where(Comment.public_id == after, Comment.site_id.in_(site_ids))
    found = db.session.execute(place).first() if ids.is_public_id(after) else None
    if found is None:
        raise Problem("thread.bad_cursor")
    behind: ColumnElement[bool] = tuple_(Comment.created_at, Comment.id) < _pair(found)
    return behind


def _items(rows: list[int]) -> list[Item]:
    if not rows:
        return []
    query = views.select_views(
        *(Comment.id.label("row_id"), Comment.user_id, Comment.site_id, Comment.parent_id, Comment.flag_count),
        *(Comment.shadow, Comment.deleted_from, Comment.raw, Comment.judged, Thread.url, Thread.title),
    ).join(Thread, Thread.id == Comment.thread_id)
    found = {row["row_id"]: row for row in db.session.execute(query.where(Comment.id.in_(rows))).mappings()}
    above = _parents({row["parent_id"] for row in found.values()} - {None})
    flags = _flags([row["row_id"] for row in found.values() if row["flag_count"]])
    people = {(row["site_id"], row["user_id"]) for row in found.values()}
    past = {one: past_of(db.session(), *one) for one in people}
    stands = _stands(people)
    return [_item(found[row], above, flags, past, stands) for row in rows if row in found]


def _item(row: Any, above: Any, flags: Any, past: Any, stands: Any) -> Item:
    said = flags.get(row["row_id"], [])
    counted, is_all = past[row["site_id"], row["user_id"]]
    return Item(
        id=row["id"],
        site_id=row["site_id"],
        state=row["state"],
        version=clock.rfc3339(row["edited_at"] or row["created_at"]),
        time=row["created_at"],
        edited=row["edited_at"],
        html=row["html"],
        shadow=row["shadow"],
        restorable=row["state"] == "deleted" and row["deleted_from"] is None and row["raw"] != "",
        author_id=row["author_id"],
        author=row["author_name"],
        author_url=row["author_url"],
        provider=row["author_provider"],
        role=row["author_role"],
        page_url=row["url"],
        page_title=row["title"],
        parent=above.get(row["parent_id"]),
        reasons=_reasons(row["judged"]),
        flags=tuple(said[:MOST_FLAGS]),
        more_flags=max(0, row["flag_count"] - len(said[:MOST_FLAGS])),
        past=counted,
        past_is_all=is_all,
        stands=stands.get((row["site_id"], row["user_id"])),
    )


def _reasons(judged: str) -> tuple[tuple[str, str, str], ...]:
    """Why it was held or put away when it was last written: codes, the words of core.verdicts, and details."""
    found = (one for one in verdicts.read(judged).verdicts if one.reason.verdict in {verdicts.HOLD, verdicts.SPAM})
    return tuple((one.code, one.reason.words, one.detail) for one in found)


def _parents(rows: set[int]) -> dict[int, tuple[str, str]]:
    query = views.select_views(Comment.id.label("row_id")).where(Comment.id.in_(rows))
    return {row["row_id"]: (row["author_name"], row["html"]) for row in db.session.execute(query).mappings()}


def _flags(rows: list[int]) -> dict[int, list[Flagged]]:
    answer: dict[int, list[Flagged]] = {}
    for row in rows:  # one after the other: of a comment that thousands flagged, ten are read
        query = select(User.name, Flag.reason, Flag.note).join(User, User.id == Flag.user_id)
        open_ = query.where(Flag.comment_id == row, Flag.settled_at.is_(None)).order_by(Flag.id).limit(MOST_FLAGS)
        answer[row] = [Flagged(*one) for one in db.session.execute(open_)]
    return answer


def _stands(people: set[tuple[int, int]]) -> dict[tuple[int, int], str]:
    users = [user_id for _, user_id in people]
    kept = select(Standing.site_id, Standing.user_id, Standing.kind).where(Standing.user_id.in_(users))
    blocked = select(User.id).where(User.id.in_(users), *standings.blocked())
    out = set(db.session.scalars(blocked))
    said = {(row.site_id, row.user_id): row.kind for row in db.session.execute(kept.where(*standings.holding()))}
    answer = {}
    for site_id, user_id in people:
        kind = "banned" if user_id in out else said.get((site_id, user_id)) or said.get((None, user_id))
        if kind:
            answer[site_id, user_id] = kind
    return answer
