"""Mail on the command line: `serve` sends it, `work` and `outbox` see to it, `doctor` says whether it can go out."""

import os
import re
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support import stores
from tests.support.live import command, running, settings
from tests.support.mailbox import mailbox
from tests.support.postbox import Postbox, postbox, text_of
from tests.support.processes import ROOT
from tests.support.waiting import free_port
from widget import create_app
from widget.core.errors import Problem
from widget.services import outbox, transaction
from widget.services.mail import post


@pytest.fixture
def box() -> Iterator[Postbox]:
    """The mail server."""
    with postbox() as made:
        yield made


@pytest.fixture
def env(box: Postbox, tmp_path: Path, sqlite_store: stores.SQLite) -> Iterator[dict[str, str]]:
    """The environment of a server with a site, and mail."""
    with sqlite_store.fresh(tmp_path) as url:
        mail = {"SMTP_URL": box.url, "MAIL_FROM": "comments@comments.test"}
        made = settings(tmp_path, database_url=url, port=free_port(), **mail)
        command(made, "site", "add", "blog", "--origin", "https://blog.test", "--name", "The blog")
        command(made, "site", "set", "blog", "mail_to=desk@example.org", "mail_letter_empty=true")
        yield made


def write_letter(env: dict[str, str]) -> None:
    """A letter that is to be sent."""
    app = create_app({name.removeprefix("WIDGET_"): value for name, value in env.items()} | {"CONFIG": ""})
    with app.app_context():
        from widget.extensions import db
        from widget.services import sites
        from widget.services.mail import recipients

        def work(session: object) -> None:
            [one] = recipients.owners(session, sites.by_key("blog"), "letter")  # type: ignore[arg-type]
            outbox.put(
                session,  # type: ignore[arg-type]
                key="letter:of the test",
                channel="mail",
                kind="letter",
                payload={"subscription": one.id, "until": "2026-11-16T00:00:00+00:00"},
                destination=post.destination(),
            )

        transaction.write(work)
        db.session.remove()
        db.engine.dispose()


def test_serve_sends_and_ends_well(env: dict[str, str], box: Postbox, tmp_path: Path) -> None:
    with running(env, tmp_path / "server.log") as server:
        write_letter(env)
        [mail] = box.await_mails(1, seconds=60)
        assert server.signal(signal.SIGTERM) == 0
    assert mail["Subject"].startswith("The week on The blog")
    assert re.search(r"sent +letter", command(env, "outbox", "list", "--state", "sent"))


def test_work_sends_what_is_due_and_outbox_shows_what_was_given_up(env: dict[str, str], box: Postbox) -> None:
    write_letter(env)
    box.behaviour = "never"
    command(env, "work", "--once")
    listed = command(env, "outbox", "list")
    assert "550 5.1.1 No such user here" in listed
    assert "example.org" not in listed
    assert command(env, "outbox", "retry") == "0 wait again.\n"


def test_doctor_sends_a_test_mail_and_prints_the_dialogue(env: dict[str, str], box: Postbox) -> None:
    said = command(env, "doctor", "--mail-to", "me@example.org")
    assert "MAIL FROM:<comments@comments.test> -> 250 OK" in said
    assert "The mail server took it: 250 2.0.0 Queued as 4711." in said
    [mail] = box.mails
    assert "日本語" in text_of(mail)


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({}, "ok +mail +127.0.0.1:[0-9]+ answers"),
        ({"WIDGET_SMTP_URL": ""}, "off +mail +WIDGET_SMTP_URL is not set"),
        ({"WIDGET_MAIL_FROM": "nobody"}, "wrong +mail +WIDGET_MAIL_FROM must be an address"),
        ({"WIDGET_SMTP_URL": "smtp://127.0.0.1:1"}, "wrong +mail +127.0.0.1:1: Connection refused"),
    ],
)
def test_doctor_says_whether_mail_can_go_out(env: dict[str, str], change: dict[str, str], words: str) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "widget", "doctor"],
        env={**os.environ, **env, **change},
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert re.search(words, done.stdout), done.stdout + done.stderr


def test_a_server_without_mail_offers_none(env: dict[str, str]) -> None:
    app = create_app({"DATABASE_URL": env["WIDGET_DATABASE_URL"], "SECRET_KEY": "x" * 32})
    with app.app_context():
        assert not post.is_on()
        with pytest.raises(Problem) as problem:
            post.require_on()
    assert problem.value.code == "subscription.off"


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({}, "WIDGET_REPLY_ADDRESS is not set: mails cannot be answered"),
        ({"REPLY_ADDRESS": "replies@comments.test"}, "nobody takes answers"),
        ({"REPLY_ADDRESS": "x" * 40 + "@comments.test"}, "at most 37 letters before the @"),
        ({"REPLY_ADDRESS": "replies"}, "must be an address"),
        ({"REPLY_ADDRESS": "replies@comments.test", "LMTP_LISTEN": "0.0.0.0:8024"}, "this machine itself"),
        ({"REPLY_ADDRESS": "replies@comments.test", "LMTP_LISTEN": "127.0.0.1:1"}, "nothing listens on 127.0.0.1:1"),
        ({"REPLY_ADDRESS": "replies@comments.test", "IMAP_URL": "imap://a:secret@127.0.0.1:1"}, "127.0.0.1:1:"),
        ({"IMAP_URL": "imap://a:secret@127.0.0.1:1"}, "need WIDGET_REPLY_ADDRESS"),
    ],
)
def test_doctor_says_whether_answers_can_come(env: dict[str, str], change: dict[str, str], words: str) -> None:
    said = doctor(env, change)
    assert words in said
    assert "secret@" not in said


def test_doctor_reads_the_mailbox(env: dict[str, str], tmp_path: Path) -> None:
    with mailbox(tmp_path) as inbox:
        inbox.put(b"Subject: One\r\n\r\nText")
        said = doctor(env, {"REPLY_ADDRESS": "replies@comments.test", "IMAP_URL": inbox.url})
        assert inbox.count("UNSEEN") == 1
    assert re.search(r"ok +answers, IMAP +127\.0\.0\.1:\d+ lets us read INBOX; mails that wait there: 1", said)


def doctor(env: dict[str, str], change: dict[str, str]) -> str:
    """What it says with these settings."""
    done = subprocess.run(
        [sys.executable, "-m", "widget", "doctor"],
        env={**os.environ, **env, **{f"WIDGET_{name}": value for name, value in change.items()}},
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    return done.stdout + done.stderr


def test_work_once_takes_what_waits_and_sends(env: dict[str, str], box: Postbox, tmp_path: Path) -> None:
    write_letter(env)
    with mailbox(tmp_path) as inbox:
        inbox.put(b"Subject: One\r\n\r\nText")
        answers = {"WIDGET_REPLY_ADDRESS": "replies@comments.test", "WIDGET_IMAP_URL": inbox.url}
        command(env | answers, "work", "--once")
        assert inbox.count("UNSEEN") == 0
    assert len(box.raw) == 1
    write_letter(env)
    command(env | answers, "work", "--once")  # there is no mailbox any more: mail goes out all the same
