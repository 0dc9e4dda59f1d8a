"""The one comment of a conversation that stands before all others."""

from typing import Any

from sqlalchemy.orm import Session

from widget.core.errors import Problem
from widget.services import idempotency, reading, roles, sessions, subjects, threads
from widget.services.sessions import Actor
from widget.services.sites import SiteInfo


def pin(site: SiteInfo, actor: Actor, public_id: str, *, key: str) -> bytes:
    """Pin a root comment in place of the one pinned before; JSON bytes of {"pinned", "thread"}.

    Raises Problem: role.missing, comment.not_found, comment.gone, comment.not_root.
    """

    def work(session: Session) -> dict[str, Any]:
        roles.require(session, site, actor, "comment.pin")
        comment, thread = subjects.locked(session, site, public_id)
        subjects.require_published(comment)
        if comment.parent_id is not None:
            raise Problem("comment.not_root")
        sessions.touch(session, actor)
        moved = None
        if thread.pinned_id != comment.id:
            changed = [row for row in (thread.pinned_id, comment.id) if row is not None]
            thread.pinned_id = comment.id
            session.flush()
            moved = threads.bump(session, thread.id, changed=changed)
        return {"pinned": public_id, "thread": reading.moved_summary(thread, moved)}

    return idempotency.once(actor.scope, key, ["pin", public_id], work)


def unpin(site: SiteInfo, actor: Actor, public_id: str, *, key: str) -> bytes:
    """Let a comment stand where it belongs; JSON bytes of {"pinned": null, "thread"}. What is not pinned stays so."""

    def work(session: Session) -> dict[str, Any]:
        roles.require(session, site, actor, "comment.pin")
        comment, thread = subjects.locked(session, site, public_id)
        sessions.touch(session, actor)
        moved = None
        if thread.pinned_id == comment.id:
            thread.pinned_id = None
            session.flush()
            moved = threads.bump(session, thread.id, changed=[comment.id] if comment.visible else [])
        return {"pinned": None, "thread": reading.moved_summary(thread, moved)}

    return idempotency.once(actor.scope, key, ["unpin", public_id], work)
