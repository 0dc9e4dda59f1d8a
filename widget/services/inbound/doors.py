"""The two ways by which answers come: a mailbox that is looked at, and a mail server that hands them in.

Both do the same with each mail (`taking`); one that cannot be taken holds up no other.
"""

import logging
import random
import threading
from collections.abc import Callable
from contextlib import suppress
from datetime import timedelta

from flask import Flask

from widget.channels import imap, lmtp
from widget.core.errors import Problem
from widget.extensions import db
from widget.services import limits, transaction
from widget.services.inbound import taking
from widget.services.mail import addresses

MOST_TRIES = 5
LONGEST_PAUSE = 900.0  # seconds between two looks at a mailbox that cannot be read
REOPEN = 15.0  # seconds until a door is tried again that somebody else has
_log = logging.getLogger(__name__)


class Poll:
    """Looks at the mailbox from time to time, in a thread: of all processes one at a time."""

    def __init__(self, app: Flask, where: imap.Server) -> None:
        self._app, self._where = app, where
        self._over = threading.Event()
        self._failed: dict[str, int] = {}

    def run(self) -> None:
        """Look until `end` is called."""
        seconds = float(self._app.config["IMAP_SECONDS"])
        pause = 0.0
        while not self._over.wait(pause):
            try:
                if self._turn(seconds):
                    self.look()
                pause = seconds
            except imap.Failed as failed:
                pause = min(LONGEST_PAUSE, max(pause, seconds) * 2) * random.uniform(0.75, 1)  # noqa: S311 - no secret
                _log.warning("the mailbox could not be read, and is tried again in %d seconds: %s", pause, failed)
            except Exception:  # noqa: BLE001 - a look that fails is not the last one
                pause = seconds
                _log.exception("looking at the mailbox failed; it is tried again")

    def end(self) -> None:
        """Have `run` return once the mail that it is at is done."""
        self._over.set()

    def look(self) -> int:
        """Take what waits; how many mails were settled. Raises imap.Failed."""
        settled = 0
        with imap.opened(self._where) as mailbox:
            for uid in mailbox.unseen():
                if self._over.is_set():
                    break
                settled += self._settle(mailbox, uid)
        return settled

    def _turn(self, seconds: float) -> bool:
        """Whether it is this process's turn: another one that has just looked saves the trouble."""
        with self._app.app_context(), suppress(Problem):
            lasts = timedelta(seconds=max(1.0, seconds * 0.8))
            name = f"imap {self._where.name} {self._where.user}"
            return transaction.write(lambda session: limits.once(session, name, lasts=lasts))
        return False

    def _settle(self, mailbox: imap.Mailbox, uid: str) -> bool:
        try:
            with self._app.app_context():
                try:
                    is_ours = self._take(mailbox, uid)
                finally:
                    db.session.remove()
        except imap.Failed:
            raise
        except Problem:  # the database is busy: it stays unseen, and is taken with the next look
            return False
        except Exception:  # noqa: BLE001 - the other mails are taken all the same
            self._failed[uid] = self._failed.get(uid, 0) + 1
            _log.exception("a mail could not be taken")
            if self._failed[uid] < MOST_TRIES:
                return False
            mailbox.give_up(uid)
            return True
        mailbox.settle(uid, folder=self._app.config["IMAP_DONE"] if is_ours else "")
        return True

    def _take(self, mailbox: imap.Mailbox, uid: str) -> bool:
        """Whether the mail was for an address of ours."""
        whole = mailbox.size(uid) <= self._app.config["REPLY_BYTES"]
        raw = mailbox.read(uid, headers=not whole)
        found = taking.tokens_of(raw)
        for token in found:
            try:
                taking.take(raw, token, whole=whole)
            except Problem as problem:
                if problem.code == "server.busy":
                    raise
                _log.info("an answer by mail: %s", problem.code)
        return bool(found)


class Reception:
    """Holds the door open at which a mail server hands mail in; tried again while another process has it."""

    def __init__(self, app: Flask, where: tuple[str, int]) -> None:
        self._app = app
        self._over = threading.Event()
        self._door = lmtp.Door(where, known=self.known, take=self.take, most=app.config["REPLY_BYTES"])
        self._where = where

    def run(self) -> None:
        """Listen until `end` is called."""
        told = False
        while not self._over.is_set():
            try:
                self._door.start()
            except OSError as error:
                if not told:
                    _log.warning("nothing can listen on %s:%d for mail: %s", *self._where, error.strerror)
                told = True
                self._over.wait(REOPEN)
                continue
            self._over.wait()
            self._door.stop()

    def end(self) -> None:
        """Close it."""
        self._over.set()

    def known(self, address: str) -> str:
        """The reply to an address."""

        def work() -> str:
            token = addresses.token_of(address)
            if token is None:
                raise Problem("reply.unknown")
            addresses.find(token)
            return "250 2.1.5 OK"

        return self._reply(work)

    def take(self, raw: bytes, address: str, envelope: str) -> str:
        """The reply to a message for an address: 250 once what became of it is on disk."""

        def work() -> str:
            code = taking.take(raw, addresses.token_of(address) or "", envelope=envelope)
            return f"250 2.0.0 {code}"

        return self._reply(work)

    def _reply(self, work: Callable[[], str]) -> str:
        with self._app.app_context():
            try:
                return work()
            except Problem as problem:
                known = {"reply.unknown": "550 5.1.1 Nobody is answered here", "reply.expired": "550 5.1.6 Too old"}
                return known.get(problem.code, "451 4.3.0 Try again later")
            except Exception:  # noqa: BLE001 - its server keeps it, and brings it again
                _log.exception("a mail could not be taken")
                return "451 4.3.0 Try again later"
            finally:
                db.session.remove()
