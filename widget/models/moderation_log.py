"""What was decided about comments and people, by whom, when and why: rows are added and never changed or deleted."""

from sqlalchemy import Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from widget.extensions import Model
from widget.models.types import BigId, Digest, PrimaryKey, When


class LogEntry(Model):
    """One decision. Ids have no foreign keys: an entry outlives what it is about, and the database refuses changes.

    `id` counts from 1 without gaps. `actor_id` None is the server itself; `before` and `after` are JSON text; what was
    done in one go has one `batch`; `undoes` is the entry that this one takes back. `hash` is of this entry and of the
    `hash` before it (services.moderation.log), so that nothing can be taken out of the middle unseen.
    """

    __tablename__ = "moderation_log"
    __table_args__ = (
        Index("ix_moderation_log_site", "site_id", "id"),
        Index("ix_moderation_log_comment", "comment_id", "id"),
        Index("ix_moderation_log_person", "user_id", "id"),
        Index("ix_moderation_log_batch", "batch", "id"),
        Index("ix_moderation_log_undoes", "undoes"),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True, autoincrement=False)
    site_id: Mapped[int | None] = mapped_column(BigId)
    actor_id: Mapped[int | None] = mapped_column(BigId)
    act: Mapped[str] = mapped_column(String(32))
    comment_id: Mapped[int | None] = mapped_column(BigId)
    user_id: Mapped[int | None] = mapped_column(BigId)
    before: Mapped[str] = mapped_column(Text)
    after: Mapped[str] = mapped_column(Text)
    why: Mapped[str] = mapped_column(String(500))
    batch: Mapped[str | None] = mapped_column(String(20))
    undoes: Mapped[int | None] = mapped_column(BigId)
    created_at: Mapped[When]
    hash: Mapped[Digest]


class LogHead(Model):
    """The one row that says where the log ends; whoever adds to it holds this row meanwhile."""

    __tablename__ = "moderation_log_head"

    id: Mapped[PrimaryKey]
    last_id: Mapped[int] = mapped_column(BigId)
    last_hash: Mapped[Digest]
