"""Where an imported thread, comment or author came from: a second import finds it, its author can claim it."""

from typing import Any

from sqlalchemy import JSON, ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from widget.extensions import Model
from widget.models.types import BigId, PrimaryKey


class ImportedComment(Model):
    """`foreign_id` is the comment's id in the system it came from; `hints` is what may help its author to claim it."""

    __tablename__ = "imported_comment"
    __table_args__ = (UniqueConstraint("site_id", "source", "foreign_id"),)

    id: Mapped[PrimaryKey]
    site_id: Mapped[int] = mapped_column(BigId, ForeignKey("site.id", ondelete="CASCADE"))
    source: Mapped[str] = mapped_column(String(40))
    foreign_id: Mapped[str] = mapped_column(String(200))
    comment_id: Mapped[int] = mapped_column(BigId, ForeignKey("comment.id", ondelete="CASCADE"), unique=True)
    hints: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)


class ImportedAuthor(Model):
    """`key` tells the authors of one source apart; `hints` may hold a provider, a foreign user id, an avatar."""

    __tablename__ = "imported_author"
    __table_args__ = (UniqueConstraint("site_id", "source", "key"),)

    id: Mapped[PrimaryKey]
    site_id: Mapped[int] = mapped_column(BigId, ForeignKey("site.id", ondelete="CASCADE"))
    source: Mapped[str] = mapped_column(String(40))
    key: Mapped[str] = mapped_column(String(200))
    user_id: Mapped[int] = mapped_column(BigId, ForeignKey("user.id", ondelete="CASCADE"), index=True)
    hints: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
