"""Reading a conversation: one page of it as bytes that are the same for every reader.

A page is up to `limit` roots by keyset on (created_at, id), each followed by its first replies by `reply_no`: what it
costs depends on what it shows, never on how long or how deep the conversation is.
"""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Select, String, bindparam, case, func, literal, select, tuple_
from sqlalchemy.orm import Session, aliased

from widget.core import payload, tokens
from widget.core.errors import Problem
from widget.core.text import RENDERER_VERSION
from widget.extensions import db
from widget.models import Comment, Identity, Thread, User
from widget.models.types import BigId, Instant
from widget.services import avatars, threads
from widget.services.sites import SiteInfo
from widget.services.threads import Page

MAX_LIMIT = 100
FIRST_REPLIES = 20
SORTS = ("oldest", "newest")
FORMAT = 2  # moves when the form of the answer changes, so that no ETag of the old form matches

_Parent = aliased(Comment)
VIEW = (
    Comment.public_id.label("id"),
    _Parent.public_id.label("parent"),
    Comment.state,
    Comment.kind,
    Comment.created_at,
    Comment.edited_at,
    Comment.tree,
    Comment.html,
    Comment.reply_count,
    User.public_id.label("author_id"),
    func.coalesce(Identity.name, User.name).label("author_name"),
    case((Identity.id.is_not(None), Identity.profile_url), else_=User.website).label("author_url"),
    # Our own copy alone: no reader's browser is ever sent to a provider.
    (bindparam("avatars", callable_=avatars.base, type_=String()) + Identity.picture).label("author_avatar"),
    Identity.provider.label("author_provider"),
)


@dataclass(frozen=True)
class Window:
    """Which part of a conversation is asked for: roots, or with `root` the further replies of one root."""

    sort: str
    limit: int
    after: str | None = None
    root: str | None = None
    html: bool = False


@dataclass(frozen=True)
class Reading:
    """An answer not made yet: its ETag is known before the comments are read."""

    page: Page
    thread: Thread | None
    window: Window
    etag: str

    def body(self) -> bytes:
        """The JSON bytes. Raises Problem("thread.bad_cursor") or ("comment.not_found")."""
        if self.thread is None:
            return payload.encode(_answer(self.page, None, [], None))
        read = _replies if self.window.root else _roots
        comments, after = read(self.thread, self.window)
        return payload.encode(_answer(self.page, self.thread, comments, after))


def open_page(site: SiteInfo, page: Page, window: Window) -> Reading:
    """Find the thread and say which version of it the reader would get; reads one row."""
    thread = threads.find(site, page)
    facts = [FORMAT, RENDERER_VERSION, avatars.base(), page.url, *vars(window).values()]
    variant = tokens.digest(payload.encode(facts).decode())[:12]
    place = f"{thread.public_id}.{thread.version}" if thread else "none"
    return Reading(page=page, thread=thread, window=window, etag=f"{place}.{variant}")


def select_views(*more: Any) -> Select[Any]:
    """SELECT of the columns of a CommentView, with `more` columns behind them."""
    return (
        select(*VIEW, *more)
        .select_from(Comment)
        .join(User, User.id == Comment.user_id)
        .outerjoin(Identity, Identity.id == Comment.identity_id)
        .outerjoin(_Parent, _Parent.id == Comment.parent_id)
    )


def view(session: Session, comment_id: int) -> payload.CommentView:
    """One comment, in whatever state it is."""
    return payload.CommentView(**session.execute(select_views().where(Comment.id == comment_id)).one()._mapping)


def thread_summary(thread: Thread) -> dict[str, Any]:
    """What an answer says about the thread itself."""
    return {
        "url": thread.url,
        "title": thread.title,
        "count": thread.comment_count,
        "version": thread.version,
        "open": thread.open,
    }


def _answer(page: Page, thread: Thread | None, comments: list[dict[str, Any]], after: str | None) -> dict[str, Any]:
    empty = {"url": page.url, "title": None, "count": 0, "version": 0, "open": True}
    return {"thread": thread_summary(thread) if thread else empty, "comments": comments, "next": after}


def _roots(thread: Thread, window: Window) -> tuple[list[dict[str, Any]], str | None]:
    newest = window.sort == "newest"
    query = select_views(Comment.id.label("row_id")).where(
        Comment.thread_id == thread.id, Comment.parent_id.is_(None), Comment.visible
    )
    if window.after:
        query = query.where(_beyond(_cursor(thread, window.after), newest=newest))
    order = (Comment.created_at.desc(), Comment.id.desc()) if newest else (Comment.created_at, Comment.id)
    rows = db.session.execute(query.order_by(*order).limit(window.limit + 1)).mappings().all()
    rows, rest = rows[: window.limit], rows[window.limit :]
    replies = _first_replies([row["row_id"] for row in rows]) if rows else {}
    shown: list[dict[str, Any]] = []
    for row in rows:
        below = replies.get(row["row_id"], [])
        root = _public(row, html=window.html)
        if sum(reply["state"] == "published" for reply in below) < row["reply_count"]:
            root["more"] = below[-1]["id"] if below else row["id"]
        shown += [root, *(_public(reply, html=window.html) for reply in below)]
    return shown, rows[-1]["id"] if rest else None


def _first_replies(roots: list[int]) -> dict[int, list[Any]]:
    query = (
        select_views(Comment.root_id.label("root_row"))
        .where(Comment.root_id.in_(roots), Comment.reply_no <= FIRST_REPLIES, Comment.visible)
        .order_by(Comment.root_id, Comment.reply_no)
    )
    grouped: dict[int, list[Any]] = {}
    for row in db.session.execute(query).mappings():
        grouped.setdefault(row["root_row"], []).append(row)
    return grouped


def _replies(thread: Thread, window: Window) -> tuple[list[dict[str, Any]], str | None]:
    root = _cursor(thread, window.root or "", code="comment.not_found")
    after = _cursor(thread, window.after).reply_no if window.after else 0
    query = (
        select_views()
        .where(Comment.root_id == root.id, Comment.reply_no > after, Comment.visible)
        .order_by(Comment.reply_no)
        .limit(window.limit + 1)
    )
    rows = db.session.execute(query).mappings().all()
    rows, rest = rows[: window.limit], rows[window.limit :]
    return [_public(row, html=window.html) for row in rows], rows[-1]["id"] if rest else None


def _cursor(thread: Thread, public_id: str, *, code: str = "thread.bad_cursor") -> Any:
    """A cursor is the id of the last comment shown: it says nothing that the reader did not know."""
    row = db.session.execute(
        select(Comment.id, Comment.created_at, Comment.reply_no).where(
            Comment.public_id == public_id, Comment.thread_id == thread.id
        )
    ).first()
    if row is None:
        raise Problem(code)
    return row


def _beyond(place: Any, *, newest: bool) -> ColumnElement[bool]:
    """Compared as a pair, which an index can be searched by; the same written with OR reads from the beginning."""
    key = tuple_(Comment.created_at, Comment.id)
    bound = tuple_(literal(place.created_at, Instant), literal(place.id, BigId))
    beyond: ColumnElement[bool] = key < bound if newest else key > bound
    return beyond


_FIELDS = tuple(payload.CommentView.__dataclass_fields__)


def _public(row: Any, *, html: bool) -> dict[str, Any]:
    return payload.comment(payload.CommentView(**{name: row[name] for name in _FIELDS}), html=html)
