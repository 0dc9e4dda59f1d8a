"""A worker that is killed loses nothing; what it had handed in without hearing the answer comes twice under one id.

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

from tests.services.hooks.conftest import Hooked
from tests.support.api import Page
from tests.support.hand import Hand
from tests.support.live import settings
from tests.support.processes import Program
from tests.support.receiver import Receiver
from tests.support.waiting import free_port, until
from widget.services.outbox import rows

KILLS = int(os.environ.get("WIDGET_TEST_KILLS", "2"))


@contextmanager
def working(folder: Path, database_url: str, box: Receiver) -> Iterator[Program]:
    """`widget work` in a process of its own."""
    env = settings(
        folder,
        database_url=database_url,
        port=free_port(),
        PUBLIC_URL="https://comments.test",
        HOOK_HOSTS=box.place,
        OUTBOX_LEASE="1",
    )
    program = Program([sys.executable, "-m", "widget", "work"], log=folder / "work.log", env=env)
    try:
        yield program
    finally:
        program.stop()


def sent(app: Flask) -> int:
    """Messages that are noted as sent."""
    with app.app_context():
        return len(rows.listed("sent", limit=10_000))


@pytest.mark.parametrize(("moment", "times"), [("hang", 1), ("silent", 2)])
def test_killed_at_the_worst_moment(
    app: Flask,
    database_url: str,
    bob: Page,
    box: Receiver,
    hooked: Hooked,
    tmp_path: Path,
    moment: str,
    times: int,
) -> None:
    """`hang`: before the receiver read the message. `silent`: after, and before its answer."""
    _, key = hooked("json", "comment.created")
    for kill in range(KILLS):
        box.reset()
        box.behaviour = moment
        box.go_on.clear()
        bob.posted(f"Number {kill}")
        with working(tmp_path, database_url, box) as first:
            until(box.taken.is_set if moment == "silent" else lambda: box.tried, seconds=60, what="a try")
            first.signal(signal.SIGKILL)
        box.behaviour = "ok"
        box.go_on.set()
        with working(tmp_path, database_url, box) as second:
            until(lambda: sent(app) == kill + 1, seconds=60, what="the message")  # noqa: B023 - asked within the round
            second.signal(signal.SIGTERM)
        assert len(box.got) == times
        assert len({one.id for one in box.got}) == 1
        assert {one.verify(key)["data"]["comment"]["text"] for one in box.got} == {f"Number {kill}"}


def test_several_workers_send_each_message_once(app: Flask, bob: Page, box: Receiver, hooked: Hooked) -> None:
    hooked("json", "comment.created")
    for number in range(12):
        bob.posted(f"Number {number}")
    threads = [threading.Thread(target=Hand(app).work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    Hand(app).work()
    assert len(box.got) == 12
    assert len({one.id for one in box.got}) == 12
