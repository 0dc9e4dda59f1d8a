"""Writing: post, edit and delete, each one transaction; nothing is rendered or looked up outside while it is open."""

from typing import Any

import msgspec
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from widget.core import clock, permissions, text
from widget.core.errors import Problem
from widget.models import Comment, Thread
from widget.services import idempotency, own, reading, sessions, subjects, threads
from widget.services.sessions import Actor
from widget.services.sites import SiteInfo
from widget.services.threads import Page


def create(site: SiteInfo, actor: Actor, page: Page, *, raw: str, parent: str | None, key: str) -> bytes:
    """Post a comment; JSON bytes of {"comment", "thread"}.

    Raises Problem: comment.empty, comment.too_long, comment.bad_parent, thread.closed, idempotency.mismatch.
    """
    rendered = _rendered(site, raw)

    def work(session: Session) -> dict[str, Any]:
        thread = threads.lock(session, threads.ensure(session, site, page).id)
        if not thread.open:
            raise Problem("thread.closed")
        above = _parent(session, thread.id, parent) if parent else None
        moved = threads.bump(session, thread.id, comments=1)
        comment = Comment(
            thread_id=thread.id,
            site_id=site.id,
            changed=moved.version,
            user_id=actor.user_id,
            identity_id=actor.identity_id,
            raw=raw,
            html=rendered.html,
            tree=_json(rendered.tree),
            renderer=rendered.version,
            created_at=clock.now(),
        )
        if above:
            place_below(session, comment, above)
        session.add(comment)
        session.flush()
        sessions.touch(session, actor)
        return {"comment": own.shown(session, site, comment), "thread": _summary(thread, moved)}

    request = ["create", page.key, parent, raw]
    return idempotency.once(actor.scope, key, request, work)


def edit(site: SiteInfo, actor: Actor, public_id: str, *, raw: str, key: str) -> bytes:
    """Change one's own comment; JSON bytes of {"comment", "thread"}. Raises the Problems of core.permissions."""
    rendered = _rendered(site, raw)

    def work(session: Session) -> dict[str, Any]:
        comment, thread = _locked(session, site, actor, public_id)
        comment.raw, comment.markup, comment.html = raw, "markdown", rendered.html
        comment.tree, comment.renderer = _json(rendered.tree), rendered.version
        comment.edited_at = clock.now()
        session.flush()
        sessions.touch(session, actor)
        moved = threads.bump(session, thread.id, changed=[comment.id])
        return {"comment": own.shown(session, site, comment), "thread": _summary(thread, moved)}

    return idempotency.once(actor.scope, key, ["edit", public_id, raw], work)


def delete(site: SiteInfo, actor: Actor, public_id: str, *, key: str) -> bytes:
    """Delete one's own comment; it stays as a tombstone while it has visible replies. JSON bytes of {"thread"}."""

    def work(session: Session) -> dict[str, Any]:
        comment, thread = _locked(session, site, actor, public_id)
        moved = remove(session, comment)
        sessions.touch(session, actor)
        return {"thread": _summary(thread, moved)}

    return idempotency.once(actor.scope, key, ["delete", public_id], work)


def place_below(session: Session, comment: Comment, parent: Comment) -> None:
    """Give a new comment its place under `parent` and keep the counts above it right; the thread must be locked."""
    root_id = parent.root_id or parent.id
    published = comment.state in {None, "published"}
    place = session.execute(
        update(Comment)
        .where(Comment.id == root_id)
        .values(last_reply_no=Comment.last_reply_no + 1, reply_count=Comment.reply_count + int(published))
        .returning(Comment.last_reply_no)
    ).scalar_one()
    comment.parent_id, comment.root_id = parent.id, root_id
    comment.reply_no, comment.depth = place, parent.depth + 1
    if published:
        session.execute(
            update(Comment).where(Comment.id == parent.id).values(child_count=Comment.child_count + 1, visible=True)
        )


def remove(session: Session, comment: Comment) -> threads.Moved:
    """Take a comment from its readers, and with it any tombstone above that has nothing left to hold."""
    was_published = comment.state == "published"
    comment.state, comment.deleted_at = "deleted", clock.now()
    comment.visible = comment.child_count > 0
    session.flush()
    if was_published and comment.root_id:
        session.execute(
            update(Comment).where(Comment.id == comment.root_id).values(reply_count=Comment.reply_count - 1)
        )
    changed = [comment.id] if was_published else []
    gone: Comment | None = None if comment.visible else comment
    while gone and gone.parent_id:
        above = session.get_one(Comment, gone.parent_id, populate_existing=True)
        above.child_count -= 1
        gone = None
        if above.state == "deleted" and above.child_count == 0:
            above.visible = False
            gone = above
            changed.append(above.id)
        session.flush()
    return threads.bump(session, comment.thread_id, comments=-1 if was_published else 0, changed=changed)


def _rendered(site: SiteInfo, raw: str) -> text.Rendered:
    if len(raw) > site.settings.max_length:
        raise Problem("comment.too_long", field="text", limit=site.settings.max_length)
    rendered = text.render(raw)
    if rendered.blank:
        raise Problem("comment.empty", field="text")
    return rendered


def _parent(session: Session, thread_id: int, public_id: str) -> Comment:
    parent: Comment | None = session.scalar(
        select(Comment).where(
            Comment.public_id == public_id, Comment.thread_id == thread_id, Comment.state == "published"
        )
    )
    if parent is None:
        raise Problem("comment.bad_parent", field="parent")
    return parent


def _locked(session: Session, site: SiteInfo, actor: Actor, public_id: str) -> tuple[Comment, Thread]:
    """The comment, with its thread locked, when the actor may change it now."""
    comment, thread = subjects.locked(session, site, public_id)
    subject = permissions.Subject(comment.user_id, comment.state, comment.created_at, site.settings.edit_window)
    permissions.require_change(subject, user_id=actor.user_id, now=clock.now())
    return comment, thread


def _summary(thread: Thread, moved: threads.Moved) -> dict[str, Any]:
    return reading.thread_summary(thread) | {"version": moved.version, "count": moved.count}


def _json(tree: list[Any]) -> str:
    return msgspec.json.encode(tree).decode()
