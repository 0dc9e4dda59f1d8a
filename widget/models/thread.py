"""The conversation of one page of a site, and every name that leads to it."""

from sqlalchemy import ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from widget.extensions import Model
from widget.models.types import BigId, Created, PrimaryKey, PublicId


class Thread(Model):
    """`version` moves with every change a reader could see, through services.threads.bump alone.

    `comment_count` counts published comments and is kept by the writers. `reactions` (JSON text) counts those to the
    page itself by kind; `pinned_id` is the root comment that stands before all others; `merged_id` is the thread that
    everything of this one was put into.
    """

    __tablename__ = "thread"

    id: Mapped[PrimaryKey]
    public_id: Mapped[PublicId]
    site_id: Mapped[int] = mapped_column(BigId, ForeignKey("site.id", ondelete="CASCADE"), index=True)
    url: Mapped[str] = mapped_column(String(2000))
    title: Mapped[str | None] = mapped_column(String(500))
    open: Mapped[bool] = mapped_column(default=True)
    version: Mapped[int] = mapped_column(BigId, default=0)
    comment_count: Mapped[int] = mapped_column(default=0)
    reactions: Mapped[str] = mapped_column(Text, default="{}")
    pinned_id: Mapped[int | None] = mapped_column(BigId)
    merged_id: Mapped[int | None] = mapped_column(BigId, index=True)
    created_at: Mapped[Created]


class ThreadAlias(Model):
    """A key that finds a thread: `url:` and its canonical address, or `id:` and the page's explicit id."""

    __tablename__ = "thread_alias"
    __table_args__ = (UniqueConstraint("site_id", "key"), Index(None, "thread_id"))

    id: Mapped[PrimaryKey]
    site_id: Mapped[int] = mapped_column(BigId, ForeignKey("site.id", ondelete="CASCADE"))
    key: Mapped[str] = mapped_column(String(2010))
    thread_id: Mapped[int] = mapped_column(BigId, ForeignKey("thread.id", ondelete="CASCADE"))
