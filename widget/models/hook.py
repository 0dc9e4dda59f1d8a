"""Where the events of a site are told to programs and chats, and what came of it."""

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from widget.extensions import Model
from widget.models.types import BigId, Created, PrimaryKey, PublicId

STOPS = ("", "gone")


class Hook(Model):
    """One destination; without a site it hears of all of them.

    `events` are kinds of core.events. `sealed` is JSON with all that is somebody's secret: the whole address, the
    target, a token, the keys (services.hooks.store); `place` is what of the address may be shown. `stopped` says why
    the server itself switched it off: its destination answered that it is gone for good.
    """

    __tablename__ = "hook"
    __table_args__ = (CheckConstraint(f"stopped IN {STOPS}", name="stopped"),)

    id: Mapped[PrimaryKey]
    public_id: Mapped[PublicId]
    site_id: Mapped[int | None] = mapped_column(BigId, ForeignKey("site.id", ondelete="CASCADE"), index=True)
    kind: Mapped[str] = mapped_column(String(16))
    label: Mapped[str] = mapped_column(String(80), default="")
    events: Mapped[list[str]] = mapped_column(JSON, default=list)
    active: Mapped[bool] = mapped_column(default=True)
    stopped: Mapped[str] = mapped_column(String(16), default="")
    place: Mapped[str] = mapped_column(String(300))
    sealed: Mapped[str] = mapped_column(Text)
    created_at: Mapped[Created]


class HookTry(Model):
    """One time something was sent: what was answered, or what the trouble was. Old ones go (services.hooks.tries).

    `message` is the id under which it went out, the same on each repeat; `answer` is the beginning of the answer.
    """

    __tablename__ = "hook_try"
    __table_args__ = (Index(None, "hook_id", "id"),)

    id: Mapped[PrimaryKey]
    hook_id: Mapped[int] = mapped_column(BigId, ForeignKey("hook.id", ondelete="CASCADE"))
    message: Mapped[str] = mapped_column(String(40))
    event: Mapped[str] = mapped_column(String(32))
    status: Mapped[int | None]
    trouble: Mapped[str] = mapped_column(String(16), default="")
    answer: Mapped[str] = mapped_column(String(500), default="")
    milliseconds: Mapped[int]
    created_at: Mapped[Created] = mapped_column(index=True)
