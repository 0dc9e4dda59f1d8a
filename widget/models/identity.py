"""How a user signed in: provider, issuer and subject; never an e-mail address, never a handle."""

from sqlalchemy import ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from widget.core import ids
from widget.extensions import Model
from widget.models.types import BigId, Created, MaybeWhen, PrimaryKey


class Identity(Model):
    """The rest is what the provider last said of the person, for showing only.

    `avatar` is the provider's address of their picture, which no reader is ever shown; `picture` is the hash of our
    copy of it (models.Avatar), and `picture_at` when that address was last asked for it.
    """

    __tablename__ = "identity"
    __table_args__ = (UniqueConstraint("provider", "issuer", "subject"),)

    id: Mapped[PrimaryKey]
    # An index where other tables have a constraint: SQLite can add it to a table that exists.
    public_id: Mapped[str] = mapped_column(
        String(ids.LENGTH), default=ids.public_id, server_default="", index=True, unique=True
    )
    user_id: Mapped[int] = mapped_column(BigId, ForeignKey("user.id", ondelete="CASCADE"), index=True)
    provider: Mapped[str] = mapped_column(String(40))
    issuer: Mapped[str] = mapped_column(String(300))
    subject: Mapped[str] = mapped_column(String(300))
    name: Mapped[str] = mapped_column(String(80))
    username: Mapped[str | None] = mapped_column(String(200))
    avatar: Mapped[str | None] = mapped_column(String(1000))
    picture: Mapped[str | None] = mapped_column(String(40), index=True)
    picture_at: Mapped[MaybeWhen]
    profile_url: Mapped[str | None] = mapped_column(String(1000))
    email: Mapped[str | None] = mapped_column(String(320))
    email_verified: Mapped[bool | None]
    created_at: Mapped[Created]
