"""A person on this server's own account page, in one browser; sites' pages see nothing of it."""

from widget.extensions import Model
from widget.models.visit import Visit


class AccountSession(Visit, Model):
    """Its cookie is `__Host-cw_me`."""

    __tablename__ = "account_session"
