"""Who runs the whole server: all its sites, and who may do what on them."""

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from widget.extensions import Model
from widget.models.types import BigId, Created


class Administrator(Model):
    """One row a person."""

    __tablename__ = "administrator"

    user_id: Mapped[int] = mapped_column(
        BigId, ForeignKey("user.id", ondelete="CASCADE"), primary_key=True, autoincrement=False
    )
    created_at: Mapped[Created]
