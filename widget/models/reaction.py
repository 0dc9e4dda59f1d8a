"""A like, or another mark the site offers, of one user on one comment or on the page itself."""

from sqlalchemy import ForeignKey, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column

from widget.extensions import Model
from widget.models.types import BigId, Created, PrimaryKey


class Reaction(Model):
    """One a person on each comment, and one on the page (`comment_id` None): another kind takes its place.

    They are shown as the identity they reacted with, as they are with their comments.
    """

    __tablename__ = "reaction"
    __table_args__ = (
        Index(
            "uq_reaction_comment",
            "comment_id",
            "user_id",
            unique=True,
            sqlite_where=text("comment_id IS NOT NULL"),
            postgresql_where=text("comment_id IS NOT NULL"),
        ),
        Index(
            "uq_reaction_page",
            "thread_id",
            "user_id",
            unique=True,
            sqlite_where=text("comment_id IS NULL"),
            postgresql_where=text("comment_id IS NULL"),
        ),
        Index("ix_reaction_recent", "thread_id", "comment_id", "id"),
        Index("ix_reaction_created_at", "created_at"),
        Index("ix_reaction_user_id", "user_id", "thread_id"),
    )

    id: Mapped[PrimaryKey]
    user_id: Mapped[int] = mapped_column(BigId, ForeignKey("user.id", ondelete="CASCADE"))
    identity_id: Mapped[int | None] = mapped_column(BigId, ForeignKey("identity.id", ondelete="SET NULL"))
    thread_id: Mapped[int] = mapped_column(BigId, ForeignKey("thread.id", ondelete="CASCADE"))
    comment_id: Mapped[int | None] = mapped_column(BigId, ForeignKey("comment.id", ondelete="CASCADE"))
    kind: Mapped[str] = mapped_column(String(16))
    created_at: Mapped[Created]
