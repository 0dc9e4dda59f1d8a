"""Mentions of pages on other pages: those that came, and those that were told."""

from sqlalchemy import CheckConstraint, ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from widget.extensions import Model
from widget.models.types import BigId, Created, MaybeWhen, PrimaryKey, PublicId, When

STATES = ("waiting", "shown", "refused", "gone")


class Webmention(Model):
    """Somebody said that `source` links to `target`; `key` is the hash of both in their canonical forms.

    waiting: to be looked at, or to be looked at again; shown: it does, and `comment_id` says so (held, perhaps);
    refused: it does not, or may not; gone: it did. `answer` is why, by code. `comment_id` may be a comment that
    moderators took away: it comes back by no further mention. `asked` counts how often it was told: a worker that looks
    sees by it that the source may say something else by now.
    """

    __tablename__ = "webmention"
    __table_args__ = (UniqueConstraint("site_id", "key"), CheckConstraint(f"state IN {STATES}", name="state"))

    id: Mapped[PrimaryKey]
    public_id: Mapped[PublicId]
    site_id: Mapped[int] = mapped_column(BigId, ForeignKey("site.id", ondelete="CASCADE"))
    key: Mapped[str] = mapped_column(String(64))
    source: Mapped[str] = mapped_column(String(2000))
    target: Mapped[str] = mapped_column(String(2000))
    state: Mapped[str] = mapped_column(String(16), default="waiting")
    answer: Mapped[str] = mapped_column(String(60), default="")
    asked: Mapped[int] = mapped_column(default=0)
    comment_id: Mapped[int | None] = mapped_column(BigId, ForeignKey("comment.id", ondelete="SET NULL"), index=True)
    created_at: Mapped[Created]
    checked_at: Mapped[MaybeWhen] = mapped_column(index=True)


class ToldMention(Model):
    """A page that a comment links to, and was told or is to be; it goes once the page has heard that the link has.

    `changed_at` is when the comment was last looked at for it.
    """

    __tablename__ = "told_mention"
    __table_args__ = (UniqueConstraint("comment_id", "key"),)

    id: Mapped[PrimaryKey]
    comment_id: Mapped[int] = mapped_column(BigId, ForeignKey("comment.id", ondelete="CASCADE"))
    key: Mapped[str] = mapped_column(String(64))
    target: Mapped[str] = mapped_column(String(2000))
    linked: Mapped[bool] = mapped_column(default=True)
    answer: Mapped[str] = mapped_column(String(200), default="")
    changed_at: Mapped[When] = mapped_column(index=True)
    told_at: Mapped[MaybeWhen]
