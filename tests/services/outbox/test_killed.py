"""A worker that is killed loses nothing; what it had handed in without hearing the answer comes twice under one name
(`--kills 200`)."""

import signal
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from flask import Flask

from tests.support import trials
from tests.support.api import Page
from tests.support.hand import Hand
from tests.support.live import settings
from tests.support.postbox import Postbox
from tests.support.processes import Program
from tests.support.waiting import free_port, until
from widget.services.outbox import rows

CARELESS = str(Path(trials.__file__).parents[1] / "careless.py")
MOMENTS = {"before": "hang", "after": "silent"}


@contextmanager
def working(folder: Path, database_url: str, box: Postbox, *launcher: str) -> Iterator[Program]:
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
    command = [sys.executable, *(launcher or ("-m", "widget", "work"))]
    program = Program(command, log=folder / "work.log", env=env | {"PYTHONPATH": "."})
    try:
        yield program
    finally:
        program.stop()


def sent(app: Flask) -> int:
    """Mails that are noted as sent."""
    with app.app_context():
        return sum(row.channel == "mail" for row in rows.listed("sent", limit=10_000))


def kill_at(moment: str, box: Postbox, program: Program) -> None:
    """End it when the server has the call (`before`), or the whole message and has not said so yet (`after`)."""
    if moment == "after":
        until(box.taken.is_set, seconds=60, what="the message")
    else:
        until(lambda: box.tried, seconds=60, what="a try")
    program.kill()


def prepare(moment: str, box: Postbox) -> None:
    """An empty box that behaves so that there is such a moment."""
    box.raw.clear()
    box.to.clear()
    box.tried = 0
    box.taken.clear()
    box.go_on.clear()
    box.behaviour = MOMENTS[moment]


@pytest.mark.parametrize(("moment", "times"), [("before", 1), ("after", 2)])
def test_killed_at_the_worst_moment(
    app: Flask,
    database_url: str,
    bob: Page,
    box: Postbox,
    tmp_path: Path,
    moment: str,
    times: int,
    kills: int,
    record_property: trials.Noted,
) -> None:
    """The worker that sends what one left behind is the next to be killed."""
    held = 0
    for kill in range(kills + 1):
        with working(tmp_path, database_url, box) as program:
            if kill:
                until(lambda: sent(app) == kill, seconds=60, what="the mail")  # noqa: B023 - asked within the round
                assert len(box.raw) == times
                assert len({one["Message-ID"] for one in box.mails}) == 1
                held += 1
            if kill == kills:
                break
            prepare(moment, box)
            bob.posted(f"Number {kill}")
            kill_at(moment, box, program)
        box.behaviour = "ok"
        box.go_on.set()
    trials.note(record_property, f"I1.{moment}", held)


@pytest.mark.parametrize(("moment", "careless"), [("before", "early"), ("after", "nameless")])
def test_a_careless_worker_is_found_out(
    app: Flask,
    database_url: str,
    bob: Page,
    box: Postbox,
    tmp_path: Path,
    moment: str,
    careless: str,
    record_property: trials.Noted,
) -> None:
    """The control: were this to pass unseen, the test above would show nothing."""
    prepare(moment, box)
    bob.posted()
    with working(tmp_path, database_url, box, CARELESS, careless) as program:
        kill_at(moment, box, program)
    box.behaviour = "ok"
    box.go_on.set()
    with working(tmp_path, database_url, box, CARELESS, careless) as program:
        until(lambda: sent(app) == 1, seconds=60, what="the row")
        program.signal(signal.SIGTERM)
    Hand(app).work()
    names = [one["Message-ID"] for one in box.mails]
    assert names == [] if careless == "early" else len(set(names)) == len(names) == 2
    trials.note(record_property, f"I1.{moment}", 0, control=1)


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
