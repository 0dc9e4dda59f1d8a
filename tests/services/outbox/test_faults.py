"""Mail servers fail in every way, and every message goes out once they do not."""

from datetime import datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from tests.support import tls
from tests.support.api import Page
from tests.support.hand import Hand
from tests.support.postbox import Postbox, postbox
from tests.support.waiting import free_port
from widget import create_app, smtp
from widget.core import clock
from widget.core.errors import Problem
from widget.extensions import db
from widget.models import Outbox
from widget.services import transaction
from widget.services.mail import post
from widget.services.outbox import rows

FAULTS = ("later", "never", "greylist", "hang", "drop", "busy")
QUARTER = timedelta(minutes=15)


def mail_row(app: Flask) -> Outbox:
    """The one mail of the outbox."""
    with app.app_context():
        return db.session.scalars(select(Outbox).where(Outbox.channel == "mail")).one()


def fail_once(app: Flask, hand: Hand, now: datetime) -> Outbox:
    """Try at `now`, in vain."""
    with clock.freeze(now):
        hand.work()
    row = mail_row(app)
    assert row.state == "waiting"
    assert timedelta(0) < row.due_at - now <= QUARTER
    assert row.answer
    return row


@pytest.mark.parametrize("fault", FAULTS)
def test_a_mail_goes_out_within_a_quarter_of_an_hour_after_its_server_is_back(
    app: Flask, bob: Page, box: Postbox, hand: Hand, fault: str
) -> None:
    box.behaviour = fault
    bob.posted()
    row = fail_once(app, hand, clock.now())
    box.behaviour = "ok"
    box.go_on.set()
    with clock.freeze(row.due_at):
        hand.work()
    assert [one["Message-ID"] for one in box.mails] == [f"<{row.public_id}@comments.test>"]
    assert (mail_row(app).state, mail_row(app).answer) == ("sent", "250 2.0.0 Queued as 4711")
    with clock.freeze(row.due_at + timedelta(days=1)):
        hand.work()
    assert len(box.raw) == 1


def test_a_server_that_is_down_for_hours_is_asked_seldom(app: Flask, bob: Page, box: Postbox, hand: Hand) -> None:
    box.behaviour = "busy"
    bob.posted()
    now = clock.now()
    for _ in range(12):
        now = fail_once(app, hand, now).due_at
    assert box.tried == 12
    box.behaviour = "ok"
    with clock.freeze(now):
        hand.work()
    assert len(box.raw) == 1


def test_what_is_refused_for_good_is_parked_and_can_be_sent_again(
    app: Flask, bob: Page, box: Postbox, hand: Hand
) -> None:
    box.behaviour = "never"
    bob.posted()
    now = clock.now()
    for _ in range(2):
        now = fail_once(app, hand, now).due_at
    with clock.freeze(now):
        hand.work()
    assert mail_row(app).state == "parked"
    box.behaviour = "ok"
    with clock.freeze(now + timedelta(days=1)):
        hand.work()
    assert box.raw == []
    with app.app_context():
        assert [row.answer for row in rows.listed("parked")] == ["550 5.1.1 No such user here"]
        assert transaction.write(rows.retry) == 1
    hand.work()
    assert len(box.raw) == 1


def test_a_server_that_is_silent_is_left_alone_for_a_while_with_all_its_mail(
    app: Flask, bob: Page, box: Postbox, hand: Hand
) -> None:
    box.behaviour = "busy"
    for _ in range(8):
        bob.posted()
    now = clock.now()
    with clock.freeze(now):
        hand.work()
    assert box.tried == 5  # without the breaker it is 8
    box.behaviour = "ok"
    with clock.freeze(now + timedelta(seconds=31)):
        hand.work()
    assert len(box.raw) == 8


def test_a_row_that_cannot_be_made_holds_up_no_other(
    app: Flask, bob: Page, box: Postbox, hand: Hand, monkeypatch: pytest.MonkeyPatch
) -> None:
    write = post.WRITERS["comment"]
    broken = list[int]()

    def sometimes(session: object, claimed: rows.Claimed) -> object:
        broken.append(claimed.id)
        if claimed.id == broken[0]:
            raise ValueError("ada@example.org")
        return write(session, claimed)  # type: ignore[arg-type]

    monkeypatch.setitem(post.WRITERS, "comment", sometimes)
    for _ in range(3):
        bob.posted()
    hand.work()
    assert len(box.raw) == 2
    with app.app_context():
        [row] = [row for row in rows.listed("waiting") if row.channel == "mail"]
        assert row.answer == "ValueError"  # what went wrong may hold somebody's words


@pytest.fixture
def certificate(tmp_path_factory: pytest.TempPathFactory) -> tls.Identity:
    return tls.issue(tmp_path_factory.mktemp("tls"), "localhost")


def send(url: str, **more: object) -> list[str]:
    """Send a test mail by an application's settings; the dialogue."""
    said = list[str]()
    server = smtp.server(url, **{"timeout": 5, **more})  # type: ignore[arg-type]
    assert server
    smtp.send(
        server, sender="a@comments.test", to="b@example.org", message=b"Subject: x\r\n\r\nx\r\n", tell=said.append
    )
    return said


def test_a_certificate_that_nobody_vouches_for_gets_no_mail_and_no_password(certificate: tls.Identity) -> None:
    with postbox(tls=certificate.context(), password="word") as box:
        url = f"smtp://me:word@localhost:{box.port}"
        with pytest.raises(smtp.Failed, match="certificate that is not trusted") as failed:
            send(url)
        assert failed.value.unreachable
        assert box.raw == []
        # The control: with its authority known the same server gets it.
        said = send(url, ca=str(certificate.authority))
    assert len(box.raw) == 1
    assert said[-1].endswith("-> 250 2.0.0 Queued as 4711")
    assert "word" not in "".join(said)


def test_a_wrong_password_is_told(certificate: tls.Identity) -> None:
    with (
        postbox(tls=certificate.context(), password="word") as box,
        pytest.raises(smtp.Failed, match="535 ") as failed,
    ):
        send(f"smtp://me:other@localhost:{box.port}", ca=str(certificate.authority))
    assert failed.value.unreachable
    assert not failed.value.refused


def test_nobody_listens() -> None:
    with pytest.raises(smtp.Failed, match="refused") as failed:
        send(f"smtp://127.0.0.1:{free_port()}")
    assert failed.value.unreachable


@pytest.mark.parametrize(
    ("url", "more"),
    [
        ("http://mail.example", {}),
        ("smtp://", {}),
        ("smtp://mail.example:no", {}),
        ("smtp+plain://me:word@mail.example", {}),
        ("smtp://mail.example", {"MAIL_FROM": ""}),
        ("smtp://mail.example", {"MAIL_FROM": "nobody"}),
        ("smtp://mail.example", {"SMTP_TIMEOUT": 0}),
        ("smtp://mail.example", {"OUTBOX_LEASE": -1}),
        ("smtp://mail.example", {"MAIL_FROM": "a@b.example\r\nBcc: c@d.example"}),
    ],
)
def test_settings_that_cannot_be_right_stop_the_server(url: str, more: dict[str, object]) -> None:
    wishes = {"DATABASE_URL": "sqlite:///unused.db", "SECRET_KEY": "x" * 32, "MAIL_FROM": "a@b.example"}
    with pytest.raises(Problem) as problem:
        create_app(wishes | {"SMTP_URL": url} | more)
    assert problem.value.code == "config.invalid"
