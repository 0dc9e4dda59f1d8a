"""A person on this server; a guest is a user without an identity."""

from sqlalchemy import String
from sqlalchemy.orm import Mapped, mapped_column

from widget.extensions import Model
from widget.models.types import Created, MaybeWhen, PrimaryKey, PublicId


class User(Model):
    """`email` is never shown; `email_verified` is None when nobody said.

    Who has a `blocked_at` is kept out, until `blocked_until` where that is set.
    """

    __tablename__ = "user"

    id: Mapped[PrimaryKey]
    public_id: Mapped[PublicId]
    name: Mapped[str] = mapped_column(String(80))
    email: Mapped[str | None] = mapped_column(String(320))
    email_verified: Mapped[bool | None]
    website: Mapped[str | None] = mapped_column(String(500))
    avatar: Mapped[str | None] = mapped_column(String(1000))
    created_at: Mapped[Created]
    blocked_at: Mapped[MaybeWhen]
    blocked_until: Mapped[MaybeWhen]
