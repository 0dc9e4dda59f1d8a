"""A worker that is killed loses nothing; what it had handed in without hearing the answer comes twice under one name.

WIDGET_TEST_KILLS says how often (200 before a release).
"""

import os
import signal
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from flask import Flask

from tests.support.api import Page
from tests.support.hand import Hand
from tests.support.live import settings
from tests.support.postbox import Postbox
from tests.support.processes import Program
from tests.support.waiting import free_port, until
from widget.services.outbox import rows

KILLS = int(os.environ.get("WIDGET_TEST_KILLS", "2"))


@contextmanager
def working(folder: Path, database_url: str, box: Postbox) -> Iterator[Program]:
    """`widget work` in a process of its own."""
    env = settings(
        folder,
        database_url=database_url,
        port=free_port(),
        PUBLIC_URL="https://comments.test",
        SMTP_URL=box.url,
        MAIL_FROM="comments@comments.test",
        SMTP_TIMEOUT="30",
        OUTBOX_LEASE="1",
        MAIL_HOURLY="100000",
    )
    program = Program([sys.executable, "-m", "widget", "work"], log=folder / "work.log", env=env)
    try:
        yield program
    finally:
        program.stop()


def sent(app: Flask) -> int:
    """Mails that are noted as sent."""
    with app.app_context():
        return sum(row.channel == "mail" for row in rows.listed("sent", limit=10_000))


@pytest.mark.parametrize(("moment", "times"), [("hang", 1), ("silent", 2)])
def test_killed_at_the_worst_moment(
    app: Flask, database_url: str, bob: Page, box: Postbox, tmp_path: Path, moment: str, times: int
) -> None:
    """`hang`: before the message was handed in. `silent`: after, and before the answer."""
    for kill in range(KILLS):
        box.raw.clear()
        box.behaviour, box.tried = moment, 0
        box.go_on.clear()
        box.taken.clear()
        bob.posted(f"Number {kill}")
        with working(tmp_path, database_url, box) as first:
            if moment == "silent":
                until(box.taken.is_set, seconds=60, what="the message")
            else:
                until(lambda: box.tried, seconds=60, what="a try")
            first.signal(signal.SIGKILL)
        box.behaviour = "ok"
        box.go_on.set()
        with working(tmp_path, database_url, box) as second:
            until(lambda: sent(app) == kill + 1, seconds=60, what="the mail")  # noqa: B023 - asked within the round
            second.signal(signal.SIGTERM)
        assert len(box.raw) == times
        assert len({one["Message-ID"] for one in box.mails}) == 1


def test_told_to_end_it_finishes_the_message_under_way(
    app: Flask, database_url: str, bob: Page, box: Postbox, tmp_path: Path
) -> None:
    box.behaviour = "silent"
    bob.posted()
    bob.posted("And another")
    with working(tmp_path, database_url, box) as program:
        until(box.taken.is_set, seconds=60, what="the message")
        ending = threading.Thread(target=program.signal, args=(signal.SIGTERM,))
        ending.start()
        box.go_on.set()
        ending.join(30)
        assert not ending.is_alive()
    assert len(box.raw) == 1
    assert sent(app) == 1
    box.behaviour = "ok"
    Hand(app).work()
    assert len(box.raw) == 2


def test_several_workers_send_each_message_once(app: Flask, bob: Page, box: Postbox) -> None:
    for number in range(12):
        bob.posted(f"Number {number}")
    threads = [threading.Thread(target=Hand(app).work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    Hand(app).work()
    assert len(box.raw) == 12
    assert len({one["Message-ID"] for one in box.mails}) == 12
