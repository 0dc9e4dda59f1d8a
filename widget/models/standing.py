"""How a person stands with those who moderate: banned, shadow-banned, or trusted. Most people have no row."""

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column

from widget.extensions import Model
from widget.models.types import BigId, Created, MaybeWhen, PrimaryKey

STANDINGS = ("banned", "shadowed", "trusted")


class Standing(Model):
    """One a person on each site, and one with the server (`site_id` None); it holds `until` then, if that is set."""

    __tablename__ = "standing"
    __table_args__ = (
        CheckConstraint(f"kind IN {STANDINGS}", name="kind"),
        Index(
            "uq_standing_site",
            "user_id",
            "site_id",
            unique=True,
            sqlite_where=text("site_id IS NOT NULL"),
            postgresql_where=text("site_id IS NOT NULL"),
        ),
        Index(
            "uq_standing_server",
            "user_id",
            unique=True,
            sqlite_where=text("site_id IS NULL"),
            postgresql_where=text("site_id IS NULL"),
        ),
        Index("ix_standing_list", "site_id", "id"),
    )

    id: Mapped[PrimaryKey]
    user_id: Mapped[int] = mapped_column(BigId, ForeignKey("user.id", ondelete="CASCADE"))
    site_id: Mapped[int | None] = mapped_column(BigId, ForeignKey("site.id", ondelete="CASCADE"))
    kind: Mapped[str] = mapped_column(String(16))
    until: Mapped[MaybeWhen]
    created_at: Mapped[Created]
