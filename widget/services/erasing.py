"""Deleted for good: once a deletion cannot be undone any more, nothing of what the comment said stays here.

What moderators deleted is kept for some days more: a decision that is taken back, or one that is disputed, needs it.

The row stays, for the replies that hang on it and the cursors that name it; so does the count of its reactions, by
which roots are sorted. What was written about it by others (flags) is theirs.
"""

from datetime import timedelta

from flask import current_app
from sqlalchemy import and_, delete, or_, select, text, update
from sqlalchemy.orm import Session

from widget.core import clock
from widget.models import Comment, Fingerprint, Lesson, Mention, PictureUse, Reaction, Revision, Thread, UnseenReaction
from widget.services import idempotency, threads, transaction, undo

BATCH = 500


def sweep() -> int:
    """Erase all comments that are due, some hundred in a transaction; how many."""
    total = 0
    while done := transaction.write(_some):
        total += done
    return total


def kept() -> timedelta:
    """How long the text is kept of a comment that moderators deleted."""
    return timedelta(days=current_app.config["MODERATED_DAYS"])


def _some(session: Session) -> int:
    # As the index has it: an engine that is given '' as a parameter cannot know that the index will do.
    by_author = and_(Comment.deleted_from.is_not(None), Comment.deleted_at <= clock.now() - undo.window())
    by_others = and_(Comment.deleted_from.is_(None), Comment.deleted_at <= clock.now() - kept())
    due = Comment.state == "deleted", Comment.deleted_at <= clock.now(), or_(by_author, by_others), text("raw <> ''")
    some = select(Comment.id).where(*due).order_by(Comment.deleted_at).limit(BATCH)
    blank = {"raw": "", "html": "", "tree": "[]", "identity_id": None, "deleted_from": None, "judged": "[]"}
    erased = session.execute(
        update(Comment)
        .where(Comment.id.in_(some), *due)
        .values(**blank)
        .returning(Comment.id, Comment.public_id)
        .execution_options(synchronize_session=False)
    ).all()
    if not erased:
        return 0
    rows = [row.id for row in erased]
    for model in (Revision, Mention, PictureUse, Reaction, UnseenReaction, Fingerprint, Lesson):
        session.execute(delete(model).where(model.comment_id.in_(rows)))
    idempotency.forget(session, [row.public_id for row in erased])
    pinned = select(Thread.id).join(Comment, Comment.id == Thread.pinned_id)
    on_thread = Comment.thread_id == Thread.id
    for thread_id in session.scalars(pinned.where(Comment.id.in_(rows), on_thread).order_by(Thread.id)).all():
        session.execute(update(Thread).where(Thread.id == thread_id).values(pinned_id=None))
        threads.bump(session, thread_id)
    return len(rows)
