"""Numbers by which comments that say almost the same are found (core.similar)."""

from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from widget.extensions import Model
from widget.models.types import BigId, Created, PrimaryKey


class Fingerprint(Model):
    """One of the four numbers of a comment's text; kept for some days."""

    __tablename__ = "fingerprint"
    __table_args__ = (Index("ix_fingerprint_value", "site_id", "value", "id"),)

    id: Mapped[PrimaryKey]
    site_id: Mapped[int] = mapped_column(BigId, ForeignKey("site.id", ondelete="CASCADE"))
    comment_id: Mapped[int] = mapped_column(BigId, ForeignKey("comment.id", ondelete="CASCADE"), index=True)
    value: Mapped[int] = mapped_column(BigId)
    created_at: Mapped[Created] = mapped_column(index=True)
