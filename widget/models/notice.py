"""Somebody is to hear of a comment: at once, or in their next digest."""

from sqlalchemy import ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from widget.extensions import Model
from widget.models.types import BigId, Created, Digest, PrimaryKey


class Notice(Model):
    """One a person, comment and matter (`about`: comment, published, flag, or held with the second of
    the version).

    `outbox_id` is the message that tells it.
    `how` is instantly, daily or weekly; busy where too many came at once, and the next hour's digest has it.
    """

    __tablename__ = "notice"
    __table_args__ = (
        UniqueConstraint("person", "comment_id", "about"),
        Index("ix_notice_waiting", "outbox_id", "how"),
        Index("ix_notice_recent", "person", "created_at"),
    )

    id: Mapped[PrimaryKey]
    person: Mapped[Digest]
    comment_id: Mapped[int] = mapped_column(BigId, ForeignKey("comment.id", ondelete="CASCADE"), index=True)
    about: Mapped[str] = mapped_column(String(16))
    reason: Mapped[str] = mapped_column(String(16))
    subscription_id: Mapped[int] = mapped_column(BigId, ForeignKey("subscription.id", ondelete="CASCADE"), index=True)
    how: Mapped[str] = mapped_column(String(16))
    outbox_id: Mapped[int | None] = mapped_column(BigId)
    created_at: Mapped[Created]
