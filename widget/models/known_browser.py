"""A browser that signed somebody in lately: a second site then costs one click and no trip to the provider."""

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from widget.extensions import Model
from widget.models.types import BigId, Digest, PrimaryKey, When


class KnownBrowser(Model):
    """`token_hash` is of the cookie `__Host-cw_known`, which only the server's own pages see."""

    __tablename__ = "known_browser"

    id: Mapped[PrimaryKey]
    token_hash: Mapped[Digest] = mapped_column(unique=True)
    user_id: Mapped[int] = mapped_column(BigId, ForeignKey("user.id", ondelete="CASCADE"), index=True)
    identity_id: Mapped[int] = mapped_column(BigId, ForeignKey("identity.id", ondelete="CASCADE"))
    expires_at: Mapped[When] = mapped_column(index=True)
