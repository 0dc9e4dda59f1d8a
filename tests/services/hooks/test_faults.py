"""Receivers fail in every way, and every message gets there once they do not, under one id."""

from datetime import datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from tests.services.hooks.conftest import Hooked
from tests.support.api import Page
from tests.support.hand import Hand
from tests.support.receiver import Receiver
from widget.core import clock
from widget.core.errors import Problem
from widget.extensions import db
from widget.models import Hook, HookTry, Outbox
from widget.services import deliveries, sites, transaction
from widget.services.hooks import tries
from widget.services.outbox import rows

QUARTER = timedelta(minutes=15)


def row(app: Flask) -> Outbox:
    """The one message."""
    with app.app_context():
        return db.session.scalars(select(Outbox).where(Outbox.channel == "hook")).one()


def lines(app: Flask) -> list[HookTry]:
    """What is noted of each time, the last first."""
    with app.app_context():
        return list(db.session.scalars(select(HookTry).order_by(HookTry.id.desc())))


def fail_once(app: Flask, hand: Hand, now: datetime) -> Outbox:
    """Try at `now`, in vain."""
    with clock.freeze(now):
        hand.work()
    found = row(app)
    assert found.state == "waiting"
    assert found.due_at > now
    assert found.answer
    return found


@pytest.mark.parametrize(
    ("fault", "status", "trouble"),
    [
        ("never", 400, ""),
        ("broken", 500, ""),
        ("later", 429, ""),
        ("busy", 503, ""),
        ("hang", None, "timeout"),
        ("silent", None, "timeout"),
        ("drip", None, "timeout"),
        ("drop", None, "unreachable"),
        ("redirect", None, "redirect"),
    ],
)
def test_a_message_gets_there_once_its_receiver_is_well(
    app: Flask, bob: Page, box: Receiver, hand: Hand, hooked: Hooked, fault: str, status: int | None, trouble: str
) -> None:
    _, key = hooked("json", "comment.created")
    box.behaviour = fault
    bob.posted()
    first = fail_once(app, hand, clock.now())
    assert first.due_at - clock.now() <= QUARTER
    assert (lines(app)[0].status, lines(app)[0].trouble) == (status, trouble)
    assert [one.path for one in box.got if one.path != "/hook"] == []  # no redirect is followed
    before = len(box.got)
    box.behaviour = "ok"
    box.go_on.set()
    with clock.freeze(first.due_at):
        hand.work()
    assert len(box.got) == before + 1
    assert {one.id for one in box.got} == {f"msg_{first.public_id}"}
    assert lines(app)[0].status == 200
    assert row(app).state == "sent"
    assert row(app).answer == '200 {"ok": true}'
    assert key


@pytest.mark.parametrize("fault", ["empty", "huge"])
def test_whatever_a_receiver_says_that_took_it(
    app: Flask, bob: Page, box: Receiver, hand: Hand, hooked: Hooked, fault: str
) -> None:
    """Of a huge answer the beginning is read; it was taken all the same."""
    hooked("json", "comment.created")
    box.behaviour = fault
    bob.posted()
    hand.work()
    assert row(app).state == "sent"
    assert len(lines(app)[0].answer) <= 300


def test_hostile_answers_are_kept_as_a_line_of_text(
    app: Flask, bob: Page, box: Receiver, hand: Hand, hooked: Hooked
) -> None:
    hooked("json", "comment.created")
    box.answer = b"\x00<script>alert(1)</script>\r\n\xff\xfe\x1b[31m" + "\u202e".encode() + b"y" * 2_000
    bob.posted()
    hand.work()
    answer = lines(app)[0].answer
    assert answer.startswith("<script>alert(1)</script> ")
    assert not set("\x00\r\n\x1b\u202e") & set(answer)
    assert len(answer) == 300


@pytest.mark.parametrize(("fault", "said"), [("never", "400"), ("redirect", "redirect")])
def test_a_refusal_is_believed_the_third_time(
    app: Flask, bob: Page, box: Receiver, hand: Hand, hooked: Hooked, fault: str, said: str
) -> None:
    hooked("json", "comment.created")
    box.behaviour = fault
    bob.posted()
    now = clock.now()
    for _ in range(2):
        now = fail_once(app, hand, now).due_at
    with clock.freeze(now):
        hand.work()
    assert row(app).state == "parked"
    with app.app_context():
        site = sites.by_key("blog").id
        [given_up] = deliveries.parked([site], server=False)
        assert given_up.answer.startswith(said)
        transaction.write(lambda session: deliveries.again(session, given_up.id, [site], server=False))
    box.behaviour = "ok"
    hand.work()
    assert row(app).state == "sent"


def test_gone_for_good_switches_the_hook_off_and_says_so(
    app: Flask, bob: Page, box: Receiver, hand: Hand, hooked: Hooked
) -> None:
    hooked("json", "comment.created")
    box.behaviour = "gone"
    for _ in range(3):
        bob.posted()
    hand.work()
    assert box.tried == 1  # the others are dropped unsent
    with app.app_context():
        hook = db.session.scalars(select(Hook)).one()
        assert (hook.active, hook.stopped) == (False, "gone")
        assert {one.answer for one in rows.listed("dropped")} == {
            '410 {"ok": true}; the hook is switched off',
            "the hook is off",
        }
    bob.posted()
    with app.app_context():
        assert rows.listed("waiting") == []


@pytest.mark.parametrize("fault", ["later", "busy"])
@pytest.mark.parametrize(
    ("header", "body", "seconds"),
    [
        ("1200", b"", 1200),
        ("99999999", b"", 86_400),
        ("soon", b"", 0),
        (None, b'{"retry_after": 1300.5}', 1300.5),
        (None, b'{"ok": false, "parameters": {"retry_after": 1400}}', 1400),
        (None, b'{"errcode": "M_LIMIT_EXCEEDED", "retry_after_ms": 1500000}', 1500),
    ],
)
def test_who_asks_to_be_left_alone_is(
    app: Flask,
    bob: Page,
    box: Receiver,
    hand: Hand,
    hooked: Hooked,
    fault: str,
    header: str | None,
    body: bytes,
    seconds: float,
) -> None:
    hooked("json", "comment.created")
    box.behaviour, box.answer = fault, body
    box.answer_headers = {"Retry-After": header} if header else {}
    bob.posted()
    now = clock.now()
    due = fail_once(app, hand, now).due_at
    if seconds:
        assert due == now + timedelta(seconds=seconds)
    else:
        assert due <= now + timedelta(seconds=5)


def test_a_receiver_that_is_silent_is_left_alone_and_others_are_not(
    app: Flask, bob: Page, box: Receiver, hand: Hand, hooked: Hooked
) -> None:
    from tests.support.receiver import receiver

    with receiver() as other:
        app.config["HOOK_HOSTS"] = f"{box.place} {other.place}"
        hooked("json", "comment.created")
        hooked("json", "comment.created", address=other.url)
        box.behaviour = "drop"
        for _ in range(8):
            bob.posted()
        now = clock.now()
        with clock.freeze(now):
            hand.work()
        assert box.tried == 5  # without the breaker it is 8
        assert len(other.got) == 8
        box.behaviour = "ok"
        with clock.freeze(now + timedelta(seconds=31)):
            hand.work()
        assert len(box.got) == 8


def test_what_is_kept_of_the_times_is_pruned(app: Flask, bob: Page, box: Receiver, hand: Hand, hooked: Hooked) -> None:
    hooked("json", "comment.created")
    hooked("slack", "comment.created")
    for _ in range(4):
        bob.posted()
    hand.work()
    assert len(lines(app)) == 8
    with app.app_context(), pytest.MonkeyPatch.context() as patch:
        patch.setattr(tries, "MOST", 3)
        transaction.write(tries.sweep)
        assert len(lines(app)) == 6
        with clock.freeze(clock.now() + timedelta(days=31)):
            transaction.write(tries.sweep)
    assert lines(app) == []


def test_a_line_that_cannot_be_kept_makes_nothing_unsent(
    app: Flask, bob: Page, box: Receiver, hand: Hand, hooked: Hooked, monkeypatch: pytest.MonkeyPatch
) -> None:
    def busy(*_: object, **__: object) -> None:
        raise Problem("server.busy")

    hooked("json", "comment.created")
    bob.posted()
    monkeypatch.setattr(tries, "keep", busy)
    hand.work()
    assert (row(app).state, len(box.got), lines(app)) == ("sent", 1, [])


def test_the_sweep_of_the_server_prunes_them(app: Flask, bob: Page, hand: Hand, hooked: Hooked) -> None:
    from widget.services import housekeeping

    hooked("json", "comment.created")
    bob.posted()
    hand.work()
    with app.app_context(), clock.freeze(clock.now() + timedelta(days=31)):
        housekeeping.sweep()
    assert lines(app) == []
