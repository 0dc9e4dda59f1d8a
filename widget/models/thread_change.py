"""What was changed about conversations as a whole, with what it takes to change it back."""

from sqlalchemy import ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from widget.extensions import Model
from widget.models.types import BigId, Created, MaybeWhen, PrimaryKey, PublicId


class ThreadChange(Model):
    """`thread_id` None: of many conversations at once. `entry` is its number in the log; `data` (JSON text) is what
    `services.thread_changes` needs to undo it."""

    __tablename__ = "thread_change"
    __table_args__ = (Index(None, "thread_id", "id"), Index(None, "site_id", "id"))

    id: Mapped[PrimaryKey]
    public_id: Mapped[PublicId]
    site_id: Mapped[int] = mapped_column(BigId, ForeignKey("site.id", ondelete="CASCADE"))
    thread_id: Mapped[int | None] = mapped_column(BigId, ForeignKey("thread.id", ondelete="CASCADE"))
    act: Mapped[str] = mapped_column(String(20))
    entry: Mapped[int] = mapped_column(BigId)
    data: Mapped[str] = mapped_column(Text)
    created_at: Mapped[Created]
    undone_at: Mapped[MaybeWhen]
