"""The parts of a conversation that can be asked for, each read by searches of an index.

Roots by keyset on (what they are sorted by, id), replies by their number below the root: what a part costs depends on
what it shows, never on how long or how deep the conversation is.
"""

import re
from dataclasses import dataclass
from functools import cache
from typing import Any, NamedTuple

from sqlalchemy import Integer, Select, bindparam, literal, or_, select, tuple_
from sqlalchemy.orm import aliased

from widget.core.errors import Problem
from widget.extensions import db
from widget.models import Comment, Thread
from widget.models.types import BigId
from widget.services.views import public, select_views

MAX_LIMIT = 100
MAX_VERSION = 999_999_999
FIRST_REPLIES = 20
PATH = 12  # comments between a root and the one that is asked for; further ones are left out
MOST_NEWS = 100
# sort -> the column, and whether the highest comes first. The order of a page that readers change while they read it
# is told by the cursor, which carries the value it stands at.
SORTS = {
    "oldest": (Comment.created_at, False),
    "newest": (Comment.created_at, True),
    "best": (Comment.best, True),
    "replies": (Comment.reply_count, True),
}
_RANKED = re.compile(r"(\d{1,9})-(\w{1,40})", re.ASCII)


@dataclass(frozen=True)
class Window:
    """Which part of a conversation is asked for.

    Roots; or with `root` the further replies of one root; or with `at` the one conversation around a comment; or with
    `since` what changed after a version (-1: not asked for).
    """

    sort: str
    limit: int
    after: str | None = None
    root: str | None = None
    at: str | None = None
    since: int = -1
    html: bool = False


class Part(NamedTuple):
    """Comments in order, and the cursor of what follows."""

    comments: list[dict[str, Any]]
    next: str | None


class News(NamedTuple):
    """Comments that are shown otherwise now, ids of those that are not to be seen any more; or too much of both."""

    comments: list[dict[str, Any]]
    gone: list[str]
    reset: bool


# Every statement is made once: to make one takes SQLAlchemy several times as long as to run it.
_PLACE = select(*(Comment.__table__.c[name] for name in ("id", "created_at", "root_id", "reply_no", "visible"))).where(
    Comment.public_id == bindparam("name"), Comment.thread_id == bindparam("thread")
)
_ROOTS = select_views(Comment.id.label("row_id"), Comment.best).where(
    Comment.thread_id == bindparam("thread"), Comment.parent_id.is_(None), Comment.visible
)
_PINNED = _ROOTS.where(Comment.id == bindparam("pinned"))
_FIRST_REPLIES = (
    select_views(Comment.root_id.label("root_row"))
    .where(Comment.root_id.in_(bindparam("roots", expanding=True)), Comment.reply_no <= FIRST_REPLIES, Comment.visible)
    .order_by(Comment.root_id, Comment.reply_no)
)
_REPLIES = (
    select_views()
    .where(Comment.root_id == bindparam("root"), Comment.reply_no > bindparam("after"), Comment.visible)
    .order_by(Comment.reply_no)
    .limit(bindparam("most", type_=Integer))
)
_NEWS = (
    select_views(Comment.id.label("row_id"), Comment.visible, Comment.appeared)
    .where(Comment.thread_id == bindparam("thread"), Comment.changed > bindparam("since"))
    .order_by(Comment.changed)
    .limit(MOST_NEWS + 1)
)
_PATH = (
    select(Comment.id, Comment.parent_id, literal(0).label("steps"))
    .where(Comment.id == bindparam("target"))
    .cte("path", recursive=True)
)
_HIGHER = aliased(Comment)
_PATH = _PATH.union_all(
    select(_HIGHER.id, _HIGHER.parent_id, _PATH.c.steps + 1).where(
        _HIGHER.id == _PATH.c.parent_id, _PATH.c.steps < PATH
    )
)
_PLACED = select_views(Comment.id.label("row_id"), Comment.parent_id.label("above"))
_LEADING = _PLACED.where(or_(Comment.id == bindparam("root"), Comment.id.in_(select(_PATH.c.id)))).order_by(
    Comment.reply_no
)
_FOLLOWING = (
    _PLACED.where(Comment.root_id == bindparam("root"), Comment.reply_no > bindparam("after"), Comment.visible)
    .order_by(Comment.reply_no)
    .limit(bindparam("most", type_=Integer))
)


@cache
def _page_of_roots(sort: str, *, pinned: bool, beyond: bool) -> Select[Any]:
    """Beyond (rank, row), compared as a pair: the same written with OR reads an index from its beginning."""
    column, descending = SORTS[sort]
    query = _ROOTS.where(Comment.id != bindparam("pinned")) if pinned else _ROOTS
    if beyond:
        bound = tuple_(bindparam("rank", type_=column.type), bindparam("row", type_=BigId))
        key = tuple_(column, Comment.id)
        query = query.where(key < bound if descending else key > bound)
    order = (column.desc(), Comment.id.desc()) if descending else (column, Comment.id)
    return query.order_by(*order).limit(bindparam("most", type_=Integer))


def read(thread: Thread, window: Window) -> Part:
    """The comments of the window. Raises Problem("thread.bad_cursor") or ("comment.not_found")."""
    if window.at:
        return _around(thread, window)
    return _replies(thread, window) if window.root else _roots(thread, window)


def news(thread: Thread, window: Window) -> News:
    """What changed after version `window.since`."""
    if window.since >= thread.version:
        return News([], [], reset=window.since > thread.version)
    rows = db.session.execute(_NEWS, {"thread": thread.id, "since": window.since}).mappings().all()
    if len(rows) > MOST_NEWS:
        return News([], [], reset=True)
    shown = [
        _public(row, thread, window) | ({"new": True} if row["appeared"] > window.since else {})
        for row in rows
        if row["visible"]
    ]
    return News(shown, [row["id"] for row in rows if not row["visible"]], reset=False)


def _roots(thread: Thread, window: Window) -> Part:
    beyond = _beyond(thread, window, window.after) if window.after else {}
    values = {"thread": thread.id, "most": window.limit + 1, "pinned": thread.pinned_id, **beyond}
    page = _page_of_roots(window.sort, pinned=thread.pinned_id is not None, beyond=bool(beyond))
    rows = list(db.session.execute(page, values).mappings())
    rest = rows[window.limit :]
    del rows[window.limit :]
    cursor = _cursor_behind(rows[-1], window.sort) if rest else None
    if thread.pinned_id is not None and not window.after:
        rows[:0] = db.session.execute(_PINNED, values).mappings()
    replies = _first_replies([row["row_id"] for row in rows]) if rows else {}
    shown: list[dict[str, Any]] = []
    for row in rows:
        below = replies.get(row["row_id"], [])
        root = _public(row, thread, window)
        if sum(reply["state"] == "published" for reply in below) < row["reply_count"]:
            root["more"] = below[-1]["id"] if below else row["id"]
        shown += [root, *(public(reply, html=window.html) for reply in below)]
    return Part(shown, cursor)


def _first_replies(roots: list[int]) -> dict[int, list[Any]]:
    grouped: dict[int, list[Any]] = {}
    for row in db.session.execute(_FIRST_REPLIES, {"roots": roots}).mappings():
        grouped.setdefault(row["root_row"], []).append(row)
    return grouped


def _replies(thread: Thread, window: Window) -> Part:
    root = _row(thread, window.root or "", code="comment.not_found")
    after = _row(thread, window.after).reply_no if window.after else 0
    values = {"root": root.id, "after": after, "most": window.limit + 1}
    rows = db.session.execute(_REPLIES, values).mappings().all()
    rows, rest = rows[: window.limit], rows[window.limit :]
    return Part([public(row, html=window.html) for row in rows], rows[-1]["id"] if rest else None)


def _around(thread: Thread, window: Window) -> Part:
    """A comment's root, up to PATH comments that lead from there to it, the comment, and what was answered to it.

    What follows is found among the next replies of the same root; `next` goes on from there with `root`.
    """
    target = _row(thread, window.at or "", code="comment.not_found")
    if not target.visible:
        raise Problem("comment.not_found")
    root = target.root_id or target.id
    rows = list(db.session.execute(_LEADING, {"root": root, "target": target.id}).mappings())
    values = {"root": root, "after": target.reply_no, "most": window.limit + 1}
    following = db.session.execute(_FOLLOWING, values).mappings().all()
    known = {target.id}
    for row in following[: window.limit]:
        if row["above"] in known:
            known.add(row["row_id"])
            rows.append(row)
    rest = following[window.limit :]
    return Part([_public(row, thread, window) for row in rows], following[window.limit - 1]["id"] if rest else None)


def _public(row: Any, thread: Thread, window: Window) -> dict[str, Any]:
    return public(row, html=window.html, pinned=row["row_id"] == thread.pinned_id)


def _row(thread: Thread, public_id: str, *, code: str = "thread.bad_cursor") -> Any:
    """The comment of this thread that a cursor names: it says nothing that the reader did not know."""
    row = db.session.execute(_PLACE, {"name": public_id, "thread": thread.id}).first()
    if row is None:
        raise Problem(code)
    return row


def _cursor_behind(row: Any, sort: str) -> str:
    if sort in {"oldest", "newest"}:
        return str(row["id"])
    return f"{row['best' if sort == 'best' else 'reply_count']}-{row['id']}"


def _beyond(thread: Thread, window: Window, after: str) -> dict[str, Any]:
    """The place behind which a page begins: (rank, row id). Raises Problem("thread.bad_cursor")."""
    if window.sort in {"oldest", "newest"}:
        place = _row(thread, after)
        return {"rank": place.created_at, "row": place.id}
    ranked = _RANKED.fullmatch(after)
    if ranked is None:
        raise Problem("thread.bad_cursor")
    return {"rank": int(ranked[1]), "row": _row(thread, ranked[2]).id}
