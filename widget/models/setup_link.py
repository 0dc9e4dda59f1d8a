"""A link that makes whoever opens it first an administrator, and the wrong ones that were tried."""

from sqlalchemy.orm import Mapped, mapped_column

from widget.extensions import Model
from widget.models.types import Created, Digest, PrimaryKey, When


class SetupLink(Model):
    """`secret_hash` is of the word in the link; the row goes with its use."""

    __tablename__ = "setup_link"

    id: Mapped[PrimaryKey]
    secret_hash: Mapped[Digest] = mapped_column(unique=True)
    created_at: Mapped[Created]
    expires_at: Mapped[When] = mapped_column(index=True)


class SetupFailure(Model):
    """A wrong word, and when it was tried."""

    __tablename__ = "setup_failure"

    id: Mapped[PrimaryKey]
    created_at: Mapped[Created] = mapped_column(index=True)
