"""The one-use word that a sign-in window hands back to the page that opened it."""

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from widget.extensions import Model
from widget.models.types import BigId, Digest, PrimaryKey, When


class Ticket(Model):
    """Worth nothing without the verifier whose S256 `challenge` it carries."""

    __tablename__ = "ticket"

    id: Mapped[PrimaryKey]
    code_hash: Mapped[Digest] = mapped_column(unique=True)
    tx: Mapped[str] = mapped_column(String(22), unique=True)
    site_id: Mapped[int] = mapped_column(BigId, ForeignKey("site.id", ondelete="CASCADE"))
    origin: Mapped[str] = mapped_column(String(300))
    challenge: Mapped[str] = mapped_column(String(43))
    user_id: Mapped[int] = mapped_column(BigId, ForeignKey("user.id", ondelete="CASCADE"))
    identity_id: Mapped[int] = mapped_column(BigId, ForeignKey("identity.id", ondelete="CASCADE"))
    expires_at: Mapped[When] = mapped_column(index=True)
