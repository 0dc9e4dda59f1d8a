"""People who change while they write: no conversation keeps an old name under a version that nobody moves on."""

import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import ColumnElement, Select, func, select

from tests.support.api import PAGE, add_site
from tests.support.waiting import until
from widget.core import tokens
from widget.core.errors import Problem
from widget.extensions import db
from widget.models import Comment, Identity, Session, Thread, User
from widget.providers import Profile
from widget.services import accounts, identities, sessions, sites, threads, transaction
from widget.services.sessions import Actor

FIRST = Profile(provider="oidc", issuer="https://id.test", subject="ada", name="Ada")


@pytest.fixture
def ada(app: Flask) -> Iterator[tuple[int, int]]:
    """(user id, identity id), with the site `blog` and a thread on it."""
    add_site(app)
    with app.app_context():
        person = transaction.write(lambda session: accounts.of_profile(session, FIRST))
        transaction.write(lambda session: threads.ensure(session, sites.by_key("blog"), threads.Page(url=PAGE)))
    return person


def comment(session: Any, person: tuple[int, int]) -> None:
    """What services.comments does, without its own commit."""
    thread = threads.lock(session, session.scalar(select(Thread.id)))
    user_id, identity_id = person
    session.add(
        Comment(
            thread_id=thread.id,
            site_id=thread.site_id,
            user_id=user_id,
            identity_id=identity_id,
            raw="x",
            html="x",
            tree="[]",
            renderer=1,
        )
    )
    session.flush()
    threads.bump(session, thread.id, comments=1)


def rename_while_a_comment_is_stored(app: Flask, ada: tuple[int, int]) -> tuple[int, int]:
    """The thread's version when the comment was there, and when the new name was there."""
    stored, go = threading.Event(), threading.Event()
    begun = threading.Event()

    def write() -> int:
        def work(session: Any) -> int:
            comment(session, ada)
            version = session.scalar(select(Thread.version)) or 0  # once committed, the renaming may be faster
            stored.set()
            go.wait(10)
            return version

        with app.app_context():
            return transaction.write(work)

    def rename() -> None:
        def work(session: Any) -> None:
            begun.set()
            accounts.of_profile(session, Profile(**{**vars(FIRST), "name": "Ada Lovelace"}))

        with app.app_context():
            transaction.write(work)

    with ThreadPoolExecutor(2) as pool:
        writing = pool.submit(write)
        assert stored.wait(10)
        renaming = pool.submit(rename)
        on_sqlite = app.config["SQLALCHEMY_DATABASE_URI"].get_backend_name() == "sqlite"
        if not on_sqlite:  # SQLite lets nobody begin
            assert begun.wait(10)
        until(lambda: renaming.done() or on_sqlite or _waits(app), what="the renaming to wait or to be done")
        go.set()
        seen = writing.result(20)
        renaming.result(20)
    with app.app_context():
        return seen, db.session.scalar(select(Thread.version)) or 0


def _waits(app: Flask) -> bool:
    """Whether a transaction of this PostgreSQL database waits for another's lock."""
    with app.app_context():
        query = "SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND datname = current_database()"
        return bool(db.session.execute(db.text(query)).scalar())


def test_a_new_name_waits_for_comments_on_their_way(app: Flask, ada: tuple[int, int]) -> None:
    with_comment, with_name = rename_while_a_comment_is_stored(app, ada)
    assert with_name > with_comment


def test_without_the_lock_the_version_would_stay(
    app: Flask, ada: tuple[int, int], monkeypatch: pytest.MonkeyPatch
) -> None:
    if app.config["SQLALCHEMY_DATABASE_URI"].get_backend_name() == "sqlite":
        pytest.skip("SQLite has one writer at a time")
    monkeypatch.setattr(Select, "with_for_update", lambda self, **_: self)
    with_comment, with_name = rename_while_a_comment_is_stored(app, ada)
    assert with_name == with_comment


def actors(app: Flask, ada: tuple[int, int], number: int) -> list[tuple[Actor, str]]:
    """Sessions of Ada with `number` identities, each with the public id of its own."""
    found = []
    with app.app_context():
        for place in range(number):
            token = tokens.secret()

            def work(session: Any, place: int = place, token: str = token) -> str:
                profile = Profile(**{**vars(FIRST), "subject": f"ada{place}"})
                person = accounts.of_profile(session, profile, joins=ada[0])
                sessions.open_session(session, sites.by_key("blog"), person, token, thumbprint=None)
                return session.get_one(Identity, person[1]).public_id

            public_id = transaction.write(work)
            found.append((sessions.actor_of(token), public_id))
    return found


def count(model: Any, *rules: ColumnElement[bool]) -> int:
    return db.session.scalar(select(func.count()).select_from(model).where(*rules)) or 0


def test_all_accounts_unlinked_at_once_leave_one(app: Flask, ada: tuple[int, int]) -> None:
    mine = actors(app, ada, 5)
    with app.app_context():
        first = db.session.scalars(select(Identity.public_id).where(Identity.id == ada[1])).one()
    gate = threading.Barrier(6)

    def unlink(actor: Actor, public_id: str) -> str:
        with app.app_context():
            gate.wait(10)
            try:
                identities.unlink(actor.user_id, public_id)
            except Problem as problem:
                return problem.code
            return "done"

    with ThreadPoolExecutor(6) as pool:
        jobs = [pool.submit(unlink, *one) for one in mine] + [pool.submit(unlink, mine[0][0], first)]
        answers = sorted(job.result(30) for job in jobs)
    assert answers == ["done"] * 5 + ["identity.last"]
    with app.app_context():
        assert count(Identity, Identity.user_id == ada[0]) == 1
        assert count(User) == 1


def test_a_write_that_meets_its_own_log_out_is_refused(app: Flask, ada: tuple[int, int]) -> None:
    (actor, _), *_ = actors(app, ada, 1)
    with app.app_context():
        transaction.write(lambda session: sessions.revoke(session, actor))

        def late(session: Any) -> None:
            comment(session, ada)
            sessions.touch(session, actor)

        with pytest.raises(Problem, match=r"session\.invalid"):
            transaction.write(late)
        assert count(Comment) == count(Session) == 0
