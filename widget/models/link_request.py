"""A signed-in person asked to link another account: the word with which the sign-in window may begin that."""

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from widget.extensions import Model
from widget.models.types import BigId, Digest, PrimaryKey, When


class LinkRequest(Model):
    """Used once, within a minute, for this site and provider, and in a browser that knows the user."""

    __tablename__ = "link_request"

    id: Mapped[PrimaryKey]
    secret_hash: Mapped[Digest] = mapped_column(unique=True)
    user_id: Mapped[int] = mapped_column(BigId, ForeignKey("user.id", ondelete="CASCADE"), index=True)
    site_id: Mapped[int] = mapped_column(BigId, ForeignKey("site.id", ondelete="CASCADE"))
    provider: Mapped[str] = mapped_column(String(40))
    expires_at: Mapped[When] = mapped_column(index=True)
