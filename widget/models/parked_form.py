"""A provider's answer that came by POST, kept for the moment until the browser asks for it with its cookie."""

from typing import Any

from sqlalchemy import JSON, String
from sqlalchemy.orm import Mapped, mapped_column

from widget.extensions import Model
from widget.models.types import Digest, PrimaryKey, When


class ParkedForm(Model):
    """Used once, within a minute."""

    __tablename__ = "parked_form"

    id: Mapped[PrimaryKey]
    handle_hash: Mapped[Digest] = mapped_column(unique=True)
    provider: Mapped[str] = mapped_column(String(40))
    form: Mapped[dict[str, Any]] = mapped_column(JSON)
    expires_at: Mapped[When] = mapped_column(index=True)
