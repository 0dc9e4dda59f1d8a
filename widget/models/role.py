"""What a person is on a site besides a visitor: its owner, or a moderator."""

from sqlalchemy import CheckConstraint, ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from widget.extensions import Model
from widget.models.types import BigId, Created, PrimaryKey

ROLES = ("owner", "moderator")


class Role(Model):
    """One a person on each site."""

    __tablename__ = "role"
    __table_args__ = (UniqueConstraint("site_id", "user_id"), CheckConstraint(f"role IN {ROLES}", name="role"))

    id: Mapped[PrimaryKey]
    site_id: Mapped[int] = mapped_column(BigId, ForeignKey("site.id", ondelete="CASCADE"))
    user_id: Mapped[int] = mapped_column(BigId, ForeignKey("user.id", ondelete="CASCADE"), index=True)
    role: Mapped[str] = mapped_column(String(16))
    created_at: Mapped[Created]
