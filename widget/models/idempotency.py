"""What a write answered, so that the same write sent twice happens once."""

from sqlalchemy import String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from widget.core import ids
from widget.extensions import Model
from widget.models.types import Created, Digest, PrimaryKey


class Idempotency(Model):
    """`scope` is who wrote (a session, or a site for those without one); `fingerprint` is of the request's content.

    `subject` is the public id of the comment whose text the answer holds. The answer is empty once that is erased.
    """

    __tablename__ = "idempotency"
    __table_args__ = (UniqueConstraint("scope", "key"),)

    id: Mapped[PrimaryKey]
    scope: Mapped[str] = mapped_column(String(40))
    key: Mapped[str] = mapped_column(String(64))
    fingerprint: Mapped[Digest]
    answer: Mapped[str] = mapped_column(Text, default="")
    subject: Mapped[str | None] = mapped_column(String(ids.LENGTH), index=True)
    created_at: Mapped[Created] = mapped_column(index=True)
