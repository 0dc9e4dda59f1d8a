"""Likes and the other marks a site offers: one of each person on each comment, and one on the page itself.

The counts are moved by what changed and never counted anew: those of an import have no rows. The thread's lock makes
them exact, however many people press at once.
"""

from typing import Any, cast

import msgspec
from sqlalchemy import Table, bindparam, delete, select
from sqlalchemy.orm import Session

from widget.core import ranking
from widget.core.errors import Problem
from widget.extensions import db
from widget.models import Comment, Reaction, Thread
from widget.services import faces, idempotency, limits, reading, sessions, standings, subjects, threads, unseen
from widget.services.sessions import Actor
from widget.services.sites import SiteInfo
from widget.services.standings import Stands
from widget.services.threads import Page

_ROWS = cast("Table", Reaction.__table__)
_OWN = select(_ROWS.c.id, _ROWS.c.kind).where(
    _ROWS.c.thread_id == bindparam("thread"), _ROWS.c.user_id == bindparam("user")
)
_OF_COMMENT = _OWN.where(_ROWS.c.comment_id == bindparam("comment"))
_OF_PAGE = _OWN.where(_ROWS.c.comment_id.is_(None))
_DELETE = delete(_ROWS).where(_ROWS.c.id == bindparam("row"))


def on_comment(site: SiteInfo, actor: Actor, public_id: str, kind: str, *, given: bool, key: str) -> bytes:
    """Give or take back a reaction to a comment; JSON bytes of {"reactions", "mine", "thread"}.

    Raises Problem: reaction.sign_in, reaction.not_offered, comment.not_found, comment.gone, person.banned.
    """
    _require(actor, kind, site.settings.reactions, given=given)

    def work(session: Session) -> dict[str, Any]:
        shadow = _shadowed(standings.admit(session, site.id, actor.user_id))
        limits.take(session, "reaction", site=site, address=actor.address, user_id=actor.user_id)
        comment, thread = subjects.locked(session, site, public_id)
        subjects.require_published(comment)
        sessions.touch(session, actor)
        if (seen := _unseen(session, actor, thread, comment, kind, given=given, shadow=shadow)) is not None:
            return _alone(site, comment.reactions, seen, thread)
        before, mine = _switch(session, actor, thread, comment, kind, given=given)
        counts = _counted(site, comment.reactions, before, mine)
        moved = None
        if before != mine:
            comment.reactions, comment.best = msgspec.json.encode(counts).decode(), ranking.best(counts)
            session.flush()
            moved = threads.bump(session, thread.id, changed=[comment.id])
        return {"reactions": counts, "mine": mine, "thread": reading.moved_summary(thread, moved)}

    return idempotency.once(actor.scope, key, ["react", public_id, kind, given], work)


def on_page(site: SiteInfo, actor: Actor, page: Page, kind: str, *, given: bool, key: str) -> bytes:
    """The same for the page itself, whose thread the first reaction makes. Raises the same Problems."""
    offered = site.settings.reactions[:1] if site.settings.page_reactions else ()
    _require(actor, kind, offered, given=given)

    def work(session: Session) -> dict[str, Any]:
        shadow = _shadowed(standings.admit(session, site.id, actor.user_id))
        limits.take(session, "reaction", site=site, address=actor.address, user_id=actor.user_id)
        thread_id = threads.ensure(session, site, page) if given else threads.find_id(session, site, page)
        sessions.touch(session, actor)
        if thread_id is None:
            return {"reactions": {}, "mine": None, "thread": reading.empty_summary(page)}
        thread = threads.lock(session, thread_id)
        if (seen := _unseen(session, actor, thread, None, kind, given=given, shadow=shadow)) is not None:
            return _alone(site, thread.reactions, seen, thread)
        before, mine = _switch(session, actor, thread, None, kind, given=given)
        counts = _counted(site, thread.reactions, before, mine)
        moved = None
        if before != mine:
            thread.reactions = msgspec.json.encode(counts).decode()
            session.flush()
            moved = threads.bump(session, thread.id)
        return {"reactions": counts, "mine": mine, "thread": reading.moved_summary(thread, moved)}

    return idempotency.once(actor.scope, key, ["react to page", page.key, kind, given], work)


def people(thread: Thread, comment_id: int | None, after: str | None) -> dict[str, Any]:
    """{"reactions", "people", "next"} of a comment, or of the page (None). Raises Problem("thread.bad_cursor")."""
    part = faces.people(thread, comment_id, after)
    kept = thread.reactions if comment_id is None else db.session.get_one(Comment, comment_id).reactions
    return {"reactions": msgspec.Raw(kept.encode()), "people": part.people, "next": part.next}


def _require(actor: Actor, kind: str, offered: tuple[str, ...], *, given: bool) -> None:
    """What a site no longer offers can still be taken back."""
    if actor.identity_id is None:
        raise Problem("reaction.sign_in")
    if given and kind not in offered:
        raise Problem("reaction.not_offered", field="kind")


def _shadowed(stands: Stands | None) -> bool:
    return stands is not None and stands.kind == "shadowed"


def _unseen(
    session: Session, actor: Actor, thread: Thread, comment: Comment | None, kind: str, *, given: bool, shadow: bool
) -> str | None:
    """The kind that nobody but the actor is shown now, "" for none; None: theirs is one that counts.

    A mark of theirs from before they were shadow-banned goes on as it was.
    """
    whose = {"thread": thread.id, "user": actor.user_id}
    own = session.execute(*((_OF_COMMENT, {**whose, "comment": comment.id}) if comment else (_OF_PAGE, whose))).first()
    if own:
        return None
    target = (actor.user_id, thread.id, comment.id if comment else None)
    before = unseen.forget(session, *target)
    if not shadow and (given or before is None):
        return None
    now = kind if given else None if before == kind else before
    if now:
        unseen.keep(session, *target, now)
    return now or ""


def _alone(site: SiteInfo, kept: str, kind: str, thread: Thread) -> dict[str, Any]:
    """The answer to somebody whose mark counts for themselves."""
    counts = _counted(site, kept, None, kind or None)
    return {"reactions": counts, "mine": kind or None, "thread": reading.moved_summary(thread, None)}


def _switch(
    session: Session, actor: Actor, thread: Thread, comment: Comment | None, kind: str, *, given: bool
) -> tuple[str | None, str | None]:
    """The actor's reaction before and now; a new one is a new row, because the last one stands first."""
    whose = {"thread": thread.id, "user": actor.user_id}
    own = session.execute(*((_OF_COMMENT, {**whose, "comment": comment.id}) if comment else (_OF_PAGE, whose))).first()
    before = own.kind if own else None
    now = kind if given else (None if before == kind else before)
    if before == now:
        return before, now
    if own:
        session.execute(_DELETE, {"row": own.id})
    if now:
        session.add(
            Reaction(
                user_id=actor.user_id,
                identity_id=actor.identity_id,
                thread_id=thread.id,
                comment_id=comment.id if comment else None,
                kind=now,
            )
        )
    return before, now


def _counted(site: SiteInfo, kept: str, before: str | None, now: str | None) -> dict[str, int]:
    """Counts by kind: the site's in its order, then what else there is by name."""
    counts: dict[str, int] = msgspec.json.decode(kept, type=dict[str, int])
    if before != now:
        for kind, step in ((before, -1), (now, 1)):
            if kind:
                counts[kind] = counts.get(kind, 0) + step
    order = {kind: place for place, kind in enumerate(site.settings.reactions)}
    kinds = sorted(counts, key=lambda kind: (order.get(kind, len(order)), kind))
    return {kind: counts[kind] for kind in kinds if counts[kind] > 0}
