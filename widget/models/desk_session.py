"""Somebody at the desk, in one browser; neither sites' pages nor the account page see anything of it."""

from widget.extensions import Model
from widget.models.visit import Visit


class DeskSession(Visit, Model):
    """Its cookie is `__Host-cw_desk`."""

    __tablename__ = "desk_session"
