"""Writers who wait together share one commit; each is answered after it, and none pays for another's failure."""

import sqlite3
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from flask import Flask, g
from sqlalchemy import event, func, select, text
from sqlalchemy.exc import DBAPIError, IntegrityError
from sqlalchemy.orm import Session

from tests.support import stores
from tests.support.waiting import until
from widget import create_app
from widget.core.errors import Problem
from widget.extensions import db
from widget.models import Site, User
from widget.services import committer, transaction
from widget.services.committer import Committer, UndoneError

Work = Callable[[Session], Any]


@pytest.fixture
def app(sqlite_store: stores.SQLite, tmp_path: Path) -> Iterator[Flask]:
    """The application on SQLite, whose writers stand in line."""
    with sqlite_store.fresh(tmp_path) as url:
        app = create_app({"DATABASE_URL": url, "THREADS": 40, "BUSY_TIMEOUT": 20})
        yield app
        with app.app_context():
            db.session.remove()
            db.engine.dispose()


@pytest.fixture
def commits(app: Flask) -> list[int]:
    """Grows by one with every commit that the engine is about to make."""
    found: list[int] = []
    with app.app_context():
        event.listen(db.engine, "commit", lambda _connection: found.append(len(found)))
    return found


def line(app: Flask) -> Committer:
    found = transaction.line(app)
    assert found is not None
    return found


def add(name: str) -> Work:
    def work(session: Session) -> str:
        session.add(User(name=name))
        return name

    return work


def names(app: Flask) -> set[str]:
    """Who is stored, read by a connection that knows nothing of ours."""
    with sqlite3.connect(app.config["SQLALCHEMY_DATABASE_URI"].database) as file:
        found = {name for (name,) in file.execute('SELECT name FROM "user"')}
    file.close()
    return found


@contextmanager
def together(app: Flask, works: list[Callable[[], Any]]) -> Iterator[list[Any]]:
    """Have works (functions that write) stand in line at once; their answers or errors, in the block all are there.

    Somebody else is in front until all of them wait, in the order of the list.
    """
    answers: list[Any] = [None] * len(works)
    free, held = threading.Event(), threading.Event()

    def hold(_session: Session) -> None:
        held.set()
        assert free.wait(20)

    def run(place: int, work: Callable[[], Any]) -> None:
        with app.app_context():
            try:
                answers[place] = work()
            except BaseException as error:  # noqa: BLE001 - handed to the test
                answers[place] = error
            finally:
                db.session.remove()

    first = threading.Thread(target=run, args=(0, lambda: transaction.write(hold)))
    first.start()
    assert held.wait(20)
    threads = []
    for place, work in enumerate(works):
        threads.append(threading.Thread(target=run, args=(place, work)))
        threads[-1].start()
        until(lambda place=place: line(app).waiting() == place + 1, what="its place in line")
    free.set()
    for thread in (first, *threads):
        thread.join(60)
        assert not thread.is_alive()
    yield answers


def test_who_waits_together_shares_a_commit_and_is_answered_after_it(app: Flask, commits: list[int]) -> None:
    before = len(commits)
    seen: dict[str, bool] = {}

    def write(name: str) -> Callable[[], str]:
        def run() -> str:
            answer: str = transaction.write(add(name))
            seen[name] = name in names(app)
            return answer

        return run

    wanted = [f"W{number}" for number in range(16)]
    with together(app, [write(name) for name in wanted]) as answers:
        assert answers == wanted
    assert seen == dict.fromkeys(wanted, True)
    assert len(commits) - before == 2  # who was in front, and the sixteen


def test_nobody_is_answered_while_the_commit_is_under_way(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    """The engine's own commit, which syncs, is entered with nobody answered and left before anybody is."""
    answered: list[str] = []
    at_commit: list[tuple[int, int]] = []
    with app.app_context():
        dialect = db.engine.dialect
    commit = dialect.do_commit

    def watched(connection: Any) -> None:
        before = len(answered)
        commit(connection)
        at_commit.append((before, len(answered)))

    monkeypatch.setattr(dialect, "do_commit", watched)

    def run(name: str) -> Callable[[], None]:
        def write() -> None:
            answered.append(transaction.write(add(name)))

        return write

    with together(app, [run(f"W{number}") for number in range(8)]):
        assert len(answered) == 8
    assert at_commit[1] == (0, 0)


def test_a_bad_neighbour_harms_nobody(app: Flask, commits: list[int]) -> None:
    effects: list[str] = []
    before = len(commits)

    def good(name: str) -> Callable[[], Any]:
        def work(session: Session) -> str:
            session.add(User(name=name))
            transaction.after_commit(session, lambda: effects.append(name if name in names(app) else "too early"))
            return name

        return lambda: transaction.write(work)

    def failing(error: Exception) -> Callable[[], Any]:
        def work(session: Session) -> None:
            session.add(User(name="bad"))
            session.flush()
            transaction.after_commit(session, lambda: effects.append("never"))
            raise error

        return lambda: transaction.write(work)

    def broken(session: Session) -> None:
        session.add(User(name="bad"))
        session.add_all([Site(key="same", name="a"), Site(key="same", name="b")])

    works = [
        good("A"),
        failing(Problem("comment.empty")),
        good("B"),
        lambda: transaction.write(broken),
        failing(ValueError("nothing of ours")),
        lambda: transaction.dry(add("dry")),
        good("C"),
    ]
    with together(app, works) as answers:
        assert [answers[place] for place in (0, 2, 5, 6)] == ["A", "B", "dry", "C"]
        assert isinstance(answers[1], Problem)
        assert isinstance(answers[3], IntegrityError)
        assert isinstance(answers[4], ValueError)
    assert names(app) == {"A", "B", "C"}
    assert sorted(effects) == ["A", "B", "C"]
    assert len(commits) - before == 2


def test_a_neighbour_that_undoes_the_whole_transaction_only_makes_the_others_begin_again(app: Flask) -> None:
    tries: list[str] = []

    def good(name: str) -> Callable[[], Any]:
        def work(session: Session) -> str:
            tries.append(name)
            session.add(User(name=name))
            return name

        return lambda: transaction.write(work)

    def fatal(session: Session) -> None:
        session.add(Site(key="same", name="a"))
        session.flush()
        again = (
            "INSERT OR ROLLBACK INTO site (id, key, name, settings, created_at) SELECT 99, key, 'b', '{}', 0 FROM site"
        )
        session.execute(text(again))

    with together(app, [good("A"), lambda: transaction.write(fatal), good("B")]) as answers:
        assert (answers[0], answers[2]) == ("A", "B")
        assert isinstance(answers[1], DBAPIError)
    assert tries.count("A") == 2
    assert names(app) == {"A", "B"}


def test_a_commit_that_fails_is_everybodys_and_nothing_was_written(app: Flask) -> None:
    effects: list[str] = []

    def owing(session: Session) -> None:
        """What is owed is asked for at the commit."""
        session.execute(text("PRAGMA defer_foreign_keys=ON"))
        session.execute(text("INSERT INTO site_origin (site_id, origin) VALUES (99, 'https://x.test')"))

    def good(session: Session) -> None:
        session.add(User(name="A"))
        transaction.after_commit(session, lambda: effects.append("never"))

    with together(app, [lambda: transaction.write(good), lambda: transaction.write(owing)]) as answers:
        assert [type(answer) for answer in answers] == [IntegrityError, IntegrityError]
    assert names(app) == set()
    assert effects == []
    with app.app_context():
        transaction.write(add("B"))
        db.session.remove()
    assert names(app) == {"B"}


def test_each_work_is_in_its_own_context(app: Flask) -> None:
    def write(name: str) -> Callable[[], Any]:
        def run() -> tuple[str, bool]:
            g.who = name
            mine = db.session()
            return transaction.write(lambda session: (str(g.who), session is mine and db.session() is mine))

        return run

    with together(app, [write(f"W{number}") for number in range(5)]) as answers:
        assert answers == [(f"W{number}", True) for number in range(5)]


def test_a_long_work_shares_with_nobody(app: Flask, commits: list[int]) -> None:
    before = len(commits)
    long = [False, False, True, False, False]
    works = [lambda place=place: transaction.write(add(f"W{place}"), alone=long[place]) for place in range(5)]
    with together(app, works) as answers:
        assert answers == [f"W{place}" for place in range(5)]
    assert len(commits) - before == 1 + 3


def test_a_group_has_an_end(app: Flask, commits: list[int], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(committer, "MOST", 4)
    before = len(commits)
    with together(app, [lambda place=place: transaction.write(add(f"W{place}")) for place in range(10)]) as answers:
        assert answers == [f"W{place}" for place in range(10)]
    assert len(commits) - before == 1 + 3


def test_a_write_within_a_write_is_refused_at_once(app: Flask) -> None:
    with app.app_context():
        with pytest.raises(RuntimeError, match="within"):
            transaction.write(lambda _session: transaction.write(add("inner")))
        transaction.write(add("after"))
        assert db.session.scalar(select(func.count()).select_from(User)) == 1
        db.session.remove()


def test_an_interrupted_leader_leaves_the_line_moving(app: Flask) -> None:
    def interrupted(session: Session) -> None:
        session.add(User(name="never"))
        session.flush()
        raise KeyboardInterrupt

    with together(app, [lambda: transaction.write(interrupted), lambda: transaction.write(add("A"))]) as answers:
        assert isinstance(answers[0], KeyboardInterrupt)
        assert answers[1] == "A"
    assert names(app) == {"A"}
    assert line(app).waiting() == 0


def test_who_waits_too_long_leaves_the_line(app: Flask) -> None:
    with app.app_context():
        impatient = Committer(db.engine, patience=0.02)
    free, held = threading.Event(), threading.Event()

    def hold(_connection: object) -> None:
        held.set()
        assert free.wait(20)

    first = threading.Thread(target=lambda: impatient.run(hold))
    first.start()
    assert held.wait(20)
    try:
        with pytest.raises(UndoneError):
            impatient.run(lambda _connection: None)
        assert impatient.waiting() == 0
    finally:
        free.set()
        first.join(20)
    assert impatient.run(lambda _connection: "done") == "done"


def test_a_lock_that_is_not_had_is_busy_for_all_in_line(app: Flask) -> None:
    other = sqlite3.connect(app.config["SQLALCHEMY_DATABASE_URI"].database, isolation_level=None)
    with app.app_context():
        impatient = Committer(db.engine, patience=20)
        held = threading.Event()
        event.listen(db.engine, "begin", lambda _connection: held.set())
    errors: list[BaseException] = []

    def run() -> None:
        try:
            impatient.run(lambda connection: connection.execute(text("DELETE FROM site")))
        except DBAPIError as error:
            errors.append(error)

    with app.app_context():
        event.listen(db.engine, "connect", lambda connection, _record: connection.execute("PRAGMA busy_timeout=1500"))
        db.engine.dispose()
    other.execute("BEGIN IMMEDIATE")
    threads = [threading.Thread(target=run) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    other.execute("ROLLBACK")
    other.close()
    assert len(errors) == 4
    assert all("locked" in str(error) for error in errors)
    assert impatient.run(lambda connection: connection.execute(text("SELECT 1")).scalar()) == 1
