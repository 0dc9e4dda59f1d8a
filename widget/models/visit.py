"""The columns of what opens a room of this server's own to a person, in one browser."""

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from widget.models.types import BigId, Created, Digest, PrimaryKey, When


class Visit:
    """`token_hash` is of the room's cookie; `expires_at` moves on while the room is used, for a while."""

    id: Mapped[PrimaryKey]
    token_hash: Mapped[Digest] = mapped_column(unique=True)
    user_id: Mapped[int] = mapped_column(BigId, ForeignKey("user.id", ondelete="CASCADE"), index=True)
    identity_id: Mapped[int] = mapped_column(BigId, ForeignKey("identity.id", ondelete="CASCADE"))
    created_at: Mapped[Created]
    expires_at: Mapped[When] = mapped_column(index=True)
