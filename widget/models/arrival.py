"""A mail that came as an answer, so that it is taken once, however often and by whatever way it comes."""

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from widget.extensions import Model
from widget.models.types import BigId, Created, Digest, PrimaryKey, When


class Arrival(Model):
    """`key` is the hash of its Message-ID and the address it came to; `code` what became of it: `posted`, or of
    core.errors why it was refused."""

    __tablename__ = "arrival"

    id: Mapped[PrimaryKey]
    key: Mapped[Digest] = mapped_column(unique=True)
    site_id: Mapped[int] = mapped_column(BigId, ForeignKey("site.id", ondelete="CASCADE"), index=True)
    code: Mapped[str] = mapped_column(String(40))
    created_at: Mapped[Created]
    expires_at: Mapped[When] = mapped_column(index=True)
