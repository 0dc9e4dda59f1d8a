"""`widget serve`: the server, on granian; any other WSGI server runs `widget:create_app()` just as well."""

import gc
import logging
import multiprocessing
import os
import random
import signal
import sys
import threading
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import TYPE_CHECKING

import click

from widget.cli import application
from widget.core.errors import Problem

if TYPE_CHECKING:
    from flask import Flask

SWEEP_SECONDS = 3600


@click.command()
@click.option("--host", help="Address to listen on; WIDGET_HOST unless given.")
@click.option("--port", type=int, help="Port to listen on; WIDGET_PORT unless given.")
@click.option("--workers", type=int, help="Processes; WIDGET_WORKERS unless given.")
def command(host: str | None, port: int | None, workers: int | None) -> None:
    """Serve comments until told to stop (SIGTERM or Ctrl-C)."""
    from granian.constants import Interfaces, SSLProtocols
    from granian.log import LogLevels
    from granian.server import Server

    given = {"WIDGET_HOST": host, "WIDGET_PORT": port, "WIDGET_WORKERS": workers}
    os.environ |= {name: str(value) for name, value in given.items() if value is not None}
    with application() as app:
        config = dict(app.config)
    if len(config["SECRET_KEY"] or "") < 32:
        raise Problem("config.invalid", reason="WIDGET_SECRET_KEY needs 32 characters or more; `widget init` makes one")
    multiprocessing.set_start_method(_start_method(), force=True)
    Server(
        "widget.cli.serve:worker",
        factory=True,
        interface=Interfaces.WSGI,
        address=config["HOST"],
        port=config["PORT"],
        workers=config["WORKERS"],
        blocking_threads=config["THREADS"] + config["LIVE_PLACES"],
        workers_kill_timeout=30,
        respawn_failed_workers=True,
        websockets=False,
        log_level=LogLevels.warning,
        ssl_cert=Path(config["TLS_CERT"]) if config["TLS_CERT"] else None,
        ssl_key=Path(config["TLS_KEY"]) if config["TLS_KEY"] else None,
        ssl_protocol_min=SSLProtocols.tls12,
    ).serve()


def _start_method() -> str:
    """Workers are forked where that is safe: they share what this process has imported, and start at once.

    This process never has the database open from here on. Whoever is forked while SQLite has a file open inherits what
    it believes about its locks, locks nothing, and breaks the file (https://www.sqlite.org/howtocorrupt.html, section
    2.6). Nor does any thread of ours run here, which would leave its locks held in the others.
    """
    if not sys.platform.startswith("linux") or threading.active_count() > 1:
        return "spawn"
    gc.collect()
    gc.freeze()  # what is never looked through for garbage is never copied for that
    return "fork"


def worker() -> "Flask":
    """The application of one process. Its threads start here, and here it opens the database."""
    from widget import create_app
    from widget.services import live
    from widget.services.outbox import Worker

    app = create_app()
    ends = [live.hub(app).end]
    if app.config["SMTP_URL"] and app.config["WORK"]:
        work = Worker(app)
        ends.append(work.end)
        # No daemon: the process waits for the message that is under way.
        threading.Thread(target=work.run, name="work").start()
    _at_the_end(ends)
    threading.Thread(target=_sweep_for_ever, args=(app,), name="sweep", daemon=True).start()
    return app


def _at_the_end(ends: Iterable[Callable[[], None]]) -> None:
    """Have all of `ends` called in a thread when this process is told to end, whoever handles the signal.

    The server waits for open answers before it ends, and takes the signals' handlers for itself after this.
    """
    here, there = os.pipe()
    os.set_blocking(there, False)
    signal.set_wakeup_fd(there, warn_on_full_buffer=False)

    def listen() -> None:
        while not {signal.SIGTERM, signal.SIGINT} & set(os.read(here, 64)):
            pass
        for end in ends:
            end()

    threading.Thread(target=listen, name="end", daemon=True).start()


def _sweep_for_ever(app: "Flask") -> None:
    """About once an hour take away what has expired; the processes do it at different moments."""
    from widget.services import housekeeping

    pause = threading.Event()
    while not pause.wait(random.uniform(0.5, 1.5) * SWEEP_SECONDS):  # noqa: S311 - no secret
        try:
            with app.app_context():
                housekeeping.sweep()
        except Exception:
            logging.getLogger(__name__).exception("the hourly sweep failed; it is tried again in an hour")
