"""A user signed in on one site in one browser; only the hash of its secret is stored."""

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from widget.extensions import Model
from widget.models.types import BigId, Created, Digest, PrimaryKey, PublicId, When


class Session(Model):
    """`jwk_thumbprint` names the browser's key where the session is bound to one (RFC 7638)."""

    __tablename__ = "session"

    id: Mapped[PrimaryKey]
    public_id: Mapped[PublicId]
    token_hash: Mapped[Digest] = mapped_column(unique=True)
    user_id: Mapped[int] = mapped_column(BigId, ForeignKey("user.id", ondelete="CASCADE"), index=True)
    identity_id: Mapped[int | None] = mapped_column(BigId, ForeignKey("identity.id", ondelete="CASCADE"))
    site_id: Mapped[int] = mapped_column(BigId, ForeignKey("site.id", ondelete="CASCADE"))
    jwk_thumbprint: Mapped[str | None] = mapped_column(String(43))
    created_at: Mapped[Created]
    last_used_at: Mapped[Created]
    expires_at: Mapped[When] = mapped_column(index=True)
