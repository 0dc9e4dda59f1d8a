"""The latest comments of a whole site, on whatever pages: the same for every reader.

Whatever readers can see of a comment moves its thread's version, so the ids and those versions are the answer's ETag:
one search of an index says whether a reader has it.
"""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, literal, select, tuple_

from widget.core import ids, payload, tokens
from widget.core.errors import Problem
from widget.core.text import RENDERER_VERSION
from widget.extensions import db
from widget.models import Comment, Thread
from widget.models.types import BigId, Instant
from widget.services import avatars, views
from widget.services.sites import SiteInfo

FORMAT = 1
MAX_LIMIT = 50


@dataclass(frozen=True)
class Latest:
    """An answer not made yet: which comments it has, whether there are more, and its ETag."""

    rows: tuple[int, ...]
    more: bool
    etag: str

    def body(self) -> dict[str, Any]:
        """{"comments", "next"}: each comment with the {"url", "title"} of its "page"."""
        query = (
            views.select_views(Comment.id.label("row_id"), Thread.url, Thread.title)
            .join(Thread, Thread.id == Comment.thread_id)
            .where(Comment.id.in_(self.rows), Comment.state == "published")
        )
        found = {row["row_id"]: row for row in db.session.execute(query).mappings()}
        shown = [
            views.public(row) | {"page": {"url": row["url"], "title": row["title"]}}
            for row_id in self.rows
            if (row := found.get(row_id))
        ]
        return {"comments": shown, "next": shown[-1]["id"] if self.more and shown else None}


def read(site: SiteInfo, *, limit: int, after: str | None) -> Latest:
    """Up to `limit` comments, the newest first, behind the one that `after` names.

    Raises Problem("thread.bad_cursor").
    """
    query = (
        select(Comment.id, Thread.version)
        .join(Thread, Thread.id == Comment.thread_id)
        .where(Comment.site_id == site.id, Comment.state == "published")
        .order_by(Comment.created_at.desc(), Comment.id.desc())
        .limit(limit + 1)
    )
    found = db.session.execute(query.where(_behind(site, after)) if after else query).all()
    facts = [FORMAT, RENDERER_VERSION, avatars.base(), limit, after, [tuple(row) for row in found]]
    etag = f"latest.{tokens.digest(payload.encode(facts).decode())[:24]}"
    return Latest(rows=tuple(row.id for row in found[:limit]), more=len(found) > limit, etag=etag)


def _behind(site: SiteInfo, after: str) -> ColumnElement[bool]:
    """Compared as a pair, which an index can be searched by (services.windows)."""
    place = select(Comment.id, Comment.created_at).where(Comment.public_id == after, Comment.site_id == site.id)
    found = db.session.execute(place).first() if ids.is_public_id(after) else None
    if found is None:
        raise Problem("thread.bad_cursor")
    bound = tuple_(literal(found.created_at, Instant), literal(found.id, BigId))
    behind: ColumnElement[bool] = tuple_(Comment.created_at, Comment.id) < bound
    return behind
