"""A mark of somebody who is shadow-banned: they see it, and it counts for nobody else."""

from sqlalchemy import ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from widget.extensions import Model
from widget.models.types import BigId, Created, PrimaryKey


class UnseenReaction(Model):
    """As a Reaction is, but in no count and in no list; one a person on each comment, and one on the page, by the lock
    of the thread."""

    __tablename__ = "unseen_reaction"
    __table_args__ = (Index("ix_unseen_reaction_user_id", "user_id", "thread_id"),)

    id: Mapped[PrimaryKey]
    user_id: Mapped[int] = mapped_column(BigId, ForeignKey("user.id", ondelete="CASCADE"))
    thread_id: Mapped[int] = mapped_column(BigId, ForeignKey("thread.id", ondelete="CASCADE"), index=True)
    comment_id: Mapped[int | None] = mapped_column(BigId, ForeignKey("comment.id", ondelete="CASCADE"), index=True)
    kind: Mapped[str] = mapped_column(String(16))
    created_at: Mapped[Created]
