"""Answers that come to a mailbox are taken from it, once, whatever becomes of the worker or of one of them."""

import sys
from collections.abc import Iterator
from email.message import EmailMessage
from pathlib import Path

import pytest
from flask import Flask

from tests.services.inbound.answers import answer, arrivals, flat, take, texts
from tests.services.mail.people import browser, owner
from tests.support import live, tls
from tests.support.api import Page
from tests.support.hand import Hand
from tests.support.mailbox import PASSWORD, Mailbox, mailbox
from tests.support.postbox import Postbox
from tests.support.processes import Program
from tests.support.waiting import free_port, until
from widget.channels import imap
from widget.core.errors import Problem
from widget.services.inbound.doors import Poll

DEADLY = str(Path(live.__file__).with_name("deadly.py"))


@pytest.fixture
def inbox(tmp_path: Path) -> Iterator[Mailbox]:
    """The mailbox."""
    with mailbox(tmp_path) as made:
        yield made


@pytest.fixture
def told(app: Flask, page: Page, box: Postbox, hand: Hand) -> EmailMessage:
    """The mail to Olga, who owns the site, about a comment of Bob's."""
    owner(app, page)
    browser(page, "Bob").posted("Is this so?")
    hand.work()
    [mail] = box.mails
    return mail


def poll(app: Flask, inbox: Mailbox) -> Poll:
    """Whoever looks into it."""
    where = imap.server(inbox.url, timeout=10)
    assert where
    return Poll(app, where)


def said(app: Flask) -> list[str]:
    """What the comments say after the first."""
    return [raw for _, raw in texts(app)[1:]]


def test_what_waits_is_taken_once(app: Flask, told: EmailMessage, inbox: Mailbox) -> None:
    inbox.put(answer(told, "First"), b"From: a@b.example\r\n\r\nNot for us", answer(told, "Second"))
    assert poll(app, inbox).look() == 3
    assert said(app) == ["First", "Second"]
    assert inbox.count("UNSEEN") == 0
    assert poll(app, inbox).look() == 0
    inbox.unflag()
    assert poll(app, inbox).look() == 3
    assert said(app) == ["First", "Second"]


def test_by_both_ways_it_is_one(app: Flask, told: EmailMessage, inbox: Mailbox) -> None:
    raw = answer(told, "Once")
    inbox.put(raw)
    assert take(app, raw) == "posted"
    poll(app, inbox).look()
    assert said(app) == ["Once"]
    assert arrivals(app) == ["posted"]


@pytest.mark.parametrize("more_settings", [{"IMAP_DONE": "Taken & über"}])
def test_what_was_taken_can_be_moved(app: Flask, told: EmailMessage, inbox: Mailbox) -> None:
    inbox.put(answer(told, "Moved"), b"From: a@b.example\r\n\r\nNot for us")
    poll(app, inbox).look()
    assert inbox.count("UNSEEN") == 0
    assert inbox.count() == 1
    assert inbox.count(folder="Taken &- &APw-ber") == 1
    assert said(app) == ["Moved"]


@pytest.mark.parametrize("more_settings", [{"REPLY_BYTES": 20_000}])
def test_of_what_is_too_large_only_the_headers_are_read(
    app: Flask, box: Postbox, hand: Hand, told: EmailMessage, inbox: Mailbox
) -> None:
    inbox.put(answer(told, "x y " * 9_000), answer(told, "Small"))
    poll(app, inbox).look()
    assert said(app) == ["Small"]
    hand.work()
    assert "Code: reply.too_large" in flat(box.mails[-1])


def test_one_that_cannot_be_taken_holds_up_no_other(
    app: Flask, told: EmailMessage, inbox: Mailbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    bad, good = answer(told, "Bad"), answer(told, "Good")
    inbox.put(bad, good)
    right = take.__globals__["taking"].take

    def broken(raw: bytes, token: str, **more: object) -> str:
        if b"Bad" in raw:
            raise RuntimeError("a fault of ours")
        return str(right(raw, token, **more))

    monkeypatch.setattr("widget.services.inbound.taking.take", broken)
    looks = poll(app, inbox)
    for _ in range(4):
        looks.look()
    assert said(app) == ["Good"]
    assert inbox.count("UNSEEN") == 1
    looks.look()
    assert (inbox.count("UNSEEN"), inbox.count("FLAGGED")) == (0, 1)


def test_what_is_wrong_with_the_mailbox_is_said_without_the_password(tmp_path: Path, inbox: Mailbox) -> None:
    certificate = tls.issue(tmp_path, "127.0.0.1")
    good = inbox.url
    for url, words in (
        (good.replace("p%40ss", "wrong"), "127.0.0.1"),
        (f"{good}/no/such", "no such"),
        (good.replace(f":{inbox.port}", f":{free_port()}"), "refused"),
    ):
        where = imap.server(url, timeout=5)
        assert where
        with pytest.raises(imap.Failed) as failed, imap.opened(where):
            pass
        assert PASSWORD not in str(failed.value)
        assert words in str(failed.value) or "folder" in str(failed.value)
    with mailbox(tmp_path, certificate=certificate) as safe:
        stranger = imap.server(safe.url, timeout=5)
        assert stranger
        with pytest.raises(imap.Failed, match="not trusted"), imap.opened(stranger):
            pass
        known = imap.server(safe.url, ca=str(certificate.authority), timeout=5)
        assert known
        with imap.opened(known) as box:
            assert box.unseen() is not None


@pytest.mark.parametrize(
    "url",
    [
        "https://a:b@mail.example",
        "imaps://mail.example",
        "imaps://a@mail.example",
        "imaps://a:b@",
        "imaps://a:b@mail.example:port",
        "imap+plain://a:b@mail.example",
    ],
)
def test_a_mailbox_that_is_none_is_refused(url: str) -> None:
    with pytest.raises(Problem, match="WIDGET_IMAP_URL"):
        imap.server(url)


@pytest.fixture
def env(database_url: str, inbox: Mailbox, box: Postbox, tmp_path: Path) -> dict[str, str]:
    """The environment of a server that looks into the mailbox."""
    return live.settings(
        tmp_path,
        database_url=database_url,
        port=free_port(),
        PUBLIC_URL="https://comments.test",
        SMTP_URL=box.url,
        MAIL_FROM="comments@comments.test",
        REPLY_ADDRESS="replies@comments.test",
        IMAP_URL=inbox.url,
        IMAP_SECONDS="1",
        WORKERS="2",
    )


def test_serve_takes_them_as_well(
    app: Flask, told: EmailMessage, inbox: Mailbox, env: dict[str, str], tmp_path: Path
) -> None:
    inbox.put(*(answer(told, f"Number {number}") for number in range(5)))
    with live.running(env, tmp_path / "serve.log", seconds=120):
        until(lambda: inbox.count("UNSEEN") == 0, seconds=60, what="an empty mailbox")
    assert sorted(said(app)) == [f"Number {number}" for number in range(5)]


@pytest.mark.parametrize("moment", ["before", "after"])
def test_killed_before_or_after_the_commit_it_is_one_comment(
    app: Flask, told: EmailMessage, inbox: Mailbox, env: dict[str, str], tmp_path: Path, moment: str
) -> None:
    """`after`: between the commit and the flag on the mail."""
    for number in range(3):
        inbox.put(answer(told, f"Number {number}"))
        deadly = Program([sys.executable, DEADLY, moment], log=tmp_path / "deadly.log", env=env)
        until(lambda: deadly.ended() is not None, seconds=60, what="its end")  # noqa: B023 - asked within the round
        assert deadly.ended() == -9, deadly.output()
        assert len(said(app)) == number + (moment == "after")
        assert inbox.count("UNSEEN") == 1
        program = Program([sys.executable, "-m", "widget", "work"], log=tmp_path / "work.log", env=env)
        try:
            until(lambda: inbox.count("UNSEEN") == 0, seconds=60, what="an empty mailbox")
        finally:
            program.stop()
        assert said(app) == [f"Number {one}" for one in range(number + 1)]
