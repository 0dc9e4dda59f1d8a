"""Drains the outbox: one row after the other, whatever their channel; and does what is due from time to time.

`widget work` runs one, and `widget serve` in each of its processes: leases keep them from doing anything twice.
"""

import logging
import threading
from collections.abc import Callable
from contextlib import suppress
from datetime import datetime, timedelta

from flask import Flask

from widget.core import clock
from widget.core.errors import Problem
from widget.extensions import db
from widget.services import transaction
from widget.services.breaker import Breaker
from widget.services.outbox import rows
from widget.services.outbox.outcome import Failed, Outcome
from widget.services.outbox.rows import Claimed

Handler = Callable[[Claimed], Outcome]
Chore = Callable[[datetime], None]
LONGEST_PAUSE = 2.0  # seconds: what another process wrote is seen after this
BETWEEN_CHORES = timedelta(minutes=1)
_EXTENSION = "widget.outbox"
_log = logging.getLogger(__name__)


def handle(app: Flask, channel: str, handler: Handler) -> None:
    """Have `handler(claimed)` called for rows of this channel, outside of any transaction; what it raises is a failure
    of that row."""
    app.extensions.setdefault(_EXTENSION, {})[channel] = handler


def every(app: Flask, chore: Chore) -> None:
    """Have `chore(now)` called about once a minute, by every worker: it must bear being called at the same time."""
    app.extensions.setdefault(f"{_EXTENSION}.chores", []).append(chore)


class Worker:
    """One thread's worth of work on an application."""

    def __init__(self, app: Flask) -> None:
        self._app = app
        self._wake, self._over = threading.Event(), threading.Event()
        self._breakers: dict[str, Breaker] = {}
        self._chores_due: datetime | None = None
        transaction.after_each(app, self._wake.set)

    def run(self) -> None:
        """Work until `end` is called; what is under way then is finished first."""
        while not self._over.is_set():
            self._wake.clear()
            try:
                while not self._over.is_set() and self.turn():
                    pass
                self.chores()
            except Exception:  # noqa: BLE001 - a worker that ends sends nothing any more
                _log.exception("the outbox could not be read; it is tried again")
                self._over.wait(LONGEST_PAUSE)
            if not self._over.is_set():
                self._wake.wait(LONGEST_PAUSE)

    def end(self) -> None:
        """Have `run` return soon; may be called from a signal's handler."""
        self._over.set()
        self._wake.set()

    def turn(self) -> bool:
        """Take one row that is due and see to it; whether there was one."""
        lease = timedelta(seconds=self._app.config["OUTBOX_LEASE"])
        with self._app.app_context():
            shut = [name for name, breaker in self._breakers.items() if breaker.is_open()]
            with suppress(Problem):  # the database is busy: later
                if claimed := rows.take(lease=lease, avoid=shut):
                    outcome = self._see_to(claimed)
                    db.session.remove()
                    rows.settle(claimed, outcome)
                    return True
        return False

    def chores(self) -> None:
        """Do what is due from time to time."""
        now = clock.now()
        if self._chores_due and now < self._chores_due:
            return
        self._chores_due = now + BETWEEN_CHORES
        for chore in self._app.extensions.get(f"{_EXTENSION}.chores", ()):
            with self._app.app_context():
                try:
                    chore(now)
                except Exception:  # noqa: BLE001 - the other chores are done all the same
                    _log.exception("%s failed; it is tried again in a minute", chore.__name__)

    def _see_to(self, claimed: Claimed) -> Outcome:
        breaker = self._breakers.setdefault(claimed.destination, Breaker())
        handler: Handler | None = self._app.extensions.get(_EXTENSION, {}).get(claimed.channel)
        if handler is None:
            return Failed(f"this server sends no {claimed.channel}")
        try:
            outcome = handler(claimed)
        except Exception as error:  # noqa: BLE001 - one row that cannot be sent holds up no other
            _log.exception("row %s of the outbox (%s) failed", claimed.public_id, claimed.kind)
            return Failed(type(error).__name__)
        if isinstance(outcome, Failed) and outcome.unreachable:
            breaker.failed()
        elif claimed.destination:
            breaker.answered()
        return outcome
