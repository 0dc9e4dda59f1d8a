"""Akismet is asked where there is a key; whatever it does, no comment waits for it or is lost."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from tests.support.api import Page, add_site
from tests.support.hand import Hand
from tests.support.rows import change
from tests.support.waiting import free_port
from widget.core import clock, verdicts
from widget.extensions import db
from widget.models import Comment, Outbox, User
from widget.services import akismet, roles, sites, transaction
from widget.services.breaker import FAILURES, Breaker
from widget.services.moderation import decisions
from widget.services.moderation.moderators import Moderator


class Theirs:
    """A server that answers as it is told, and keeps what it was asked."""

    def __init__(self) -> None:
        self.answer, self.status = "false", 200
        self.asked: list[dict[str, str]] = []
        self.gate = threading.Event()
        self.gate.set()
        self.url = ""


@contextmanager
def serving() -> Iterator[Theirs]:
    """A real one, on this machine."""
    theirs = Theirs()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"])).decode()
            theirs.asked.append({"path": self.path, **{name: found[0] for name, found in parse_qs(body).items()}})
            theirs.gate.wait(30)
            with suppress(OSError):  # who asked has gone
                self.send_response(theirs.status)
                self.end_headers()
                self.wfile.write(theirs.answer.encode())

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    theirs.url = f"http://127.0.0.1:{server.server_address[1]}"
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield theirs
    finally:
        theirs.gate.set()
        server.shutdown()
        server.server_close()
        thread.join()


@pytest.fixture
def theirs(app: Flask, monkeypatch: pytest.MonkeyPatch) -> Iterator[Theirs]:
    """It, instead of theirs; nobody has left it alone yet."""
    monkeypatch.setattr(akismet, "_breaker", Breaker())
    monkeypatch.setattr(akismet, "SECONDS", 0.5)
    with serving() as server:
        app.config.update(AKISMET_URL=server.url, AKISMET_KEY="the-servers-key")
        yield server


@pytest.fixture
def ann(app: Flask, client: FlaskClient) -> Page:
    """A guest."""
    add_site(app)
    return Page(client).be_guest("Ann", email="ann@mail.test", website="https://ann.test")


def why(app: Flask, public_id: str) -> tuple[str, list[str]]:
    with app.app_context():
        row = db.session.scalars(select(Comment).where(Comment.public_id == public_id)).one()
        return row.state, [one.code for one in verdicts.read(row.judged).verdicts]


def test_it_is_asked_and_believed(app: Flask, ann: Page, theirs: Theirs) -> None:
    assert why(app, ann.posted("Hello", headers={"User_Agent": "Browser/1"})["id"]) == ("published", [])
    assert theirs.asked == [
        {
            "path": "/1.1/comment-check",
            "api_key": "the-servers-key",
            "blog": "https://comments.test",
            "user_ip": "127.0.0.1",
            "user_agent": "Browser/1",
            "permalink": "https://blog.test/post",
            "comment_type": "comment",
            "comment_author": "Ann",
            "comment_author_email": "ann@mail.test",
            "comment_author_url": "https://ann.test",
            "comment_content": "Hello",
        }
    ]
    theirs.answer = "true"
    assert why(app, ann.posted("Buy")["id"]) == ("spam", ["akismet.spam"])


def test_a_sites_own_key_goes_before_the_servers(app: Flask, ann: Page, theirs: Theirs) -> None:
    change(app, akismet_key="the-sites-key")
    ann.posted()
    assert theirs.asked[0]["api_key"] == "the-sites-key"


def test_who_is_known_and_what_waits_anyway_is_told_to_nobody(app: Flask, ann: Page, theirs: Theirs) -> None:
    change(app, moderation="all")
    ann.posted()
    change(app, moderation="off", approve_after=1)
    Page(ann.client).be_guest("Bob").posted()
    assert len(theirs.asked) == 1
    change(app, akismet_key="")
    app.config["AKISMET_KEY"] = ""
    Page(ann.client).be_guest("Cy").posted()
    assert len(theirs.asked) == 1


@pytest.mark.parametrize(
    ("status", "answer"), [(200, "invalid"), (200, ""), (500, "true"), (302, "true"), (200, "x" * 20_000)]
)
def test_nonsense_means_nothing(app: Flask, ann: Page, theirs: Theirs, status: int, answer: str) -> None:
    theirs.status, theirs.answer = status, answer
    assert why(app, ann.posted()["id"]) == ("published", [])
    assert len(theirs.asked) == 1


def test_silence_means_nothing_and_soon_nobody_waits_for_it(app: Flask, ann: Page, theirs: Theirs) -> None:
    change(app, approve_after=0)
    theirs.gate.clear()
    for number in range(FAILURES):
        assert why(app, ann.posted(f"Hello {number}")["id"]) == ("published", [])
    assert len(theirs.asked) == FAILURES
    theirs.gate.set()
    theirs.answer = "true"
    assert why(app, ann.posted("Hello again")["id"]) == ("published", [])
    assert len(theirs.asked) == FAILURES


def test_nobody_there_means_nothing(app: Flask, ann: Page, theirs: Theirs) -> None:
    app.config["AKISMET_URL"] = f"http://127.0.0.1:{free_port()}"
    assert why(app, ann.posted()["id"]) == ("published", [])


def test_an_edit_is_asked_about_too(app: Flask, ann: Page, theirs: Theirs) -> None:
    made = ann.posted("Hello")["id"]
    theirs.answer = "true"
    assert ann.edit(made, "Buy").json["comment"]["state"] == "pending"
    assert why(app, made) == ("spam", ["akismet.spam"])
    assert theirs.asked[1]["permalink"] == "https://blog.test/post"


def test_it_is_told_where_moderators_decide_otherwise(app: Flask, ann: Page, theirs: Theirs) -> None:
    hand = Hand(app)
    mo = moderator(app, ann)
    good = ann.posted("Hello")["id"]
    theirs.answer = "true"
    bad, right = ann.posted("Buy nothing")["id"], ann.posted("Buy it")["id"]
    theirs.answer = "false"
    theirs.asked.clear()
    for made, act in ((good, "spam"), (bad, "approve"), (right, "delete")):
        decide(app, mo, made, act)
    assert theirs.asked == []  # no decision waits for it
    assert hand.work() == 2
    assert [(one["path"], one["comment_content"]) for one in theirs.asked] == [
        ("/1.1/submit-spam", "Hello"),
        ("/1.1/submit-ham", "Buy nothing"),
    ]
    assert theirs.asked[0]["comment_author"] == "Ann"
    assert "user_ip" not in theirs.asked[0]
    decide(app, mo, good, "restore")  # taken back: it is no spam after all
    hand.work()
    assert [one["path"] for one in theirs.asked[2:]] == ["/1.1/submit-ham"]


def test_what_was_decided_anew_meanwhile_is_not_told(app: Flask, ann: Page, theirs: Theirs) -> None:
    mo, made = moderator(app, ann), ann.posted("Hello")["id"]
    theirs.asked.clear()
    decide(app, mo, made, "spam")
    decide(app, mo, made, "delete")
    Hand(app).work()
    assert theirs.asked == []


def test_what_it_does_not_take_is_told_again(app: Flask, ann: Page, theirs: Theirs) -> None:
    mo, made = moderator(app, ann), ann.posted("Hello")["id"]
    theirs.asked.clear()
    decide(app, mo, made, "spam")
    theirs.status = 500
    Hand(app).work()
    with app.app_context():
        row = db.session.scalars(select(Outbox).where(Outbox.channel == "akismet")).one()
        assert (row.state, row.attempts, row.answer) == ("waiting", 1, "it answered 500")
    theirs.status = 200
    with clock.freeze(clock.now() + timedelta(days=1)):
        Hand(app).work()
    assert [one["path"] for one in theirs.asked] == ["/1.1/submit-spam"] * 2


def test_sites_without_a_key_tell_nothing(app: Flask, ann: Page, theirs: Theirs) -> None:
    app.config["AKISMET_KEY"] = ""
    decide(app, moderator(app, ann), ann.posted("Hello")["id"], "spam")
    assert Hand(app).work() == 0
    assert theirs.asked == []


def moderator(app: Flask, page: Page) -> Moderator:
    """Somebody who decides there."""
    Page(page.client).be_person("Mo")
    with app.app_context():
        who = db.session.scalars(select(User.id).where(User.name == "Mo")).one()
        transaction.write(lambda session: roles.give(session, sites.by_key("blog"), who, "moderator"))
    return Moderator(who)


def decide(app: Flask, who: Moderator, public_id: str, act: str) -> None:
    """As the desk does."""
    with app.app_context():
        version = decisions.version_of(db.session.scalars(select(Comment).where(Comment.public_id == public_id)).one())
        decisions.decide(who, public_id, act, version=version)
