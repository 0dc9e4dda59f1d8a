"""Hooks: the events of a site, told to programs and chats that its owner chose.

An event becomes one row of the outbox for each hook that wants it, in its own transaction (`fanout`). What is told is
read from the database when it goes out (`news`), so that a repeat never tells what was taken back meanwhile; a row is
sent through the one door to the internet (`sending`), and each time leaves a line (`tries`). `store` keeps the hooks.
"""

from flask import Flask

from widget.services import events, outbox
from widget.services.hooks import fanout, sending

__all__ = ["init_app"]


def init_app(app: Flask) -> None:
    """Hear of events, and send what is due."""
    events.hear(app, fanout.listen)
    outbox.handle(app, fanout.CHANNEL, sending.run)
