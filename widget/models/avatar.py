"""A person's picture, copied to this server so that no reader's browser asks the provider for it."""

from sqlalchemy import LargeBinary, String
from sqlalchemy.orm import Mapped, mapped_column

from widget.extensions import Model
from widget.models.types import Created, PrimaryKey


class Avatar(Model):
    """Found by the hash of its bytes, so that equal pictures are one row; `small` is 96 pixels square, `large` 192."""

    __tablename__ = "avatar"

    id: Mapped[PrimaryKey]
    hash: Mapped[str] = mapped_column(String(40), unique=True)
    type: Mapped[str] = mapped_column(String(20))
    small: Mapped[bytes] = mapped_column(LargeBinary)
    large: Mapped[bytes] = mapped_column(LargeBinary)
    created_at: Mapped[Created]
