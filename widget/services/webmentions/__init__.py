"""Webmention: pages elsewhere that mention ours become comments, and pages that comments link to are told.

Nothing is fetched while anybody waits: `receiving` and `sending` write rows of the outbox, and a worker looks
(`verifying`, `storing`) or tells (`telling`).
"""

from flask import Flask
from sqlalchemy.orm import Session

from widget.services import events, outbox
from widget.services.outbox import Claimed, Dropped, Outcome
from widget.services.webmentions import receiving, sending, telling, verifying

__all__ = ["init_app", "sweep"]
CHANNEL = "webmention"
_HANDLERS = {"verify": verifying.run, "look": sending.run, "tell": telling.run}


def init_app(app: Flask) -> None:
    """Take and tell mentions, on the sites that want it."""
    events.hear(app, sending.listen)
    outbox.handle(app, CHANNEL, _run)


def sweep(session: Session) -> None:
    """Forget what is of no use any more."""
    receiving.sweep(session)
    sending.sweep(session)


def _run(claimed: Claimed) -> Outcome:
    handler = _HANDLERS.get(claimed.kind)
    return handler(claimed) if handler else Dropped(f"nothing is known of {claimed.kind}")
