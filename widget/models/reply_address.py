"""A secret address to which one reader of one mail can answer."""

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from widget.extensions import Model
from widget.models.types import BigId, Created, Digest, PrimaryKey, When


class ReplyAddress(Model):
    """By the hash of its secret. The subscription says who answers and on which site, the comment what is answered.

    `version` is the comment's as the mail showed it (services.mail.links), `staff` whether it went to somebody who
    looks after the site: then they must still do so.
    """

    __tablename__ = "reply_address"

    id: Mapped[PrimaryKey]
    token_hash: Mapped[Digest] = mapped_column(unique=True)
    subscription_id: Mapped[int] = mapped_column(BigId, ForeignKey("subscription.id", ondelete="CASCADE"), index=True)
    comment_id: Mapped[int] = mapped_column(BigId, ForeignKey("comment.id", ondelete="CASCADE"), index=True)
    staff: Mapped[bool]
    version: Mapped[str] = mapped_column(String(40))
    created_at: Mapped[Created]
    expires_at: Mapped[When] = mapped_column(index=True)
