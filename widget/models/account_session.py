"""A person on this server's own account page, in one browser; sites' pages see nothing of it."""

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from widget.extensions import Model
from widget.models.types import BigId, Created, Digest, PrimaryKey, When


class AccountSession(Model):
    """`token_hash` is of the cookie `__Host-cw_me`; `expires_at` moves on while the page is used, for a while."""

    __tablename__ = "account_session"

    id: Mapped[PrimaryKey]
    token_hash: Mapped[Digest] = mapped_column(unique=True)
    user_id: Mapped[int] = mapped_column(BigId, ForeignKey("user.id", ondelete="CASCADE"), index=True)
    identity_id: Mapped[int] = mapped_column(BigId, ForeignKey("identity.id", ondelete="CASCADE"))
    created_at: Mapped[Created]
    expires_at: Mapped[When] = mapped_column(index=True)
