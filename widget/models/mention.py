"""Somebody of the conversation is named in a comment (`@Ann`)."""

from sqlalchemy import ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from widget.extensions import Model
from widget.models.types import BigId, PrimaryKey


class Mention(Model):
    """Who is to hear of it; found when the comment is written."""

    __tablename__ = "mention"
    __table_args__ = (UniqueConstraint("comment_id", "user_id"),)

    id: Mapped[PrimaryKey]
    comment_id: Mapped[int] = mapped_column(BigId, ForeignKey("comment.id", ondelete="CASCADE"))
    user_id: Mapped[int] = mapped_column(BigId, ForeignKey("user.id", ondelete="CASCADE"), index=True)
