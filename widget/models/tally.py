"""How often somebody did something within a span of time."""

from sqlalchemy import String
from sqlalchemy.orm import Mapped, mapped_column

from widget.extensions import Model
from widget.models.types import PrimaryKey, When


class Tally(Model):
    """`key` is a keyed hash of who did what (services.limits): nobody reads an address out of it."""

    __tablename__ = "tally"

    id: Mapped[PrimaryKey]
    key: Mapped[str] = mapped_column(String(43), unique=True)
    count: Mapped[int]
    expires_at: Mapped[When] = mapped_column(index=True)
