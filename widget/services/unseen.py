"""Reactions of people who are shadow-banned: kept for their own eyes (models.UnseenReaction)."""

from sqlalchemy import delete, or_, select
from sqlalchemy.orm import Session

from widget.extensions import db
from widget.models import Comment, UnseenReaction


def forget(session: Session, user_id: int, thread_id: int, comment_id: int | None) -> str | None:
    """Take away the person's mark on a comment, or on the page (None); its kind. The thread is locked."""
    target = UnseenReaction.thread_id == thread_id if comment_id is None else UnseenReaction.comment_id == comment_id
    mine = delete(UnseenReaction).where(
        UnseenReaction.user_id == user_id, UnseenReaction.comment_id.is_not_distinct_from(comment_id), target
    )
    found: str | None = session.scalars(mine.returning(UnseenReaction.kind)).first()
    return found


def keep(session: Session, user_id: int, thread_id: int, comment_id: int | None, kind: str) -> None:
    """The mark, where there is none of theirs."""
    session.add(UnseenReaction(user_id=user_id, thread_id=thread_id, comment_id=comment_id, kind=kind))


def of_person(user_id: int, thread_id: int, most: int) -> dict[str | None, str]:
    """Kinds by the comment's public id, None for the page, of a conversation."""
    query = (
        select(Comment.public_id, UnseenReaction.kind)
        .select_from(UnseenReaction)
        .outerjoin(Comment, Comment.id == UnseenReaction.comment_id)
        .where(UnseenReaction.user_id == user_id)
        .where(or_(Comment.thread_id == thread_id, UnseenReaction.thread_id == thread_id))
        .limit(most)
    )
    return {row.public_id: row.kind for row in db.session.execute(query)}
