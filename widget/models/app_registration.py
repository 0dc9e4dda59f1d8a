"""How a server that visitors named knows us: the client id and secret that it gave us."""

from sqlalchemy import String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from widget.extensions import Model
from widget.models.types import Created, PrimaryKey, When


class AppRegistration(Model):
    """One for each server. `client_secret` is sealed; `proven_at` is when the server last showed that it knows us.

    Anybody can name any host, so one at which nobody signed in expires after a day.
    """

    __tablename__ = "app_registration"
    __table_args__ = (UniqueConstraint("provider", "host"),)

    id: Mapped[PrimaryKey]
    provider: Mapped[str] = mapped_column(String(40))
    host: Mapped[str] = mapped_column(String(260))
    client_id: Mapped[str] = mapped_column(Text)
    client_secret: Mapped[str] = mapped_column(Text)
    redirect_uri: Mapped[str] = mapped_column(Text)
    scope: Mapped[str] = mapped_column(Text)
    proven_at: Mapped[When]
    created_at: Mapped[Created]
    expires_at: Mapped[When] = mapped_column(index=True)
