"""Tables come into being by themselves, and strangers' tables are left alone."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from alembic import command
from flask import Flask
from sqlalchemy import text

from tests.support import stores
from widget import create_app, database
from widget.core.errors import Problem
from widget.extensions import db
from widget.services import schema
from widget.services.schema import State


@pytest.fixture
def fresh(sqlite_store: stores.SQLite, tmp_path: Path) -> Iterator[Flask]:
    """An application on a file that is not there yet."""
    app = create_app({"DATABASE_URL": f"sqlite:///{tmp_path / 'new.db'}"})
    with app.app_context():
        yield app
        db.session.remove()
        db.engine.dispose()


def state() -> State:
    """How the database stands."""
    with db.engine.connect() as connection:
        return schema.state(connection)


def execute(statement: str) -> None:
    """Write something by hand."""
    with db.engine.connect().execution_options(**{database.WRITE: True}) as connection, connection.begin():
        connection.execute(text(statement))


def test_an_empty_database_gets_its_tables(fresh: Flask) -> None:
    assert state() is State.EMPTY
    schema.require_current(db.engine)
    assert state() is State.CURRENT
    schema.require_current(db.engine)
    schema.upgrade(db.engine)
    assert state() is State.CURRENT


def test_another_programs_database_is_left_alone(fresh: Flask) -> None:
    execute("CREATE TABLE theirs (x INTEGER)")
    assert state() is State.FOREIGN
    for attempt in (schema.require_current, schema.upgrade):
        with pytest.raises(Problem, match="another program"):
            attempt(db.engine)
    with db.engine.connect() as connection:
        assert connection.execute(text("SELECT count(*) FROM sqlite_master")).scalar() == 1


def test_a_newer_releases_database_is_left_alone(fresh: Flask) -> None:
    schema.require_current(db.engine)
    execute("UPDATE alembic_version SET version_num = 'from the future'")
    assert state() is State.FOREIGN
    with pytest.raises(Problem, match="newer release"):
        schema.require_current(db.engine)


def test_models_and_migrations_agree(app: Flask) -> None:
    """On both engines: what the migrations make is what the models say."""
    with (
        app.app_context(),
        db.engine.connect().execution_options(**{database.WRITE: True}) as connection,
        connection.begin(),
    ):
        config = schema._config()
        config.attributes["connection"] = connection
        command.check(config)


def test_down_and_up_again(app: Flask) -> None:
    with app.app_context():
        with db.engine.connect().execution_options(**{database.WRITE: True}) as connection, connection.begin():
            config = schema._config()
            config.attributes["connection"] = connection
            command.downgrade(config, "base")
        assert state() is State.EMPTY
        schema.require_current(db.engine)
        assert state() is State.CURRENT
