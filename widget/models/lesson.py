"""What a site's decisions taught about words (services.learning)."""

from sqlalchemy import ForeignKey, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from widget.extensions import Model
from widget.models.types import BigId, Created, PrimaryKey


class Word(Model):
    """In how many comments of a site a token stood that were spam, and that were good. Token 0: all comments."""

    __tablename__ = "word"
    __table_args__ = (UniqueConstraint("site_id", "token"),)

    id: Mapped[PrimaryKey]
    site_id: Mapped[int] = mapped_column(BigId, ForeignKey("site.id", ondelete="CASCADE"))
    token: Mapped[int] = mapped_column(BigId)
    spam: Mapped[int] = mapped_column(default=0)
    good: Mapped[int] = mapped_column(default=0)


class Lesson(Model):
    """What one comment taught, so that it is taught once, and can be taken back although the comment has changed."""

    __tablename__ = "lesson"

    id: Mapped[PrimaryKey]
    site_id: Mapped[int] = mapped_column(BigId, ForeignKey("site.id", ondelete="CASCADE"), index=True)
    comment_id: Mapped[int] = mapped_column(BigId, ForeignKey("comment.id", ondelete="CASCADE"), unique=True)
    spam: Mapped[bool]
    tokens: Mapped[str] = mapped_column(Text)
    created_at: Mapped[Created]
