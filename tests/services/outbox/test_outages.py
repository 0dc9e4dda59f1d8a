"""Mail servers are down in eight ways while much is written; every message goes out once they are back (`--full`)."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import func, select

from tests.support import tls, trials
from tests.support.api import Page
from tests.support.hand import Hand
from tests.support.postbox import Postbox, postbox
from widget.core import backoff, clock
from widget.extensions import db
from widget.models import Outbox
from widget.services import transaction
from widget.services.mail import post
from widget.services.outbox import rows

QUARTER = timedelta(minutes=15)
FAULTS = ("closed", "tls", "later", "greylist", "busy", "never", "hang", "drop")


@pytest.fixture
def events(pytestconfig: pytest.Config) -> int:
    """How much is written while the server is down."""
    return 200 if pytestconfig.getoption("full") else 8


@contextmanager
def down(app: Flask, box: Postbox, fault: str, folder: tls.Identity) -> Iterator[None]:
    """The mail server fails in this way for the block, and is as good as ever afterwards."""
    if fault == "tls":  # somebody else answers at its address
        with postbox(tls=folder.context()) as other:
            app.config["SMTP_URL"] = f"smtp://localhost:{other.port}"
            post.set_up(app)
            yield
            assert other.raw == []
    elif fault == "closed":
        box.stop()
        yield
        box.start()
    else:
        box.behaviour = fault
        yield
        box.behaviour = "ok"
        box.go_on.set()
    app.config["SMTP_URL"] = box.url
    post.set_up(app)


def next_due(app: Flask) -> datetime:
    """When the next mail that waits is due."""
    with app.app_context():
        due = select(func.min(Outbox.due_at)).where(Outbox.state == "waiting", Outbox.channel == "mail")
        found = db.session.scalar(due)
        db.session.remove()
    assert found is not None
    return found


def waiting(app: Flask, *, state: str = "waiting") -> int:
    """How many mails are so."""
    with app.app_context():
        mails = select(func.count()).select_from(Outbox).where(Outbox.state == state, Outbox.channel == "mail")
        found = db.session.scalar(mails) or 0
        db.session.remove()
    return found


def work_until(app: Flask, hand: Hand, now: datetime, end: datetime, *, pause: timedelta) -> datetime:
    """Let the worker do what is due, again and again as time goes by, until `end` or nothing waits; when that is."""
    while now < end:
        with clock.freeze(now):
            hand.work()
        if not waiting(app):
            break
        # A breaker that is open has its rows be due all the while.
        now = max(now + pause, min(next_due(app), end))
    return now


@pytest.fixture(scope="module")
def stranger(tmp_path_factory: pytest.TempPathFactory) -> tls.Identity:
    """A certificate that nobody vouches for."""
    return tls.issue(tmp_path_factory.mktemp("tls"), "localhost")


@pytest.mark.parametrize("fault", FAULTS)
def test_once_the_server_is_back_every_mail_comes_once(
    app: Flask,
    bob: Page,
    box: Postbox,
    hand: Hand,
    fault: str,
    events: int,
    stranger: tls.Identity,
    record_property: trials.Noted,
) -> None:
    with down(app, box, fault, stranger):
        for number in range(events):
            bob.posted(f"Number {number}")
        start = clock.now()
        back = work_until(app, hand, start, start + QUARTER, pause=timedelta(minutes=5))
    assert box.raw == [] or fault == "greylist"
    if fault == "never":
        assert waiting(app, state="parked") == events
        with app.app_context(), clock.freeze(back):
            transaction.write(rows.retry)
    work_until(app, hand, back, back + QUARTER, pause=timedelta(seconds=31))
    names = [one["Message-ID"] for one in box.mails]
    assert (len(names), len(set(names))) == (events, events)
    assert waiting(app, state="sent") == events
    trials.note(record_property, f"I1.{fault}", events)


@pytest.mark.parametrize("fault", FAULTS)
def test_the_control_without_a_second_try_they_are_lost(
    app: Flask,
    bob: Page,
    box: Postbox,
    hand: Hand,
    fault: str,
    stranger: tls.Identity,
    monkeypatch: pytest.MonkeyPatch,
    record_property: trials.Noted,
) -> None:
    monkeypatch.setattr(backoff, "next_try", lambda *_, **__: None)
    with down(app, box, fault, stranger):
        for number in range(3):
            bob.posted(f"Number {number}")
        start = clock.now()
        with clock.freeze(start):
            hand.work()
    with clock.freeze(start + QUARTER):
        hand.work()
    lost = 3 - len(box.raw)
    assert lost
    trials.note(record_property, f"I1.{fault}", 0, control=lost)
