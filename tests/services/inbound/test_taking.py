"""An answer to a mail becomes a comment, once, of whom the mail went to; or it does not, and they hear why."""

import threading
from datetime import timedelta
from email.message import EmailMessage
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select

from tests.services.inbound.answers import answer, arrivals, flat, secret_of, take, texts
from tests.services.mail.people import browser, confirmed, owner, settle
from tests.support.api import Page
from tests.support.hand import Hand
from tests.support.postbox import Postbox, text_of
from tests.support.rows import hold
from widget.core import clock
from widget.core.errors import Problem
from widget.extensions import db
from widget.models import Identity, LogEntry, Outbox, ReplyAddress, User
from widget.services import housekeeping, people, standings, transaction
from widget.services.standings import Stands


@pytest.fixture
def told(app: Flask, page: Page, box: Postbox, hand: Hand) -> EmailMessage:
    """The mail to Olga, who owns the site, about a comment of Bob's."""
    owner(app, page)
    browser(page, "Bob").posted("Is this so?")
    hand.work()
    [mail] = box.mails
    return mail


@pytest.fixture
def waiting(app: Flask, page: Page, box: Postbox, hand: Hand) -> tuple[EmailMessage, str]:
    """The same about a comment that waits, and its id."""
    owner(app, page)
    made = browser(page, "Bob").posted("Is this so?")["id"]
    hold(app, public_id=made, state="pending", visible=False)
    hand.work()
    [mail] = box.mails
    return mail, made


def test_an_answer_becomes_a_comment_of_whom_the_mail_went_to(app: Flask, page: Page, told: EmailMessage) -> None:
    assert "Answer this mail" in text_of(told)
    assert take(app, answer(told, "It is **so**.\n\n-- \nOlga")) == "posted"
    first, second = page.comments()
    assert (second["author"]["name"], second["parent"]) == ("Olga", first["id"])
    assert second["author"]["role"] == "owner"
    assert texts(app) == [("published", "Is this so?"), ("published", "It is **so**.")]


def test_the_address_is_secret_short_and_reads_alike_in_capitals(app: Flask, told: EmailMessage) -> None:
    address = str(told["Reply-To"])
    local, _, domain = address.partition("@")
    assert (domain, local.partition("+")[0], len(local) <= 64) == ("comments.test", "replies", True)
    with app.app_context():
        [row] = db.session.scalars(select(ReplyAddress)).all()
        assert secret_of(told) not in repr(vars(row))
        assert len(secret_of(told)) * 5 >= 128
    shouted = answer(told, "Loud", To=address.upper())
    assert take(app, shouted) == "posted"


def test_a_mail_that_is_made_again_has_the_same_address(app: Flask, page: Page, box: Postbox, hand: Hand) -> None:
    owner(app, page)
    box.behaviour = "later"
    browser(page, "Bob").posted("Is this so?")
    hand.work()
    box.behaviour = "ok"
    with clock.freeze(clock.now() + timedelta(minutes=5)):
        hand.work()
    with app.app_context():
        assert db.session.scalar(select(func.count()).select_from(ReplyAddress)) == 1
        assert db.session.scalar(select(Outbox.attempts).where(Outbox.kind == "owner")) == 2
    assert take(app, answer(box.mails[0], "Yes")) == "posted"


def test_an_answer_approves_what_it_answers(app: Flask, page: Page, waiting: tuple[EmailMessage, str]) -> None:
    mail, made = waiting
    assert "approved with it" in flat(mail)
    assert take(app, answer(mail, "Yes.")) == "posted"
    assert [(one["id"] == made, one.get("parent")) for one in page.comments()] == [(True, None), (False, made)]
    with app.app_context():
        [entry] = db.session.scalars(select(LogEntry)).all()
        assert entry.act == "comment.approve"


def test_what_was_changed_meanwhile_is_not_approved(
    app: Flask, page: Page, box: Postbox, hand: Hand, waiting: tuple[EmailMessage, str]
) -> None:
    mail, made = waiting
    hold(app, public_id=made, raw="Buy now", edited_at=clock.now() + timedelta(seconds=5))
    assert take(app, answer(mail, "Yes.")) == "comment.changed"
    assert texts(app) == [("pending", "Buy now")]
    hand.work()
    assert "was changed since we wrote" in flat(box.mails[-1])
    assert box.to[-1] == "olga@example.org"


def test_visitors_answer_as_they_may(app: Flask, page: Page, box: Postbox, hand: Hand) -> None:
    ann = browser(page, "Ann", email="ann@example.org")
    first = ann.posted("Who knows?")["id"]
    confirmed(ann, box, hand, "replies")
    second = browser(page, "Bob").posted("I do", first)["id"]
    hand.work()
    [mail] = box.mails
    assert take(app, answer(mail, "Tell!", sender="ann@other.example")) == "posted"
    last = page.comments()[-1]
    assert (last["author"]["name"], last["parent"]) == ("Ann", second)
    settle(app, guests=False)
    assert take(app, answer(mail, "Again!")) == "guest.not_allowed"
    settle(app, guests=True, moderation="all")
    assert take(app, answer(mail, "And again!")) == "posted"
    assert texts(app)[-1] == ("pending", "And again!")  # the same checks as everywhere


def test_an_address_that_is_nobody_has_none_to_answer_to(app: Flask, page: Page, box: Postbox, hand: Hand) -> None:
    settle(app, mail_to=["desk@example.org"])
    browser(page, "Ann").posted("Hello")
    hand.work()
    [mail] = box.mails
    assert mail["Reply-To"] is None
    assert "Answer this mail" not in flat(mail)


def _ban(app: Flask, page: Page) -> None:
    with app.app_context():
        user = db.session.scalar(select(Identity.user_id).where(Identity.subject == "olga"))
        transaction.write(lambda session: standings.put(session, None, user, Stands("banned", None)))


def _block(app: Flask, page: Page) -> None:
    with app.app_context():
        user = db.session.scalar(
            select(User.public_id).join(Identity, Identity.user_id == User.id).where(Identity.subject == "olga")
        )
        transaction.write(lambda session: people.block(session, user))


def _demote(app: Flask, page: Page) -> None:
    owner(app, page, role=None)  # type: ignore[arg-type]


def _delete(app: Flask, page: Page) -> None:
    hold(app, public_id=page.comments()[0]["id"], state="spam", visible=False)


def _close(app: Flask, page: Page) -> None:
    hold(app, open=False)


def _shorten(app: Flask, page: Page) -> None:
    settle(app, max_length=100)


REFUSED: dict[str, tuple[Any, str, str]] = {
    "banned": (_ban, "person.banned", "cannot write there"),
    "blocked": (_block, "person.banned", "cannot write there"),
    "demoted": (_demote, "role.missing", "cannot write there"),
    "gone": (_delete, "comment.bad_parent", "not there any more"),
    "closed": (_close, "thread.closed", "closed"),
    "too long": (_shorten, "comment.too_long", "too long"),
}


@pytest.mark.parametrize("why", REFUSED)
def test_who_is_refused_hears_why_once(
    app: Flask, page: Page, box: Postbox, hand: Hand, told: EmailMessage, why: str
) -> None:
    change, code, words = REFUSED[why]
    change(app, page)
    raw = answer(told, "x" * 200)
    assert take(app, raw) == code
    assert take(app, raw) == code
    assert len(texts(app)) == 1
    hand.work()
    [mail] = box.mails[1:]
    assert words in flat(mail)
    assert f"Code: {code}" in flat(mail)
    assert mail["Auto-Submitted"] == "auto-generated"
    assert arrivals(app) == [code]


@pytest.mark.parametrize(
    ("said", "code"),
    [
        ("", "comment.empty"),
        ("-- \nOlga", "comment.empty"),
        ("See https://comments.test/mail/decide/abc", "reply.quoted"),
        ("From COMMENTS.test/mail/mine/abc", "reply.quoted"),
    ],
)
def test_what_is_not_said_or_not_ones_own_is_not_posted(
    app: Flask, box: Postbox, hand: Hand, told: EmailMessage, said: str, code: str
) -> None:
    assert take(app, answer(told, said)) == code
    hand.work()
    assert f"Code: {code}" in flat(box.mails[-1])


def test_the_secret_address_is_never_published(app: Flask, told: EmailMessage) -> None:
    assert take(app, answer(told, f"I wrote to {told['Reply-To']}, and then")) == "reply.quoted"
    assert len(texts(app)) == 1


def test_the_links_of_the_mail_are_never_published(app: Flask, told: EmailMessage) -> None:
    """As they would be, if a program quoted the mail in a way that nobody knows."""
    message = EmailMessage()
    for name, value in (("From", "olga@example.org"), ("To", told["Reply-To"]), ("Message-ID", "<1@x.example>")):
        message[name] = value
    message.set_content(f"It is so.\n\n{text_of(told)}")
    assert take(app, message.as_bytes()) == "reply.quoted"
    assert len(texts(app)) == 1


def test_the_same_mail_comes_once(app: Flask, told: EmailMessage) -> None:
    raw = answer(told, "Once")
    assert [take(app, raw) for _ in range(3)] == ["posted"] * 3
    without = answer(told, "No id", Message_ID="")
    assert [take(app, b"Received: by x\r\n" + without), take(app, b"Received: by y\r\n" + without)] == ["posted"] * 2
    assert [raw for _, raw in texts(app)] == ["Is this so?", "Once", "No id"]


def test_the_same_mail_by_eight_ways_at_once_comes_once(app: Flask, waiting: tuple[EmailMessage, str]) -> None:
    mail, _ = waiting
    raw = answer(mail, "Once")
    found: list[str] = []
    ways = [threading.Thread(target=lambda: found.append(take(app, raw))) for _ in range(8)]
    for way in ways:
        way.start()
    for way in ways:
        way.join(60)
    assert found == ["posted"] * 8
    assert texts(app) == [("published", "Is this so?"), ("published", "Once")]
    with app.app_context():
        assert db.session.scalar(select(func.count()).select_from(LogEntry)) == 1


@pytest.mark.parametrize(
    "headers",
    [
        {"Auto_Submitted": "auto-replied"},
        {"Auto_Submitted": "auto-generated (vacation)"},
        {"Precedence": "bulk"},
        {"X_Auto_Response_Suppress": "All"},
        {"X_Autoreply": "yes"},
        {"List_Id": "<some.list>"},
        {"Return_Path": "<>"},
        {"sender": "MAILER-DAEMON@example.org"},
        {"Subject": "Automatic reply: New comment"},
        {"Subject": "=?utf-8?q?Abwesenheitsnotiz=3A_Neu?="},
        {"Content_Type": "multipart/report"},
    ],
)
def test_machines_are_not_answered(
    app: Flask, box: Postbox, hand: Hand, told: EmailMessage, headers: dict[str, str]
) -> None:
    headers = dict(headers)
    kind = headers.pop("Content_Type", "")
    raw = answer(told, "I am away", **headers)
    if kind:
        raw = raw.replace(b"Content-Type: text/plain", f"Content-Type: {kind}".encode())
    assert take(app, raw) == "reply.automatic"
    hand.work()
    assert len(box.mails) == 1
    assert len(texts(app)) == 1
    headers = {"Auto_Submitted": "no"}  # the control
    assert take(app, answer(told, "I am here", **headers)) == "posted"


def test_a_bounce_and_our_own_mail_are_not_answered(app: Flask, told: EmailMessage) -> None:
    assert take(app, answer(told, "Bounced"), envelope="") == "reply.automatic"
    assert take(app, answer(told, "Back", Message_ID=str(told["Message-ID"]))) == "reply.automatic"
    assert take(app, answer(told, "Here"), envelope="olga@example.org") == "posted"


@pytest.mark.parametrize("more_settings", [{"MAIL_AUTHSERV_ID": "mx.comments.test"}])
@pytest.mark.parametrize(
    ("results", "code"),
    [
        (["mx.comments.test; dmarc=fail header.from=example.org"], "reply.forged"),
        (["mx.comments.test; spf=fail smtp.mailfrom=example.org; dkim=none"], "reply.forged"),
        (['mx.comments.test; spf=softfail; dkim=fail (bad "signature) x") header.d=example.org'], "reply.forged"),
        (["MX.comments.test 1; dkim=pass header.d=example.org; dmarc=fail"], "reply.forged"),
        (["mx.comments.test; spf=fail; dkim=pass header.d=example.org; dmarc=pass"], "posted"),
        (["mx.comments.test; spf=pass smtp.mailfrom=example.org"], "posted"),
        (["mx.comments.test; none"], "posted"),
        ([], "posted"),
        (["other.example; dmarc=fail"], "posted"),  # not our server's word
        (["mx.comments.test; dmarc=fail", "mx.comments.test; dmarc=pass"], "reply.forged"),  # the one below is forged
        (["mx.comments.test; dmarc=pass", "mx.comments.test; dmarc=fail"], "posted"),
        (["evil.example (mx.comments.test); dmarc=pass", "mx.comments.test; dmarc=fail"], "reply.forged"),
    ],
)
def test_what_the_receiving_server_found_is_respected(
    app: Flask, box: Postbox, hand: Hand, told: EmailMessage, results: list[str], code: str
) -> None:
    head = "".join(f"Authentication-Results: {one}\r\n" for one in results).encode()
    assert take(app, head + answer(told, "Am I Olga?")) == code
    hand.work()
    assert len(box.mails) == 1  # who forged it, and whom they forged, hear nothing


@pytest.mark.parametrize("more_settings", [{"MAIL_AUTHSERV_ID": "mx", "REPLY_STRICT": True}])
def test_strict_is_from_the_address_itself_and_vouched_for(app: Flask, told: EmailMessage) -> None:
    good = b"Authentication-Results: mx; dkim=pass header.d=example.org\r\n"
    other = b"Authentication-Results: mx; dkim=pass header.d=evil.example\r\n"
    assert take(app, good + answer(told, "From elsewhere", sender="olga@other.example")) == "reply.foreign"
    assert take(app, answer(told, "Nobody vouches")) == "reply.foreign"
    assert take(app, other + answer(told, "Somebody else vouches")) == "reply.foreign"
    assert take(app, good + answer(told, "I am Olga", sender="OLGA@example.org")) == "posted"


@pytest.mark.parametrize(("days", "changed", "code"), [(31, False, "reply.expired"), (1, True, "reply.unknown")])
def test_an_address_that_is_too_old_or_made_up_is_refused(
    app: Flask, told: EmailMessage, days: int, code: str, *, changed: bool
) -> None:
    token = secret_of(told)
    token = token[:-1] + ("a" if token[-1] != "a" else "b") if changed else token
    with clock.freeze(clock.now() + timedelta(days=days)):
        with pytest.raises(Problem) as refused:
            take(app, answer(told, "Late"), token)
        assert refused.value.code == code
        with app.app_context():
            housekeeping.sweep()
            left = db.session.scalar(select(func.count()).select_from(ReplyAddress))
    assert left == (1 if changed else 0)


@pytest.mark.parametrize("more_settings", [{"LIMITS": 100}])
def test_two_machines_that_answer_each_other_come_to_an_end(
    app: Flask, box: Postbox, hand: Hand, told: EmailMessage
) -> None:
    found = [take(app, answer(told, f"Number {number}")) for number in range(25)]
    assert found == ["posted"] * 20 + ["limit.person"] * 5
    hand.work()
    assert len(box.mails) == 1


@pytest.mark.parametrize("more_settings", [{"REPLY_BYTES": 20_000}])
def test_a_mail_that_is_too_large_is_refused(
    app: Flask, box: Postbox, hand: Hand, told: EmailMessage, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("INFO", "widget")
    assert take(app, answer(told, "x y " * 6_000)) == "reply.too_large"
    hand.work()
    assert "Code: reply.too_large" in flat(box.mails[-1])
    assert "reply.too_large" in caplog.text
    assert "olga" not in caplog.text


def test_what_is_packed_to_do_harm_is_refused(app: Flask, told: EmailMessage) -> None:
    def nested(depth: int) -> bytes:
        head = f"From: olga@example.org\r\nTo: {told['Reply-To']}\r\nMessage-ID: <{depth}@x.example>\r\n"
        parts = (f"Content-Type: multipart/mixed; boundary=b{at}\r\n\r\n--b{at}\r\n" for at in range(depth))
        return (head + "".join(parts) + "\r\nDeep").encode()

    assert take(app, nested(5_000)) == "reply.unreadable"
    assert take(app, nested(50)) == "posted"  # the control
    comments = f"From: {'(' * 7_000}\r\nTo: {told['Reply-To']}\r\nCc: {'(' * 7_000}\r\n\r\nHidden".encode()
    assert take(app, comments) == "posted"
    assert [raw for _, raw in texts(app)[1:]] == ["Deep", "Hidden"]
