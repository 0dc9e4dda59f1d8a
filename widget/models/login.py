"""A sign-in under way: begun by one browser, for a page or for the account page, gone in the statement that uses it."""

from typing import Any

from sqlalchemy import JSON, ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from widget.extensions import Model
from widget.models.types import BigId, Created, Digest, PrimaryKey, When


class Login(Model):
    """`state_hash` and `browser_hash` bind the answer to this browser. What can be null here belongs to a site's
    page (its `tx` and `challenge`, and where it is): a sign-in to the account page has none of it.

    `at` is what the visitor typed to name a server, where the provider asks for that; `data` is what its stage keeps.
    """

    __tablename__ = "login"

    id: Mapped[PrimaryKey]
    tx: Mapped[str | None] = mapped_column(String(22), unique=True)
    site_id: Mapped[int | None] = mapped_column(BigId, ForeignKey("site.id", ondelete="CASCADE"))
    origin: Mapped[str | None] = mapped_column(String(300))
    return_to: Mapped[str | None] = mapped_column(String(2000))
    mode: Mapped[str | None] = mapped_column(String(10))
    lang: Mapped[str] = mapped_column(String(20))
    challenge: Mapped[str | None] = mapped_column(String(43))
    provider: Mapped[str] = mapped_column(String(40))
    at: Mapped[str | None] = mapped_column(String(300))
    state_hash: Mapped[Digest] = mapped_column(unique=True)
    browser_hash: Mapped[Digest] = mapped_column(index=True)
    nonce: Mapped[str | None] = mapped_column(String(100))
    verifier: Mapped[str | None] = mapped_column(String(128))
    data: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    created_at: Mapped[Created]
    expires_at: Mapped[When] = mapped_column(index=True)
