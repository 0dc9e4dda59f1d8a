"""What is the viewer's own, beside the answer that is the same for everybody."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from widget.core import clock, payload, verdicts
from widget.extensions import db
from widget.models import Comment, Flag, Reaction, Thread
from widget.services import threads, unseen, views
from widget.services.sessions import Actor
from widget.services.sites import SiteInfo
from widget.services.threads import Page

MOST_CHANGEABLE = 100
MOST_MARKS = 1000


def shown(session: Session, site: SiteInfo, comment: Comment) -> dict[str, Any]:
    """A comment as its author is shown it: with its source, until when they may change it, and why it waits.

    What the checks took for spam waits like any other, for all that its author is told.
    """
    view = views.view(session, comment.id)
    if view.state == "spam":
        view = replace(view, state="published" if comment.shadow else "pending")
    return payload.comment(view) | {"raw": comment.raw, "until": _until(site, view)} | _waits(view, comment.judged)


def of_page(site: SiteInfo, actor: Actor, page: Page) -> dict[str, Any]:
    """Of a page: {"comments", "pending", "reactions", "page", "flagged"}; of reactions and flags the last 1000 each."""
    thread = threads.find(site, page)
    if thread is None:
        return {"comments": [], "pending": [], "reactions": {}, "page": None, "flagged": []}
    return _comments(site, actor, thread) | _reactions(actor, thread) | _flags(actor, thread)


def _comments(site: SiteInfo, actor: Actor, thread: Thread) -> dict[str, Any]:
    since = clock.now() - timedelta(seconds=site.settings.edit_window)
    query = (
        views.select_views(Comment.raw, Comment.shadow, Comment.judged)
        .where(Comment.thread_id == thread.id, Comment.user_id == actor.user_id)
        .where(
            (Comment.state == "pending")
            | ((Comment.state == "published") & (Comment.created_at > since))
            | ((Comment.state == "spam") & Comment.shadow)
        )
        .order_by(Comment.id.desc())
        .limit(MOST_CHANGEABLE)
    )
    answer: dict[str, Any] = {"comments": [], "pending": []}
    for row in db.session.execute(query).mappings():
        values = dict(row)
        raw, shadow, judged = (values.pop(name) for name in ("raw", "shadow", "judged"))
        view = payload.CommentView(**values)
        private = {"until": _until(site, view), "raw": raw}
        if shadow and view.state == "spam":  # nobody else is shown it, so it is here; it seems to stand like all others
            answer["pending"].append(payload.comment(replace(view, state="published")) | private)
        elif view.state == "pending":
            answer["pending"].append(payload.comment(view) | private | _waits(view, judged))
        else:
            answer["comments"].append({"id": view.id} | private)
    return answer


def _reactions(actor: Actor, thread: Thread) -> dict[str, Any]:
    query = (
        select(Comment.public_id, Reaction.kind)
        .select_from(Reaction)
        .outerjoin(Comment, Comment.id == Reaction.comment_id)
        .where(Reaction.user_id == actor.user_id, Reaction.thread_id == thread.id)
        .order_by(Reaction.comment_id.is_not(None), Reaction.id.desc())
        .limit(MOST_MARKS)
    )
    kinds = unseen.of_person(actor.user_id, thread.id, MOST_MARKS)
    kinds |= {row.public_id: row.kind for row in db.session.execute(query)}
    page = kinds.pop(None, None)
    return {"reactions": kinds, "page": page}


def _flags(actor: Actor, thread: Thread) -> dict[str, Any]:
    query = (
        select(Comment.public_id)
        .join(Flag, Flag.comment_id == Comment.id)
        .where(Flag.user_id == actor.user_id, Comment.thread_id == thread.id)
        .order_by(Flag.id.desc())
        .limit(MOST_MARKS)
    )
    return {"flagged": list(db.session.scalars(query))}


def _waits(view: payload.CommentView, judged: str) -> dict[str, str]:
    """{"waits": why}, for a comment that does."""
    return {"waits": verdicts.read(judged).waits or "check"} if view.state == "pending" else {}


def _until(site: SiteInfo, view: payload.CommentView) -> str:
    return clock.rfc3339(view.created_at + timedelta(seconds=site.settings.edit_window))
