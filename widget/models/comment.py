"""One message of a conversation."""

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, text
from sqlalchemy.orm import Mapped, mapped_column

from widget.extensions import Model
from widget.models.types import BigId, Created, MaybeWhen, PrimaryKey, PublicId

STATES = ("pending", "published", "spam", "deleted")
KINDS = ("comment", "pingback", "trackback")


class Comment(Model):
    """A root has no `parent_id`; a reply names its parent, and in `root_id` the root it hangs under.

    `reply_no` counts the replies under one root in the order they were stored, from 1 (a root has 0): a parent is
    always before its children, so the first N replies of a root are a tree without holes, whatever its shape. The
    writer keeps three counts so that no reader counts: `reply_count` (on roots: published replies at any depth),
    `child_count` (visible direct replies) and `last_reply_no` (on roots: the highest `reply_no` given out).
    `visible` is what readers are shown: published, or deleted with visible replies (a tombstone).
    `changed` is the thread's version at the last change a reader could see; 0 as long as nobody was ever shown it.
    `appeared` is the version at which readers were shown it first, or again after it had been gone: what is let through
    late is as new as what was just written.
    `reactions` (JSON text) counts them by kind, `best` is the rank they give (core.ranking); services.reactions keeps
    both. `site_id` repeats the thread's, for the indexes over whole sites.
    `deleted_from` is the state in which its author deleted it, as long as they may undo that (services.undo).
    `judged` (JSON text) is why it was let through, held or put away when it was last written (core.verdicts).
    `approved` is the time of the version that a moderator let through, `shadow` marks what nobody but its author sees,
    who is not to know (services.standings). `flag_count` counts the flags that no moderator has settled.
    `raw` is what the author wrote in `markup`; `html` and `tree` (JSON text) were made from it by `renderer`'s version.
    """

    __tablename__ = "comment"
    __table_args__ = (
        CheckConstraint(f"state IN {STATES}", name="state"),
        CheckConstraint(f"kind IN {KINDS}", name="kind"),
        Index(
            "ix_comment_roots",
            "thread_id",
            "created_at",
            "id",
            sqlite_where=text("parent_id IS NULL AND visible = 1"),
            postgresql_where=text("parent_id IS NULL AND visible"),
        ),
        *(
            Index(
                f"ix_comment_roots_{column}",
                "thread_id",
                column,
                "id",
                sqlite_where=text("parent_id IS NULL AND visible = 1"),
                postgresql_where=text("parent_id IS NULL AND visible"),
            )
            for column in ("best", "reply_count")
        ),
        Index("ix_comment_replies", "root_id", "reply_no"),
        Index("ix_comment_changed", "thread_id", "changed"),
        Index("ix_comment_thread", "thread_id", "state", "created_at", "id"),
        Index("ix_comment_site", "site_id", "state", "created_at", "id"),
        Index(
            "ix_comment_erasable",
            "deleted_at",
            sqlite_where=text("deleted_at IS NOT NULL AND raw <> ''"),
            postgresql_where=text("deleted_at IS NOT NULL AND raw <> ''"),
        ),
        Index("ix_comment_mine", "thread_id", "user_id"),
        Index("ix_comment_written", "user_id", "id"),
        Index(
            "ix_comment_flagged",
            "site_id",
            "created_at",
            "id",
            sqlite_where=text("flag_count > 0"),
            postgresql_where=text("flag_count > 0"),
        ),
    )

    id: Mapped[PrimaryKey]
    public_id: Mapped[PublicId]
    thread_id: Mapped[int] = mapped_column(BigId, ForeignKey("thread.id", ondelete="CASCADE"))
    site_id: Mapped[int] = mapped_column(BigId)
    parent_id: Mapped[int | None] = mapped_column(BigId, ForeignKey("comment.id", ondelete="CASCADE"), index=True)
    root_id: Mapped[int | None] = mapped_column(BigId, ForeignKey("comment.id", ondelete="CASCADE"))
    reply_no: Mapped[int] = mapped_column(default=0)
    depth: Mapped[int] = mapped_column(default=0)
    reply_count: Mapped[int] = mapped_column(default=0)
    child_count: Mapped[int] = mapped_column(default=0)
    last_reply_no: Mapped[int] = mapped_column(default=0)
    user_id: Mapped[int] = mapped_column(BigId, ForeignKey("user.id"))
    identity_id: Mapped[int | None] = mapped_column(BigId, ForeignKey("identity.id", ondelete="SET NULL"))
    state: Mapped[str] = mapped_column(String(16), default="published")
    visible: Mapped[bool] = mapped_column(default=True)
    changed: Mapped[int] = mapped_column(BigId, default=0)
    appeared: Mapped[int] = mapped_column(BigId, default=0)
    reactions: Mapped[str] = mapped_column(Text, default="{}")
    best: Mapped[int] = mapped_column(default=0)
    flag_count: Mapped[int] = mapped_column(default=0)
    kind: Mapped[str] = mapped_column(String(16), default="comment")
    raw: Mapped[str] = mapped_column(Text)
    markup: Mapped[str] = mapped_column(String(16), default="markdown")
    html: Mapped[str] = mapped_column(Text)
    tree: Mapped[str] = mapped_column(Text)
    renderer: Mapped[int]
    judged: Mapped[str] = mapped_column(Text, default="[]")
    created_at: Mapped[Created]
    edited_at: Mapped[MaybeWhen]
    deleted_at: Mapped[MaybeWhen]
    deleted_from: Mapped[str | None] = mapped_column(String(16))
    approved: Mapped[MaybeWhen]
    shadow: Mapped[bool] = mapped_column(default=False)
