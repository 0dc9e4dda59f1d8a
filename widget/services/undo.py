"""Deleting one's own comment, and the minutes in which that can be undone."""

from datetime import datetime, timedelta
from typing import Any

from flask import current_app
from sqlalchemy.orm import Session

from widget.core import clock
from widget.core.errors import Problem
from widget.models import Comment
from widget.services import branches, events, idempotency, own, reading, sessions, standings, subjects
from widget.services.sessions import Actor
from widget.services.sites import SiteInfo


def delete(site: SiteInfo, actor: Actor, public_id: str, *, key: str) -> bytes:
    """Delete one's own comment; it stays as a tombstone while it has visible replies.

    JSON bytes of {"thread", "until"}: when it can be undone no more. Raises the Problems of core.permissions.
    """

    def work(session: Session) -> dict[str, Any]:
        comment, thread = subjects.changeable(session, site, actor, public_id)
        before = comment.state
        moved = branches.take_out(session, comment)
        comment.deleted_from = before
        events.of_comment(session, "comment.deleted", comment, by=actor.user_id)
        until = clock.rfc3339(_until(comment))
        sessions.touch(session, actor)
        return {"thread": reading.moved_summary(thread, moved), "until": until}

    return idempotency.once(actor.scope, key, ["delete", public_id], work)


def restore(site: SiteInfo, actor: Actor, public_id: str, *, key: str) -> bytes:
    """Undo the author's own deletion; JSON bytes of {"comment", "thread"}. One that is not deleted stays as it is.

    Raises Problem: comment.not_found, comment.not_yours, comment.gone (what moderators took away), comment.undo_over,
    person.banned.
    """

    def work(session: Session) -> dict[str, Any]:
        standings.admit(session, site.id, actor.user_id)
        comment, thread = subjects.locked(session, site, public_id)
        if comment.user_id != actor.user_id:
            raise Problem("comment.not_yours")
        if comment.state == "spam" and not comment.shadow:
            raise Problem("comment.gone")
        moved = None
        if comment.state == "deleted":
            before = comment.deleted_from
            if before is None or clock.now() >= _until(comment):
                raise Problem("comment.undo_over")
            comment.deleted_from = None
            moved = branches.put_back(session, comment, before)
            if before == "published":
                events.of_comment(session, "comment.published", comment, by=actor.user_id)
        sessions.touch(session, actor)
        return {"comment": own.shown(session, site, comment), "thread": reading.moved_summary(thread, moved)}

    return idempotency.once(actor.scope, key, ["restore", public_id], work)


def window() -> timedelta:
    """How long a deletion can be undone."""
    return timedelta(seconds=current_app.config["UNDO_SECONDS"])


def _until(comment: Comment) -> datetime:
    return (comment.deleted_at or comment.created_at) + window()
