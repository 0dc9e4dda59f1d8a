"""An earlier text of a comment that was edited."""

from sqlalchemy import ForeignKey, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from widget.extensions import Model
from widget.models.types import BigId, PrimaryKey, When


class Revision(Model):
    """What the comment said from `written_at` until the next one, or the comment's own text; deleted with it."""

    __tablename__ = "revision"

    id: Mapped[PrimaryKey]
    comment_id: Mapped[int] = mapped_column(BigId, ForeignKey("comment.id", ondelete="CASCADE"), index=True)
    raw: Mapped[str] = mapped_column(Text)
    markup: Mapped[str] = mapped_column(String(16))
    html: Mapped[str] = mapped_column(Text)
    tree: Mapped[str] = mapped_column(Text)
    renderer: Mapped[int]
    written_at: Mapped[When]
