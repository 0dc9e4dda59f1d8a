"""A user said yes to appearing on a site: asked once, on servers with several sites."""

from sqlalchemy import ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from widget.extensions import Model
from widget.models.types import BigId, Created, PrimaryKey


class Consent(Model):
    """One row for each user and site."""

    __tablename__ = "consent"
    __table_args__ = (UniqueConstraint("user_id", "site_id"),)

    id: Mapped[PrimaryKey]
    user_id: Mapped[int] = mapped_column(BigId, ForeignKey("user.id", ondelete="CASCADE"))
    site_id: Mapped[int] = mapped_column(BigId, ForeignKey("site.id", ondelete="CASCADE"))
    created_at: Mapped[Created]
