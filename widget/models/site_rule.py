"""Where pages of a site have moved to, for as long as the rule stands."""

from sqlalchemy import ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from widget.extensions import Model
from widget.models.types import BigId, Created, PrimaryKey, PublicId


class SiteRule(Model):
    """Conversations of addresses that begin with `old` are looked for, and begun, below `new` (core.redirects)."""

    __tablename__ = "site_rule"
    __table_args__ = (UniqueConstraint("site_id", "old"),)

    id: Mapped[PrimaryKey]
    public_id: Mapped[PublicId]
    site_id: Mapped[int] = mapped_column(BigId, ForeignKey("site.id", ondelete="CASCADE"))
    old: Mapped[str] = mapped_column(String(1000))
    new: Mapped[str] = mapped_column(String(1000))
    created_at: Mapped[Created]
