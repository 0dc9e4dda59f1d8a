"""Someone wants mail: of replies to them, of a whole thread, of a site that they look after."""

from sqlalchemy import CheckConstraint, ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from widget.extensions import Model
from widget.models.types import BigId, Created, Digest, MaybeWhen, PrimaryKey, PublicId

KINDS = ("replies", "thread", "mentions", "published", "owner", "letter")
HOWS = ("instantly", "daily", "weekly", "off", "site")


class Subscription(Model):
    """`key` says who wants what on the site, so that they want it once. `how` is `site` where the site's setting is.

    `person` is a keyed digest of the address: those who are the same reader, however often they introduce themselves.
    Nothing is sent before `confirmed_at`. Owners who are named by address alone have no `user_id`.
    """

    __tablename__ = "subscription"
    __table_args__ = (
        UniqueConstraint("site_id", "key"),
        CheckConstraint(f"kind IN {KINDS}", name="kind"),
        CheckConstraint(f"how IN {HOWS}", name="how"),
    )

    id: Mapped[PrimaryKey]
    public_id: Mapped[PublicId]
    site_id: Mapped[int] = mapped_column(BigId, ForeignKey("site.id", ondelete="CASCADE"))
    user_id: Mapped[int | None] = mapped_column(BigId, ForeignKey("user.id", ondelete="CASCADE"), index=True)
    thread_id: Mapped[int | None] = mapped_column(BigId, ForeignKey("thread.id", ondelete="CASCADE"), index=True)
    kind: Mapped[str] = mapped_column(String(16))
    key: Mapped[str] = mapped_column(String(120))
    how: Mapped[str] = mapped_column(String(16))
    email: Mapped[str] = mapped_column(String(320))
    person: Mapped[Digest] = mapped_column(index=True)
    lang: Mapped[str] = mapped_column(String(20))
    created_at: Mapped[Created]
    confirmed_at: Mapped[MaybeWhen]
