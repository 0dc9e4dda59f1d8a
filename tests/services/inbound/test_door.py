"""A mail server on the same machine hands answers in: one reply for each address, 250 for what is on disk alone."""

import signal
import smtplib
import sqlite3
import sys
import threading
from collections.abc import Iterator
from email.message import EmailMessage
from pathlib import Path

import pytest
from flask import Flask

from tests.services.inbound.answers import answer, arrivals, texts
from tests.services.mail.people import browser, owner
from tests.support import live
from tests.support.api import Page
from tests.support.hand import Hand
from tests.support.postbox import Postbox
from tests.support.processes import Program
from tests.support.waiting import answers, free_port, until
from widget.channels import lmtp
from widget.core.errors import Problem
from widget.services.inbound.doors import Reception

SENDER = "olga@example.org"


@pytest.fixture
def told(app: Flask, page: Page, box: Postbox, hand: Hand) -> EmailMessage:
    """The mail to Olga, who owns the site, about a comment of Bob's."""
    owner(app, page)
    browser(page, "Bob").posted("Is this so?")
    hand.work()
    [mail] = box.mails
    return mail


@pytest.fixture
def door(app: Flask) -> Iterator[int]:
    """The port on which it is open."""
    port = free_port()
    held = Reception(app, ("127.0.0.1", port))
    thread = threading.Thread(target=held.run)
    thread.start()
    try:
        until(lambda: answers(port), what="the door")
        yield port
    finally:
        held.end()
        thread.join(30)


@pytest.fixture
def server(door: int) -> Iterator[smtplib.LMTP]:
    """A mail server that has come in."""
    with smtplib.LMTP("127.0.0.1", door) as client:
        yield client


def hand_in(client: smtplib.LMTP, raw: bytes, *to: str, sender: str = SENDER) -> list[int]:
    """The replies to the addresses, and to the message for each that was taken."""
    client.lhlo = client.ehlo  # type: ignore[attr-defined]
    client.ehlo_or_helo_if_needed()
    assert client.mail(sender)[0] == 250
    replies = [client.rcpt(one)[0] for one in to]
    if 250 in replies:
        client.putcmd("data")
        assert client.getreply()[0] == 354
        text = raw.replace(b"\r\n", b"\n").replace(b"\n", b"\r\n")
        client.send(b"\r\n".join(b"." + line if line.startswith(b".") else line for line in text.split(b"\r\n")))
        client.send(b"\r\n.\r\n")
        replies += [client.getreply()[0] for reply in replies if reply == 250]
    client.rset()
    return replies


def test_each_address_has_its_own_reply(
    app: Flask, page: Page, box: Postbox, hand: Hand, told: EmailMessage, server: smtplib.LMTP
) -> None:
    browser(page, "Ann").posted("And this?")
    hand.work()
    good, other = str(told["Reply-To"]), str(box.mails[-1]["Reply-To"])
    unknown = good.replace("+", "+a")[: good.index("@") + 1] + "@comments.test"
    assert hand_in(server, answer(told, "Both"), good, unknown, "info@comments.test", other) == [
        *(250, 550, 550, 250),
        *(250, 250),
    ]
    assert texts(app)[2:] == [("published", "Both"), ("published", "Both")]
    assert hand_in(server, answer(told, "None"), unknown) == [550]
    assert hand_in(server, answer(told, ".dots\n..and more"), good.upper()) == [250, 250]
    assert texts(app)[-1] == ("published", ".dots\n..and more")


def test_what_is_no_comment_is_taken_and_not_sent_back(
    app: Flask, box: Postbox, told: EmailMessage, server: smtplib.LMTP
) -> None:
    to = str(told["Reply-To"])
    assert hand_in(server, answer(told, "Away", Auto_Submitted="auto-replied"), to) == [250, 250]
    assert hand_in(server, answer(told, "Bounced"), to, sender="") == [250, 250]
    assert arrivals(app) == ["reply.automatic"] * 2


@pytest.mark.parametrize("more_settings", [{"REPLY_BYTES": 20_000}])
def test_what_is_too_large_is_refused_for_each(
    app: Flask, page: Page, box: Postbox, hand: Hand, told: EmailMessage, server: smtplib.LMTP
) -> None:
    browser(page, "Ann").posted("And this?")
    hand.work()
    to = [str(mail["Reply-To"]) for mail in box.mails]
    assert hand_in(server, answer(told, "x y " * 9_000), *to) == [250, 250, 552, 552]
    assert hand_in(server, answer(told, "Small"), *to) == [250, 250, 250, 250]


@pytest.fixture
def store(sqlite_store: object) -> object:
    """One engine is enough for what is about its lock."""
    return sqlite_store


@pytest.mark.parametrize("more_settings", [{"BUSY_TIMEOUT": 0}])
@pytest.mark.usefixtures("store")
def test_while_the_database_is_busy_it_is_to_be_brought_again(
    app: Flask, told: EmailMessage, server: smtplib.LMTP, database_url: str
) -> None:
    raw, to = answer(told, "Later"), str(told["Reply-To"])
    other = sqlite3.connect(database_url.removeprefix("sqlite:///"), isolation_level=None)
    try:
        other.execute("BEGIN IMMEDIATE")
        assert hand_in(server, raw, to) == [250, 451]
        assert len(texts(app)) == 1
        other.execute("ROLLBACK")
    finally:
        other.close()
    assert hand_in(server, raw, to) == [250, 250]
    assert hand_in(server, raw, to) == [250, 250]
    assert texts(app)[1:] == [("published", "Later")]


@pytest.mark.parametrize(
    "listen", ["0.0.0.0:8024", "192.0.2.1:8024", "[::]:8024", "8024", "localhost", "mail.example:1"]
)
def test_it_opens_on_this_machine_alone(listen: str) -> None:
    with pytest.raises(Problem, match="WIDGET_LMTP_LISTEN"):
        lmtp.place(listen)
    assert lmtp.place("[::1]:8024") == ("::1", 8024)
    assert lmtp.place("127.0.0.1:8024") == ("127.0.0.1", 8024)


def test_work_listens_and_ends_when_told(
    app: Flask, database_url: str, told: EmailMessage, box: Postbox, tmp_path: Path
) -> None:

    port = free_port()
    env = live.settings(
        tmp_path,
        database_url=database_url,
        port=free_port(),
        PUBLIC_URL="https://comments.test",
        SMTP_URL=box.url,
        MAIL_FROM="comments@comments.test",
        REPLY_ADDRESS="replies@comments.test",
        LMTP_LISTEN=f"127.0.0.1:{port}",
    )
    program = Program([sys.executable, "-m", "widget", "work"], log=tmp_path / "work.log", env=env)
    try:
        program.await_port(port)
        with smtplib.LMTP("127.0.0.1", port) as client:
            assert hand_in(client, answer(told, "Heard"), str(told["Reply-To"])) == [250, 250]
        assert program.signal(signal.SIGTERM) == 0, program.output()
    finally:
        program.stop()
    assert texts(app)[1:] == [("published", "Heard")]
