"""Tables come into being by themselves, and strangers' tables are left alone."""

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from alembic import command
from alembic.script import ScriptDirectory
from flask import Flask
from sqlalchemy import text

from tests.support import stores
from widget import create_app, database
from widget.core.errors import Problem
from widget.extensions import db
from widget.resources import migrations_dir
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


def test_the_second_step_keeps_every_row(database_url: str) -> None:
    """Up from the first tables with people in them: nothing is lost, and each identity gets an id of its own."""
    app = create_app({"DATABASE_URL": database_url, "SECRET_KEY": "t" * 40})
    with app.app_context():
        with db.engine.connect().execution_options(**{database.WRITE: True}) as connection, connection.begin():
            config = schema._config()
            config.attributes["connection"] = connection
            command.downgrade(config, "0001")
        execute("INSERT INTO site (id, key, name, settings, created_at) VALUES (1, 'blog', 'Blog', '{}', 1)")
        with db.engine.connect().execution_options(**{database.WRITE: True}) as connection, connection.begin():
            for n in (1, 2, 3):
                for insert in (
                    "INSERT INTO \"user\" (id, public_id, name, created_at) VALUES (:n, :name, 'Ada', 1)",
                    (
                        "INSERT INTO identity (id, user_id, provider, issuer, subject, name, created_at) "
                        "VALUES (:n, :n, 'oidc', 'https://id.example', :name, 'Ada', 1)"
                    ),
                    (
                        "INSERT INTO session (public_id, token_hash, user_id, identity_id, site_id, created_at, "
                        "last_used_at, expires_at) VALUES (:name, :name, :n, :n, 1, 1, 1, 9)"
                    ),
                ):
                    connection.execute(text(insert), {"n": n, "name": f"a{n}"})
        schema.upgrade(db.engine)
        assert state() is State.CURRENT
        with db.engine.connect() as connection:
            assert connection.execute(text("SELECT count(*) FROM session WHERE identity_id IS NOT NULL")).scalar() == 3
            ids = connection.execute(text("SELECT public_id FROM identity")).scalars().all()
        assert len(set(ids)) == 3
        assert {len(one) for one in ids} == {20}
        db.engine.dispose()


def test_migrations_are_numbered_in_their_order() -> None:
    scripts = ScriptDirectory.from_config(schema._config())
    [head] = scripts.get_heads()
    names = sorted(path.name for path in (migrations_dir() / "versions").glob("[0-9]*.py"))
    assert names[-1].partition("_")[0] == head
    assert len(names) == len({name.partition("_")[0] for name in names}) == len(list(scripts.walk_revisions()))


def test_a_start_on_a_current_database_does_without_alembic(fresh: Flask) -> None:
    schema.require_current(db.engine)
    code = (
        "import sys; from widget.cli import application\n"
        "with application() as app: print('alembic' in sys.modules, app.config['DATABASE_URL'])"
    )
    url = fresh.config["DATABASE_URL"]
    env = {**os.environ, "WIDGET_DATABASE_URL": url, "WIDGET_SECRET_KEY": "s" * 40}
    done = subprocess.run([sys.executable, "-c", code], env=env, capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["False", url]
    execute("UPDATE alembic_version SET version_num = '0001'")
    done = subprocess.run([sys.executable, "-c", code], env=env, capture_output=True, text=True, check=False)
    assert "widget db upgrade" in done.stderr
