"""A web site that embeds the widget, and the origins it may be embedded on."""

from typing import Any

from sqlalchemy import JSON, ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from widget.extensions import Model
from widget.models.types import BigId, Created, PrimaryKey


class Site(Model):
    """`version` moves with every change of the row and its origins.

    `settings` holds what the operator changed; services.sites knows the names and the defaults.
    """

    __tablename__ = "site"

    id: Mapped[PrimaryKey]
    key: Mapped[str] = mapped_column(String(64), unique=True)
    name: Mapped[str] = mapped_column(String(200))
    version: Mapped[int] = mapped_column(default=0)
    settings: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    created_at: Mapped[Created]
    origins: Mapped[list["SiteOrigin"]] = relationship(cascade="all, delete-orphan", lazy="selectin")


class SiteOrigin(Model):
    """One origin exactly as browsers send it (`https://blog.example`, `http://localhost:8001`)."""

    __tablename__ = "site_origin"
    __table_args__ = (UniqueConstraint("origin", "site_id"),)

    id: Mapped[PrimaryKey]
    site_id: Mapped[int] = mapped_column(BigId, ForeignKey("site.id", ondelete="CASCADE"), index=True)
    origin: Mapped[str] = mapped_column(String(300))
