"""The rules of the engine: what a connection is set to, and that readers cannot write."""

import subprocess
import sys
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import event, text
from sqlalchemy.exc import DBAPIError, IntegrityError

from tests.support import stores
from tests.support.api import add_site
from widget import create_app, database
from widget.core.errors import Problem
from widget.extensions import db
from widget.services import schema, sites


@pytest.fixture
def sqlite(sqlite_store: stores.SQLite, tmp_path: Path) -> Flask:
    """The application on SQLite alone."""
    return create_app({"DATABASE_URL": f"sqlite:///{tmp_path / 'made' / 'here.db'}"})


def test_sqlite_is_set_to_lose_nothing(sqlite: Flask) -> None:
    with sqlite.app_context(), db.engine.connect() as connection:
        found = {
            name: connection.execute(text(f"PRAGMA {name}")).scalar()
            for name in ("journal_mode", "synchronous", "foreign_keys", "busy_timeout")
        }
    assert found == {"journal_mode": "wal", "synchronous": 2, "foreign_keys": 1, "busy_timeout": 10_000}


def test_a_reader_cannot_write(sqlite: Flask) -> None:
    with sqlite.app_context():
        with db.engine.connect().execution_options(**{database.WRITE: True}) as connection, connection.begin():
            connection.execute(text("CREATE TABLE t (x INTEGER)"))
        with db.engine.connect() as connection, pytest.raises(DBAPIError, match="readonly"):
            connection.execute(text("INSERT INTO t VALUES (1)"))
        with db.engine.connect() as connection:  # the same connection of the pool, set back
            assert connection.execute(text("SELECT count(*) FROM t")).scalar() == 0


def test_statements_stay_prepared_from_one_transaction_to_the_next(sqlite: Flask) -> None:
    told: list[str] = []
    with sqlite.app_context():
        event.listen(db.engine, "connect", lambda connection, _: connection.set_trace_callback(told.append))
        schema.upgrade(db.engine)
        for number in range(3):
            add_site(sqlite, f"site-{number}")
            assert sites.by_key(f"site-{number}")
            db.session.rollback()
    assert told.count("BEGIN IMMEDIATE") >= 6
    assert told.count("BEGIN") >= 3
    # One connection reads, one writes, and the one that made the tables became the first of them.
    assert 2 <= sum("query_only" in words for words in told) <= 4


def test_uniqueness_is_the_databases_and_foreign_keys_hold(app: Flask) -> None:
    write = {database.WRITE: True}
    with app.app_context():
        with db.engine.connect().execution_options(**write) as connection, connection.begin():
            connection.execute(text("INSERT INTO site (id, key, name, settings, created_at) VALUES (1,'a','a','{}',0)"))
        for wrong in (
            "INSERT INTO site (id, key, name, settings, created_at) VALUES (2,'a','a','{}',0)",
            "INSERT INTO site_origin (site_id, origin) VALUES (99, 'https://x')",
        ):
            with (
                db.engine.connect().execution_options(**write) as connection,
                connection.begin(),
                pytest.raises(IntegrityError),
            ):
                connection.execute(text(wrong))


@pytest.mark.parametrize(
    ("given", "driver"),
    [
        ("postgres://u:p@h/d", "postgresql+psycopg"),
        ("postgresql://u:p@h/d", "postgresql+psycopg"),
        ("postgresql+psycopg://u:p@h/d", "postgresql+psycopg"),
        ("sqlite:///x.db", "sqlite"),
    ],
)
def test_urls(given: str, driver: str) -> None:
    assert database.url(given).drivername == driver


@pytest.mark.parametrize("wrong", ["sqlite://", "sqlite:///:memory:", "not an address"])
def test_what_would_lose_comments_is_refused(wrong: str) -> None:
    with pytest.raises(Problem, match="WIDGET_DATABASE_URL"):
        database.url(wrong)


def test_a_relative_file_is_in_the_current_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    assert database.url("sqlite:///x.db").database == str(tmp_path / "x.db")


def test_only_one_module_knows_its_engine() -> None:
    package = Path(database.__file__).parent
    knowing = {
        str(path.relative_to(package))
        for path in package.rglob("*.py")
        if "versions" not in path.parts
        and any(word in path.read_text() for word in ("PRAGMA", "dialect.name", "sqlalchemy.dialects", "psycopg"))
    }
    assert knowing == {"database.py"}


def test_the_command_line_starts_without_the_server() -> None:
    code = "import sys, widget.__main__; print(sorted({'flask','sqlalchemy','alembic'} & set(sys.modules)))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
