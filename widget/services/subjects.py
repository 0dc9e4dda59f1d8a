"""The comment that a request is about: found on its site, and locked together with its thread where it is changed."""

from typing import Any

from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session

from widget.core import clock, ids, permissions
from widget.core.errors import Problem
from widget.extensions import db
from widget.models import Comment, Thread
from widget.services import threads
from widget.services.sessions import Actor
from widget.services.sites import SiteInfo

_ROWS = Comment.__table__.c
_FIND = select(_ROWS.id, _ROWS.thread_id, _ROWS.state, _ROWS.changed).where(
    _ROWS.public_id == bindparam("name"), _ROWS.site_id == bindparam("site")
)

_LOCK = select(Comment).where(Comment.id == bindparam("row")).with_for_update()
_LOCK = _LOCK.execution_options(populate_existing=True)


def locked(session: Session, site: SiteInfo, public_id: str) -> tuple[Comment, Thread]:
    """The comment in whatever state, and its thread; nobody else changes either until the transaction ends.

    Raises Problem("comment.not_found").
    """
    found = _find(session, site, public_id)
    thread = threads.lock(session, found.thread_id)
    return session.scalars(_LOCK, {"row": found.id}).one(), thread


def changeable(session: Session, site: SiteInfo, actor: Actor, public_id: str) -> tuple[Comment, Thread]:
    """The same, when the actor may change it now. Raises the Problems of core.permissions, too."""
    comment, thread = locked(session, site, public_id)
    state = "published" if comment.shadow and comment.state == "spam" else comment.state  # as its author believes
    subject = permissions.Subject(comment.user_id, state, comment.created_at, site.settings.edit_window)
    permissions.require_change(subject, user_id=actor.user_id, now=clock.now())
    return comment, thread


def require_published(comment: Comment) -> None:
    """Raises Problem("comment.gone") for a deleted comment, and ("comment.not_found") for one nobody is shown."""
    if comment.state == "deleted":
        raise Problem("comment.gone")
    if comment.state != "published":
        raise Problem("comment.not_found")


def published(site: SiteInfo, public_id: str) -> Any:
    """A comment that everybody may read: a row of id, thread_id, state, changed.

    Raises Problem("comment.not_found").
    """
    found = _find(db.session(), site, public_id)
    if found.state != "published":
        raise Problem("comment.not_found")
    return found


def _find(session: Session, site: SiteInfo, public_id: str) -> Any:
    named = {"name": public_id, "site": site.id}
    found = session.execute(_FIND, named).first() if ids.is_public_id(public_id) else None
    if found is None:
        raise Problem("comment.not_found")
    return found
