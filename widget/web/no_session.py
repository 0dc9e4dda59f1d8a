"""No cookie of Flask's own: who is signed in says so with a bearer, or with a cookie whose row is in the database."""

from flask import Flask, Request, Response
from flask.sessions import NullSession, SessionInterface, SessionMixin


class NoSession(SessionInterface):
    """Reads nothing and writes nothing."""

    def __init__(self) -> None:
        """One for all: nobody can put anything into it."""
        self._none = NullSession()

    def open_session(self, app: Flask, request: Request) -> SessionMixin:  # noqa: ARG002 - Flask's form
        """The session that refuses to be written."""
        return self._none

    def save_session(self, app: Flask, session: SessionMixin, response: Response) -> None:
        """Nothing was written."""
