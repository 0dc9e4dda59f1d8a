"""One way to write: all or nothing, tried again when the database asks, effects only after the commit."""

import threading

import pytest
from flask import Flask
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from widget import create_app
from widget.core.errors import Problem
from widget.extensions import db
from widget.models import User
from widget.services import transaction


def users() -> int:
    """How many there are."""
    found = db.session.scalar(select(func.count()).select_from(User)) or 0
    db.session.rollback()
    return found


def add(session: Session, name: str = "Ann") -> str:
    """Some work."""
    session.add(User(name=name))
    return name


def test_what_work_returns_is_returned_and_committed(app: Flask) -> None:
    with app.app_context():
        assert transaction.write(add) == "Ann"
        assert users() == 1


def test_an_error_undoes_it_all_and_comes_through(app: Flask) -> None:
    effects: list[str] = []

    def work(session: Session) -> None:
        add(session)
        session.flush()
        transaction.after_commit(session, lambda: effects.append("never"))
        raise Problem("comment.empty")

    with app.app_context():
        with pytest.raises(Problem):
            transaction.write(work)
        assert users() == 0
        assert effects == []
        transaction.write(add)
        assert effects == []


def test_effects_come_after_the_commit(app: Flask) -> None:
    seen: list[int] = []

    def work(session: Session) -> None:
        add(session)
        transaction.after_commit(session, lambda: seen.append(users()))

    with app.app_context():
        transaction.write(work)
    assert seen == [1]


def test_a_dry_run_answers_and_leaves_nothing(app: Flask) -> None:
    with app.app_context():
        assert transaction.dry(add) == "Ann"
        assert users() == 0


def test_a_read_before_does_not_become_the_ground_of_the_write(app: Flask) -> None:
    """Two threads read, then both write: each write must see the other's."""
    ready = threading.Barrier(2)
    failed: list[BaseException] = []

    def rename(session: Session) -> None:
        user = session.scalars(select(User).with_for_update()).one()
        user.name += "x"

    def run() -> None:
        try:
            with app.app_context():
                users()
                db.session.scalars(select(User)).one()
                ready.wait(10)
                for _ in range(20):
                    transaction.write(rename)
                db.session.remove()
        except BaseException as error:  # noqa: BLE001 - handed to the test
            failed.append(error)

    with app.app_context():
        transaction.write(lambda session: add(session, ""))
        threads = [threading.Thread(target=run) for _ in range(2)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(30)
        assert failed == []
        db.session.rollback()
        assert db.session.scalars(select(User)).one().name == "x" * 40
        db.session.remove()


def test_a_database_that_stays_locked_is_busy_and_not_an_error(app: Flask, database_url: str) -> None:
    impatient = create_app({"DATABASE_URL": database_url, "BUSY_TIMEOUT": 1})

    def hold(session: Session) -> None:
        add(session)
        session.flush()
        session.connection().exec_driver_sql("UPDATE \"user\" SET name = 'held'")
        with impatient.app_context(), pytest.raises(Problem) as refused:
            transaction.write(lambda inner: inner.connection().exec_driver_sql("UPDATE \"user\" SET name = 'other'"))
        assert refused.value.code == "server.busy"

    def before(session: Session) -> None:
        add(session)

    with app.app_context():
        transaction.write(before)
        transaction.write(hold)
    with impatient.app_context():
        db.session.remove()
        db.engine.dispose()
