"""Databases for tests: migrated once into a template, copied for every test that asks."""

import shutil
import tempfile
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from itertools import count
from pathlib import Path
from typing import Protocol

from tests.support.postgres import Postgres
from widget import create_app
from widget.extensions import db
from widget.services import schema

MEMORY = Path("/dev/shm")  # noqa: S108 - a folder of our own is made in it


class Store(Protocol):
    """An engine that hands out fresh, migrated databases."""

    def fresh(self, folder: Path) -> AbstractContextManager[str]:
        """WIDGET_DATABASE_URL of a new database, gone (or free to go with `folder`) after the block."""


class SQLite:
    """A file per test."""

    def __init__(self, home: Path) -> None:
        """The template and all copies lie in `home`."""
        self._home, self._template, self._numbers = home, home / "template.db", count(1)
        migrate(f"sqlite:///{self._template}")

    @contextmanager
    def fresh(self, folder: Path) -> Iterator[str]:  # noqa: ARG002 - Store's form
        """See Store."""
        place = self._home / str(next(self._numbers))
        place.mkdir()
        shutil.copyfile(self._template, place / "widget.db")
        try:
            yield f"sqlite:///{place / 'widget.db'}"
        finally:
            shutil.rmtree(place, ignore_errors=True)

    @contextmanager
    def on_disk(self, folder: Path) -> Iterator[str]:
        """The same in `folder`, where a commit takes its time: for tests of what may happen meanwhile."""
        shutil.copyfile(self._template, folder / "widget.db")
        yield f"sqlite:///{folder / 'widget.db'}"


@contextmanager
def sqlite() -> Iterator[SQLite]:
    """Files in memory where there is such a folder, so that ten thousand commits need not wait for a disk."""
    with tempfile.TemporaryDirectory(prefix="cw-sqlite-", dir=MEMORY if MEMORY.is_dir() else None) as folder:
        yield SQLite(Path(folder))


class PostgreSQL:
    """A database per test, used again once it is empty: making one takes longer than most tests."""

    def __init__(self, server: Postgres) -> None:
        """The template is a database of `server`."""
        self._server, self._idle = server, list[str]()
        self._template = server.create()
        migrate(server.url(self._template))
        self._shape = server.shape(self._template)

    @contextmanager
    def fresh(self, folder: Path) -> Iterator[str]:  # noqa: ARG002 - Store's form
        """See Store."""
        name = self._idle.pop() if self._idle else self._server.create(self._template)
        try:
            yield self._server.url(name)
        finally:
            if self._server.empty(name, self._shape):
                self._idle.append(name)
            else:  # the test was about the tables themselves
                self._server.drop(name)


def migrate(url: str) -> None:
    """Make the tables as a new server does, by the migrations."""
    app = create_app({"DATABASE_URL": url, "SECRET_KEY": "t" * 40})
    with app.app_context():
        schema.upgrade(db.engine)
        db.engine.dispose()
