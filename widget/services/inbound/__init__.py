"""Mail that comes in: answers to notifications, which become comments."""

import logging
import threading
from collections.abc import Callable
from typing import Any

from flask import Flask

from widget.channels import imap, lmtp
from widget.core.errors import Problem
from widget.services.inbound.doors import Poll, Reception
from widget.services.mail import addresses

__all__ = ["check", "init_app", "look_once", "start"]

_log = logging.getLogger(__name__)
LONGEST_END = 30.0  # seconds that the mail under way may take


def check(config: Any) -> tuple[imap.Server | None, tuple[str, int] | None]:
    """The mailbox and the door of the settings. Raises Problem("config.invalid")."""
    mailbox = imap.server(config["IMAP_URL"], ca=config["SMTP_CA"], timeout=config["SMTP_TIMEOUT"])
    door = lmtp.place(config["LMTP_LISTEN"])
    if (mailbox or door) and not addresses.desk_of(config):
        raise Problem("config.invalid", reason="WIDGET_IMAP_URL and WIDGET_LMTP_LISTEN need WIDGET_REPLY_ADDRESS")
    for name in ("IMAP_SECONDS", "REPLY_BYTES"):
        if config[name] < 1:
            raise Problem("config.invalid", reason=f"WIDGET_{name} must be 1 or more")
    return mailbox, door


def init_app(app: Flask) -> None:
    """Raises Problem("config.invalid") where the settings of inbound mail are not right."""
    check(app.config)


def start(app: Flask, *, door: bool) -> Callable[[], None]:
    """Take answers from now on, in threads; `door`: also over LMTP. Returns what ends that and waits for it."""
    mailbox, place = check(app.config)
    ways: list[Poll | Reception] = [Poll(app, mailbox)] if mailbox else []
    if place and door:
        ways.append(Reception(app, place))
    # No daemons: the process waits for the mail that is under way.
    threads = [threading.Thread(target=way.run, name=type(way).__name__.lower()) for way in ways]
    for thread in threads:
        thread.start()

    def end() -> None:
        for way in ways:
            way.end()
        for thread in threads:
            thread.join(LONGEST_END)

    return end


def look_once(app: Flask) -> None:
    """Take what waits in the mailbox now, if there is one that can be read."""
    mailbox, _ = check(app.config)
    if mailbox:
        try:
            Poll(app, mailbox).look()
        except imap.Failed as failed:
            _log.warning("the mailbox could not be read: %s", failed)
