"""Statements of the ways that are gone most: written in SQLAlchemy's language, compiled once, run by the driver itself.

Of what a short statement costs by way of `Session.execute`, nine tenths are looking up what it was compiled to, and
rows that can do more than anybody asks of them (`python -m bench` shows what is left). What such a statement changes is
not seen by objects that the session knows already, nor does it write those that wait for a flush.
"""

from collections import namedtuple
from collections.abc import Callable, Mapping, Sequence
from typing import Any, NoReturn

from sqlalchemy import Connection, Delete, Insert, Select, Update
from sqlalchemy.engine import Dialect
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session, SessionTransaction

Processor = Callable[[Any], Any]
_CONNECTED = "widget.statements"


class Statement:
    """A SELECT, or an INSERT, UPDATE or DELETE, with every value that changes in a `bindparam`."""

    def __init__(
        self, written: Select[*tuple[Any, ...]] | Insert | Update | Delete, *, columns: Sequence[str] | None = None
    ) -> None:
        """`columns` are those that an INSERT is given values for. Nothing is compiled before it is first used."""
        self._written, self._columns = written, columns
        self._ready: dict[type[Dialect], _Ready] = {}

    def first(self, session: Session, **values: Any) -> Any:
        """The first row, a named tuple, or None."""
        ready, found = self._run(session, values)
        row = found.fetchone()
        found.close()
        return None if row is None else ready.row(row)

    def one(self, session: Session, **values: Any) -> Any:
        """The row that must be there. Raises LookupError."""
        if (row := self.first(session, **values)) is None:
            raise LookupError("no row")
        return row

    def all(self, session: Session, **values: Any) -> list[Any]:
        """All rows."""
        ready, found = self._run(session, values)
        return [ready.row(row) for row in found.fetchall()]

    def run(self, session: Session, **values: Any) -> int:
        """How many rows it changed."""
        _, found = self._run(session, values)
        changed: int = found.rowcount
        found.close()
        return changed

    def run_each(self, session: Session, rows: Sequence[Mapping[str, Any]]) -> None:
        """Once with each of these values."""
        connection, driver = _connected(session)
        ready = self._of(connection.dialect)
        cursor = driver.cursor()
        try:
            cursor.executemany(ready.text, [ready.given(row) for row in rows])
        except ready.error as error:
            _fail(connection, ready, error)
        finally:
            cursor.close()

    def _run(self, session: Session, values: Mapping[str, Any]) -> "tuple[_Ready, Any]":
        connection, driver = _connected(session)
        ready = self._of(connection.dialect)
        try:
            return ready, driver.execute(ready.text, ready.given(values))
        except ready.error as error:
            _fail(connection, ready, error)

    def _of(self, dialect: Dialect) -> "_Ready":
        if (ready := self._ready.get(type(dialect))) is None:
            ready = self._ready[type(dialect)] = _Ready(self._written, dialect, self._columns)
        return ready


class _Ready:
    """A statement in the language of one engine."""

    def __init__(self, written: Any, dialect: Dialect, columns_: Sequence[str] | None) -> None:
        compiled = written.compile(dialect=dialect, column_keys=columns_)
        self.text: str = compiled.string
        self.error: type[Exception] = dialect.loaded_dbapi.Error
        self._fixed = {name: bind.value for name, bind in compiled.binds.items()}
        self._asked = {name: bind.callable for name, bind in compiled.binds.items() if bind.callable is not None}
        self._open = {name for name, bind in compiled.binds.items() if bind.required}
        self._order: Sequence[str] | None = compiled.positiontup
        self._writers = _processors({name: bind.type for name, bind in compiled.binds.items()}, dialect, binds=True)
        columns = list(written.exported_columns)
        # Its fields are known only now.
        kind: Any = namedtuple("Row", [column.key for column in columns], rename=True)  # type: ignore[misc]  # noqa: PYI024
        self._row: Callable[[Sequence[Any]], Any] = kind._make
        types = {str(at): column.type for at, column in enumerate(columns)}
        self._readers = [(int(at), read) for at, read in _processors(types, dialect, binds=False).items()]

    def given(self, values: Mapping[str, Any]) -> Any:
        """What the driver is given."""
        if self._open - values.keys():
            raise TypeError(f"a value is missing: {sorted(self._open - values.keys())}")
        full = {**self._fixed, **values}
        for name, ask in self._asked.items():
            full[name] = ask()
        for name, write in self._writers.items():
            full[name] = write(full[name])
        return full if self._order is None else [full[name] for name in self._order]

    def row(self, values: Sequence[Any]) -> Any:
        """A row as the statement's types read it."""
        if self._readers:
            values = list(values)
            for at, read in self._readers:
                values[at] = read(values[at])
        return self._row(values)


def _processors(types: Mapping[str, Any], dialect: Dialect, *, binds: bool) -> dict[str, Processor]:
    """Those that there are, by name: most types are the driver's own."""
    found = {}
    for name, kind in types.items():
        own = kind.dialect_impl(dialect)
        made = own.bind_processor(dialect) if binds else own.result_processor(dialect, None)
        if made is not None:
            found[name] = made
    return found


def _connected(session: Session) -> tuple[Connection, Any]:
    """The connection of the session's transaction, and the driver's own, which are the same as long as that lasts."""
    known = session.info.get(_CONNECTED)
    if known is not None and known[0] is _innermost(session):
        return known[1], known[2]
    connection = session.connection()
    driver: Any = connection.connection.driver_connection
    session.info[_CONNECTED] = (_innermost(session), connection, driver)
    return connection, driver


def _innermost(session: Session) -> SessionTransaction | None:
    """A savepoint begins with the first use of the session's connection, and so every savepoint asks for it anew."""
    return session.get_nested_transaction() or session.get_transaction()


def _fail(connection: Connection, ready: _Ready, error: Any) -> NoReturn:
    """Say it as SQLAlchemy would."""
    lost = connection.dialect.is_disconnect(error, connection.connection, None)
    wrapped = DBAPIError.instance(
        ready.text,
        None,
        error,
        ready.error,
        hide_parameters=True,
        connection_invalidated=lost,
        dialect=connection.dialect,
    )
    if lost:
        connection.invalidate(error)
    raise wrapped from error
