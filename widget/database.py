"""The only module that knows which database engine is underneath.

SQLite: WAL, every commit synced, foreign keys on, and BEGIN IMMEDIATE for every transaction that writes: with the
default deferred BEGIN a read-then-write fails at once with "database is locked" whatever the busy timeout
(https://www.sqlite.org/lang_transaction.html, https://www.sqlite.org/isolation.html).
"""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from decimal import Decimal
from itertools import count
from pathlib import Path
from typing import Any, Protocol

from sqlalchemy import URL, Connection, Engine, event, make_url
from sqlalchemy.exc import ArgumentError, DBAPIError, OperationalError

from widget.core.errors import Problem

WRITE = "widget_write"  # the execution option that marks a connection's transaction as one that writes
BEGIN_READ = "BEGIN"
BEGIN_WRITE = "BEGIN IMMEDIATE"


def url(setting: str) -> URL:
    """The SQLAlchemy URL of WIDGET_DATABASE_URL: a relative SQLite file becomes absolute, PostgreSQL gets psycopg 3.

    Raises Problem("config.invalid").
    """
    try:
        parsed = make_url(setting)
    except ArgumentError as error:
        raise Problem("config.invalid", reason="WIDGET_DATABASE_URL is not a database's address") from error
    if parsed.get_backend_name() == "sqlite":
        if not parsed.database or parsed.database == ":memory:":
            raise Problem("config.invalid", reason="WIDGET_DATABASE_URL needs a file: memory loses every comment")
        return parsed.set(database=str(Path(parsed.database).resolve()))
    if parsed.drivername in {"postgres", "postgresql"}:
        return parsed.set(drivername="postgresql+psycopg")
    return parsed


def engine_options(parsed: URL, *, busy_timeout: int, threads: int) -> dict[str, Any]:
    """What `create_engine` is told; `busy_timeout` in seconds. Every thread can hold one connection, so none waits."""
    options: dict[str, Any] = {"pool_size": threads, "max_overflow": 4, "hide_parameters": True}
    if parsed.get_backend_name() == "sqlite":
        options["connect_args"] = {"timeout": busy_timeout}
    else:
        options |= {
            "pool_pre_ping": True,
            "connect_args": {"connect_timeout": busy_timeout, "options": f"-c lock_timeout={busy_timeout}s"},
        }
    return options


def install(engine: Engine) -> None:
    """Give the engine's connections the rules of this module."""
    if engine.dialect.name == "sqlite":
        event.listen(engine, "connect", _on_sqlite_connect)
        event.listen(engine, "begin", _on_sqlite_begin)
        # Every write is one savepoint at least, and these two words need nobody to compile them.
        vars(engine.dialect).update(do_savepoint=_savepoint, do_release_savepoint=_release)


def has_one_writer(engine: Engine) -> bool:
    """Whether one transaction writes at a time, whatever it writes: those who wait can share a commit."""
    return engine.dialect.name == "sqlite"


def is_open(connection: Connection) -> bool:
    """Whether SQLite still has the transaction: a full disk, for one, undoes all of it at once.

    (https://www.sqlite.org/lang_transaction.html, "response to errors within a transaction".)
    """
    return not connection.invalidated and bool(getattr(connection.connection.driver_connection, "in_transaction", True))


def create_file(parsed: URL) -> None:
    """Make the folder of a SQLite file; the file itself appears with the first connection."""
    if parsed.get_backend_name() == "sqlite" and parsed.database:
        Path(parsed.database).parent.mkdir(parents=True, exist_ok=True)


class Pulse(Protocol):
    """Tells whether anything may have been written."""

    def moved(self) -> bool:
        """Whether anything may have been committed, by whatever process, since this was last asked."""
        ...


@contextmanager
def pulse(engine: Engine) -> Iterator[Pulse]:
    """A Pulse with a connection of its own, for one thread.

    SQLite knows in a microsecond or two (https://www.sqlite.org/pragma.html#pragma_data_version); elsewhere the answer
    is always yes, and who asks reads what they need to know.
    """
    if engine.dialect.name != "sqlite":
        yield _Perhaps()
        return
    connection = engine.raw_connection()
    connection.detach()  # it is no place of the pool's
    try:
        yield _DataVersion(connection)
    finally:
        connection.close()


class _Perhaps:
    def moved(self) -> bool:
        """Nobody knows."""
        return True


class _DataVersion:
    def __init__(self, connection: Any) -> None:
        self._cursor = connection.cursor()
        self._last = -1

    def moved(self) -> bool:
        """Commits of other connections move the number that this connection sees."""
        last, self._last = self._last, self._cursor.execute("PRAGMA data_version").fetchone()[0]
        return bool(last != self._last)


ERRORS = (DBAPIError, sqlite3.Error)


class Prober:
    """One thread's own connection for small questions, always outside of any transaction."""

    _numbers = count(1)

    def __init__(self, engine: Engine) -> None:
        """A connection that is no place of the pool's."""
        self.number, self.closed = next(self._numbers), False
        self._sqlite = engine.dialect.name == "sqlite"
        pooled = engine.raw_connection()
        connection: Any = pooled.driver_connection
        pooled.detach()
        if not self._sqlite:
            connection.autocommit = True
        self._connection, self._cursor = connection, connection.cursor()

    def stamp(self) -> int | None:
        """A number that stays as long as nothing was committed; None where the engine has no such number."""
        return int(self._cursor.execute("PRAGMA data_version").fetchone()[0]) if self._sqlite else None

    def ask(self, statement: str, parameters: tuple[Any, ...]) -> tuple[Any, ...] | None:
        """The first row; parameters are written `?` in the statement. Raises one of ERRORS."""
        if not self._sqlite:
            statement = statement.replace("?", "%s")
        row = self._cursor.execute(statement, parameters).fetchone()
        return tuple(int(value) if isinstance(value, Decimal) else value for value in row) if row else None

    def close(self) -> None:
        """Hang up; whoever asks again needs another one."""
        self.closed = True
        self._connection.close()

    def __del__(self) -> None:
        """Threads end without a word."""
        if not self.closed:
            self.close()


def forget(engine: Engine) -> None:
    """Leave nothing in files of what was deleted: SQLite's log still has it, until it is emptied.

    Does nothing where a reader holds the log at this moment; the next time will do. In PostgreSQL it is autovacuum's.
    """
    if engine.dialect.name == "sqlite":
        connection = engine.raw_connection()
        cursor = connection.cursor()
        try:
            [patience] = cursor.execute("PRAGMA busy_timeout").fetchone()
            cursor.execute("PRAGMA busy_timeout=500")  # writers wait while this waits for readers
            cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
            cursor.execute(f"PRAGMA busy_timeout={patience}")
        finally:
            cursor.close()
            connection.close()


def is_busy(error: DBAPIError) -> bool:
    """Whether the error says "someone else holds the lock, or no connection can be had": trying again may help."""
    if not isinstance(error, OperationalError):
        return False
    if (state := getattr(error.orig, "sqlstate", None)) is not None:
        return state in {"40001", "40P01", "55P03", "57P03", "53300"}
    return "locked" in str(error.orig) or error.connection_invalidated


def _on_sqlite_connect(connection: Any, _record: Any) -> None:
    connection.isolation_level = None  # the driver starts no transactions of its own; _on_sqlite_begin does
    cursor = connection.cursor()
    # What is deleted is overwritten, not only forgotten (https://www.sqlite.org/pragma.html#pragma_secure_delete).
    for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON", "secure_delete=ON"):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


def _savepoint(connection: Connection, name: str) -> None:
    _tell(connection, f"SAVEPOINT {name}")


def _release(connection: Connection, name: str) -> None:
    _tell(connection, f"RELEASE SAVEPOINT {name}")


def _tell(connection: Connection, words: str) -> None:
    driver: Any = connection.connection.driver_connection
    driver.execute(words).close()


def _on_sqlite_begin(connection: Connection) -> None:
    write = connection.get_execution_options().get(WRITE, False)
    # A reader cannot write by accident: the engine refuses it. Saying so makes it forget all statements that it has
    # prepared, so it is said once.
    if connection.info.get(WRITE) is not write:
        _tell(connection, f"PRAGMA query_only={'OFF' if write else 'ON'}")
        connection.info[WRITE] = write
    connection.exec_driver_sql(BEGIN_WRITE if write else BEGIN_READ)
