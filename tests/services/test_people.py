"""People as the operator sees them, and what a block ends; in races too."""

import threading
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select

from tests.support.api import Page, add_site, code
from widget.core import clock, tokens
from widget.core.errors import Problem
from widget.extensions import db
from widget.models import AccountSession, Comment, Identity, KnownBrowser, Session, User
from widget.services import account_sessions, consents, people, sessions, sites, transaction


@pytest.fixture
def ann(app: Flask) -> Page:
    """A guest."""
    add_site(app)
    return Page(app.test_client()).be_guest("Ann 100%", email="ann@x.example")


@pytest.fixture
def here(app: Flask) -> Iterator[None]:
    """Within the application."""
    with app.app_context():
        yield


def member(name: str = "Ada", **facts: Any) -> tuple[int, int]:
    """Somebody with an account: (user id, identity id)."""

    def work(session: Any) -> tuple[int, int]:
        user = User(name=name)
        session.add(user)
        session.flush()
        identity = Identity(user_id=user.id, provider="github", issuer="i", subject=name, name=name, **facts)
        session.add(identity)
        session.flush()
        return user.id, identity.id

    return transaction.write(work)


def id_of(name: str) -> str:
    """The public id of the person with this name."""
    found = db.session.scalar(select(User.public_id).where(User.name == name))
    assert found
    return found


def block(name: str, **more: Any) -> None:
    """Block them."""
    public_id = id_of(name)
    transaction.write(lambda session: people.block(session, public_id, **more))


def test_who_is_here(ann: Page, here: None) -> None:
    ann.posted("One")
    ann.posted("Two")
    member(username="ada_l", profile_url="https://github.com/ada", email="ada@x.example")
    found = people.find()
    assert [(one.name, one.comments, one.sessions, len(one.ways)) for one in found] == [
        ("Ada", 0, 0, 1),
        ("Ann 100%", 2, 1, 0),
    ]
    assert found[0].ways == (people.Way("github", "Ada", "ada_l", "https://github.com/ada"),)
    assert [one.name for one in people.find(limit=1)] == ["Ada"]
    assert people.show(found[1].id) == found[1]
    with pytest.raises(Problem) as unknown:
        people.show("nobody")
    assert unknown.value.code == "user.not_found"


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("ann", ["Ann 100%"]),
        ("ADA_L", ["Ada"]),
        ("@X.EXAMPLE", ["Ada", "Ann 100%"]),
        ("0%", ["Ann 100%"]),
        ("%", ["Ann 100%"]),
        ("_", ["Ada"]),
        ("a_a", []),
        ("", ["Ada", "Ann 100%"]),
    ],
)
def test_finding_somebody(ann: Page, here: None, text: str, names: list[str]) -> None:
    member(username="ada_l", email="ada@x.example")
    assert [one.name for one in people.find(text)] == names


def test_a_block_ends_whatever_speaks_for_them(ann: Page, here: None) -> None:
    user = member()
    token = tokens.secret()

    def sign_in(session: Any) -> None:
        sessions.open_session(session, sites.by_key("blog"), user, token, thumbprint=None)
        account_sessions.open_session(session, user, old=None)
        consents.remember(session, None, *user)

    transaction.write(sign_in)
    ada = Page(ann.client, token=token)
    ada.posted("Before")
    block("Ada")
    assert code(ada.post("After")) == "session.invalid"
    assert ann.posted("Me too")
    for model in (Session, AccountSession, KnownBrowser):
        assert db.session.scalar(select(func.count()).select_from(model).where(model.user_id == user[0])) == 0
    for door in (sign_in, lambda session: account_sessions.open_session(session, user, old=None)):
        with pytest.raises(Problem) as refused:
            transaction.write(door)
        assert refused.value.code == "user.blocked"
    assert [one.name for one in people.find(blocked=True)] == ["Ada"]
    assert [comment["author"]["name"] for comment in ann.comments()] == ["Ada", "Ann 100%"]  # what they wrote stays


def test_a_block_that_ends(ann: Page, here: None) -> None:
    member()
    until = clock.now() + timedelta(days=2)
    block("Ada", until=until)
    assert (people.find("Ada")[0].until, [one.name for one in people.find(blocked=True)]) == (until, ["Ada"])
    with clock.freeze(until):
        assert people.find(blocked=True) == []
        assert people.find("Ada")[0].blocked is None
        open_one("Ada")


def test_unblocking(ann: Page, here: None) -> None:
    member()
    block("Ada")
    public_id = id_of("Ada")
    transaction.write(lambda session: people.unblock(session, public_id))
    assert people.find(blocked=True) == []
    open_one("Ada")


@pytest.mark.parametrize("work", [people.block, people.unblock])
def test_nobody(here: None, work: Any) -> None:
    with pytest.raises(Problem) as unknown:
        transaction.write(lambda session: work(session, "nobody"))
    assert unknown.value.code == "user.not_found"


def open_one(name: str) -> None:
    """A session of theirs on the blog."""
    user_id, identity_id = db.session.execute(
        select(User.id, Identity.id).join(Identity, Identity.user_id == User.id).where(User.name == name)
    ).one()

    def work(session: Any) -> None:
        person = (user_id, identity_id)
        sessions.open_session(session, sites.by_key("blog"), person, tokens.secret(), thumbprint=None)

    transaction.write(work)


ROUNDS = 20


def test_who_comes_in_while_being_blocked_is_out_afterwards(app: Flask, ann: Page) -> None:
    """In whatever order the two happen: after the block there is no session."""
    with app.app_context():
        member()
        public_id = id_of("Ada")
    for _ in range(ROUNDS):
        gate = threading.Barrier(2)
        refused: list[str] = []

        def come(gate: threading.Barrier = gate, refused: list[str] = refused) -> None:
            with app.app_context():
                gate.wait(30)
                try:
                    open_one("Ada")
                except Problem as problem:
                    refused.append(problem.code)

        thread = threading.Thread(target=come)
        thread.start()
        with app.app_context():
            gate.wait(30)
            transaction.write(lambda session: people.block(session, public_id))
            thread.join(30)
            assert set(refused) <= {"user.blocked"}
            assert people.show(public_id).sessions == 0
            transaction.write(lambda session: people.unblock(session, public_id))


def test_who_writes_while_being_blocked_has_written_before_or_not_at_all(app: Flask, ann: Page) -> None:
    with app.app_context():
        public_id = id_of("Ann 100%")
    statuses: list[int] = []

    def write() -> None:
        page = Page(app.test_client(), token=ann.token)
        statuses.extend(page.post("Again").status_code for _ in range(10))

    threads = [threading.Thread(target=write) for _ in range(5)]
    for thread in threads:
        thread.start()
    with app.app_context():
        transaction.write(lambda session: people.block(session, public_id))
        written = db.session.scalar(select(func.count()).select_from(Comment))
    for thread in threads:
        thread.join(60)
    with app.app_context():
        assert db.session.scalar(select(func.count()).select_from(Comment)) == written == statuses.count(201)
    assert set(statuses) <= {201, 401, 403}
    assert {401, 403} & set(statuses)
