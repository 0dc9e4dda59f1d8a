"""Readers' word to the moderators about a comment; no other reader ever sees it, or that there is one."""

from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from widget.core import clock, text
from widget.core.errors import Problem
from widget.models import Comment, Flag
from widget.services import events, idempotency, limits, sessions, standings, subjects
from widget.services.moderation import flagging
from widget.services.sessions import Actor
from widget.services.sites import SiteInfo

MAX_NOTE = 1000


def put(site: SiteInfo, actor: Actor, public_id: str, *, reason: str, note: str, key: str) -> bytes:
    """Flag a comment, or say otherwise why; JSON bytes of {"flagged", "reason"}.

    That of somebody who is shadow-banned is kept as one that is settled already: they see it, and it counts for nobody.
    Raises Problem: flag.own, comment.not_found, comment.gone, person.banned, request.bad_field.
    """
    note = text.clean_text(note).strip()
    if len(note) > MAX_NOTE:
        raise Problem("request.bad_field", field="note", reason=f"at most {MAX_NOTE} characters")

    def work(session: Session) -> dict[str, Any]:
        stands = standings.admit(session, site.id, actor.user_id)
        shadow = stands is not None and stands.kind == "shadowed"
        limits.take(session, "flag", site=site, address=actor.address, user_id=actor.user_id)
        comment, _ = subjects.locked(session, site, public_id)
        subjects.require_published(comment)
        if comment.user_id == actor.user_id:
            raise Problem("flag.own")
        sessions.touch(session, actor)
        mine = select(Flag).where(Flag.comment_id == comment.id, Flag.user_id == actor.user_id)
        flag = session.scalar(mine)
        if flag is None:
            flag = Flag(comment_id=comment.id, user_id=actor.user_id, reason=reason, note=note)
            session.add(flag)
            if shadow:
                flag.settled_at = clock.now()
            else:
                _count(session, comment, actor)
        elif flag.settled_at is not None and not shadow:
            flag.settled_at = None
            _count(session, comment, actor)
        flag.reason, flag.note = reason, note
        session.flush()
        flagging.hold(session, site, comment)
        return {"flagged": public_id, "reason": reason}

    return idempotency.once(actor.scope, key, ["flag", public_id, reason, note], work)


def _count(session: Session, comment: Comment, actor: Actor) -> None:
    comment.flag_count += 1
    events.of_comment(session, "comment.flagged", comment, by=actor.user_id)
