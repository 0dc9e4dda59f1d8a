"""Lets so many requests work at a time, however many threads there are: most of those only hold somebody's stream."""

import threading
from collections.abc import Iterable
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment


class Lanes:
    """A WSGI application in front of `app`; a stream is sent after its request has left its lane."""

    def __init__(self, app: "WSGIApplication", lanes: int) -> None:
        """At most `lanes` calls at once; further ones wait for their turn."""
        self._app, self._lanes = app, threading.BoundedSemaphore(lanes)

    def __call__(self, environ: "WSGIEnvironment", start_response: "StartResponse") -> Iterable[bytes]:
        """Answer as `app` does."""
        with self._lanes:
            return self._app(environ, start_response)
