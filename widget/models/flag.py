"""A reader's word to the moderators that a comment should not stand there."""

from sqlalchemy import CheckConstraint, ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from widget.extensions import Model
from widget.models.types import BigId, Created, MaybeWhen, PrimaryKey

REASONS = ("spam", "abuse", "off_topic", "illegal", "other")


class Flag(Model):
    """One a person on each comment; `note` is what they say in their own words.

    `settled_at` is when a moderator had seen it and decided."""

    __tablename__ = "flag"
    __table_args__ = (UniqueConstraint("comment_id", "user_id"), CheckConstraint(f"reason IN {REASONS}", name="reason"))

    id: Mapped[PrimaryKey]
    comment_id: Mapped[int] = mapped_column(BigId, ForeignKey("comment.id", ondelete="CASCADE"))
    user_id: Mapped[int] = mapped_column(BigId, ForeignKey("user.id", ondelete="CASCADE"), index=True)
    reason: Mapped[str] = mapped_column(String(16))
    note: Mapped[str] = mapped_column(String(1000), default="")
    created_at: Mapped[Created]
    settled_at: Mapped[MaybeWhen]
