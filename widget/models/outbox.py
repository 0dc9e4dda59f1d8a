"""What is to be sent, written in the transaction of its cause."""

from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from widget.extensions import Model
from widget.models.types import BigId, Created, MaybeWhen, PrimaryKey, PublicId, When

STATES = ("waiting", "sent", "dropped", "parked")


class Outbox(Model):
    """One thing to send; `key` says what and to whom, so that it is there once. `payload` holds ids, never text.

    While it waits it is due at `due_at`; a worker that takes it moves that on and leaves its `lease`, so that another
    one takes it again if this one is never heard of. `answer` is what was last heard of it. `destination` is who must
    answer for it to go out: those that do not answer are left alone for a while, all their rows together.
    """

    __tablename__ = "outbox"
    __table_args__ = (
        CheckConstraint(f"state IN {STATES}", name="state"),
        Index("ix_outbox_due", "state", "due_at"),
        Index("ix_outbox_person", "person", "kind", "created_at"),
    )

    id: Mapped[PrimaryKey]
    public_id: Mapped[PublicId]
    key: Mapped[str] = mapped_column(String(200), unique=True)
    channel: Mapped[str] = mapped_column(String(16))
    kind: Mapped[str] = mapped_column(String(32))
    payload: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    site_id: Mapped[int | None] = mapped_column(BigId, ForeignKey("site.id", ondelete="CASCADE"), index=True)
    person: Mapped[str | None] = mapped_column(String(64))
    destination: Mapped[str] = mapped_column(String(300), default="")
    state: Mapped[str] = mapped_column(String(16), default="waiting")
    attempts: Mapped[int] = mapped_column(default=0)
    due_at: Mapped[When]
    lease: Mapped[str | None] = mapped_column(String(43))
    answer: Mapped[str] = mapped_column(String(500), default="")
    created_at: Mapped[Created]
    done_at: Mapped[MaybeWhen]
