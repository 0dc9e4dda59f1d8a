"""Writing: post and edit, each one transaction; nothing is rendered or looked up outside while it is open."""

from datetime import timedelta
from typing import Any

from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session

from widget.core import clock
from widget.core.errors import Problem
from widget.models import Comment
from widget.services import (
    bodies,
    branches,
    comment_rows,
    events,
    idempotency,
    judging,
    limits,
    own,
    reading,
    reserved,
    revisions,
    sessions,
    standings,
    subjects,
    threads,
)
from widget.services.judging import Sent
from widget.services.sessions import Actor
from widget.services.sites import SiteInfo
from widget.services.threads import Moved, Page
from widget.statements import Statement

_OWN = Comment.shadow & (Comment.user_id == bindparam("user")) & (Comment.state == "spam")
_PARENT = Statement(
    select(Comment.id, Comment.root_id, Comment.depth).where(
        Comment.public_id == bindparam("public"),
        Comment.thread_id == bindparam("thread"),
        (Comment.state == "published") | _OWN,
    )
)
_AFTER = {"published": "comment.published", "spam": "comment.spam"}


def create(site: SiteInfo, actor: Actor, page: Page, *, raw: str, parent: str | None, sent: Sent, key: str) -> bytes:
    """Post a comment; JSON bytes of {"comment", "thread"}. What the checks hold is shown to its author alone.

    What somebody writes whom moderators have shadow-banned is answered alike, and nobody else ever sees it.
    Raises Problem: comment.empty, comment.too_long, comment.bad_parent, thread.closed, guest.name_reserved,
    guest.not_allowed, person.banned, limit.…, idempotency.mismatch.
    """
    reserved.require_actor(site, actor)
    body = bodies.of_new(site, page, raw)
    judged = judging.of_new(site, actor, page, body, sent)

    def work(session: Session) -> dict[str, Any]:
        stands = standings.admit(session, site.id, actor.user_id)
        limits.take(session, "comment", site=site, address=actor.address, user_id=actor.user_id, page=page.key)
        judgement = judging.settle(session, judged)
        thread = threads.hold(session, threads.ensure(session, site, page))
        if not thread.open:
            raise Problem("thread.closed")
        above = _parent(session, thread.id, parent, actor) if parent else None
        shadow = stands is not None and stands.kind == "shadowed"
        published = judgement.state == "published" and not shadow
        moved = threads.bump(session, thread.id, comments=1) if published else None
        comment = Comment(
            thread_id=thread.id,
            site_id=site.id,
            state="spam" if shadow else judgement.state,
            visible=published,
            shadow=shadow,
            changed=moved.version if moved else 0,
            appeared=moved.version if moved else 0,
            user_id=actor.user_id,
            identity_id=actor.identity_id,
            created_at=clock.now(),
            judged=judgement.text(),
        )
        bodies.put(comment, body)
        if above:
            branches.place_below(session, comment, above)
        comment_rows.store(session, comment)
        bodies.hang(session, comment, body)
        judging.note(session, site, comment.id, judged)
        events.of_comment(session, "comment.created", comment, by=actor.user_id)
        if (after := _AFTER.get(comment.state)) and not shadow:
            events.of_comment(session, after, comment, by=actor.user_id)
        sessions.touch(session, actor)
        return {"comment": own.shown(session, site, comment), "thread": reading.moved_summary(thread, moved)}

    request = ["create", page.key, parent, raw]
    answer = idempotency.once(actor.scope, key, request, work)
    judging.look_back(site, judged)
    return answer


def edit(site: SiteInfo, actor: Actor, public_id: str, *, raw: str, was: str | None, browser: str, key: str) -> bytes:
    """Change one's own comment; JSON bytes of {"comment", "thread"}. A text that says the same changes nothing.

    The new text is judged like a new comment.

    `was` is the time of the version that the editor saw (RFC 3339). Raises Problem("comment.changed") when it is
    another one by now; and comment.empty, comment.too_long, person.banned and the Problems of core.permissions.
    """
    body = bodies.of_edited(site, public_id, raw)
    judged = judging.of_edited(site, actor, public_id, body, browser)

    def work(session: Session) -> dict[str, Any]:
        standings.admit(session, site.id, actor.user_id)
        limits.take(session, "comment", site=site, address=actor.address, user_id=actor.user_id)
        comment, thread = subjects.changeable(session, site, actor, public_id)
        last = comment.edited_at or comment.created_at
        if was is not None and was != clock.rfc3339(last):
            raise Problem("comment.changed")
        moved = None
        if (comment.raw, comment.markup) != (raw, "markdown"):
            if comment.state == "published":
                revisions.keep(session, comment)
            bodies.keep(session, comment, body)
            judging.keep(session, comment, judged, judged.judgement)
            # Whole seconds are what versions are told apart by, here and in every answer.
            comment.edited_at = max(clock.now(), last.replace(microsecond=0) + timedelta(seconds=1))
            session.flush()
            before = comment.state
            moved = _judge_again(session, comment, judged.judgement.state)
            events.of_comment(session, "comment.edited", comment, by=actor.user_id)
            if comment.state != before:
                after = "comment.held" if comment.state == "pending" else "comment.spam"
                events.of_comment(session, after, comment, by=actor.user_id, before=before)
        sessions.touch(session, actor)
        return {"comment": own.shown(session, site, comment), "thread": reading.moved_summary(thread, moved)}

    return idempotency.once(actor.scope, key, ["edit", public_id, raw, was], work)


def _judge_again(session: Session, comment: Comment, state: str) -> Moved | None:
    """Take a comment from its readers whose new text may not stand there; one that waits goes on waiting."""
    if comment.state == "published" and state != "published":
        return branches.take_out(session, comment, state)
    if state == "spam":
        comment.state = state
    return threads.bump(session, comment.thread_id, changed=[comment.id]) if comment.visible else None


def _parent(session: Session, thread_id: int, public_id: str, actor: Actor) -> Any:
    """What the place below a comment depends on: its id, root_id and depth."""
    parent = _PARENT.first(session, public=public_id, thread=thread_id, user=actor.user_id)
    if parent is None:
        raise Problem("comment.bad_parent", field="parent")
    return parent
