"""A link of a mail that has done its one act."""

from sqlalchemy.orm import Mapped, mapped_column

from widget.extensions import Model
from widget.models.types import Digest, PrimaryKey, When


class UsedLink(Model):
    """By its hash, as long as it would otherwise be good."""

    __tablename__ = "used_link"

    id: Mapped[PrimaryKey]
    link_hash: Mapped[Digest] = mapped_column(unique=True)
    expires_at: Mapped[When] = mapped_column(index=True)
