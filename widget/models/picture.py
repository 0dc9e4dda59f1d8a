"""Pictures in comments, copied to this server so that no reader's browser asks anybody else for them."""

from sqlalchemy import ForeignKey, LargeBinary, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from widget.extensions import Model
from widget.models.types import BigId, Created, PrimaryKey


class Picture(Model):
    """Found by the hash of its bytes, so that equal pictures are one row; width and height in pixels."""

    __tablename__ = "picture"

    id: Mapped[PrimaryKey]
    hash: Mapped[str] = mapped_column(String(40), unique=True)
    type: Mapped[str] = mapped_column(String(20))
    data: Mapped[bytes] = mapped_column(LargeBinary)
    width: Mapped[int]
    height: Mapped[int]
    created_at: Mapped[Created]


class PictureUse(Model):
    """A comment shows the picture, or did before it was edited; `address` is where its author says it is."""

    __tablename__ = "picture_use"

    id: Mapped[PrimaryKey]
    comment_id: Mapped[int] = mapped_column(BigId, ForeignKey("comment.id", ondelete="CASCADE"), index=True)
    picture_id: Mapped[int] = mapped_column(BigId, ForeignKey("picture.id", ondelete="CASCADE"), index=True)
    address: Mapped[str] = mapped_column(Text)
