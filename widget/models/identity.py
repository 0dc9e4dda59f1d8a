"""How a user signed in: provider, issuer and subject; never an e-mail address, never a handle."""

from sqlalchemy import ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from widget.extensions import Model
from widget.models.types import BigId, Created, PrimaryKey


class Identity(Model):
    """The rest is what the provider last said of the person, for showing only."""

    __tablename__ = "identity"
    __table_args__ = (UniqueConstraint("provider", "issuer", "subject"),)

    id: Mapped[PrimaryKey]
    user_id: Mapped[int] = mapped_column(BigId, ForeignKey("user.id", ondelete="CASCADE"), index=True)
    provider: Mapped[str] = mapped_column(String(40))
    issuer: Mapped[str] = mapped_column(String(300))
    subject: Mapped[str] = mapped_column(String(300))
    name: Mapped[str] = mapped_column(String(80))
    username: Mapped[str | None] = mapped_column(String(200))
    avatar: Mapped[str | None] = mapped_column(String(1000))
    profile_url: Mapped[str | None] = mapped_column(String(1000))
    email: Mapped[str | None] = mapped_column(String(320))
    email_verified: Mapped[bool | None]
    created_at: Mapped[Created]
