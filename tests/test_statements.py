"""Statements run by the driver itself say what SQLAlchemy's own way says, and fail as it does."""

from datetime import UTC, datetime, timedelta
from typing import cast

import pytest
from flask import Flask
from sqlalchemy import Table, bindparam, delete, func, insert, select, text, update
from sqlalchemy.exc import DBAPIError, IntegrityError, OperationalError, PendingRollbackError

from tests.support.api import add_site
from widget.extensions import db
from widget.models import Site, Tally
from widget.services import transaction
from widget.statements import Statement

ROWS = cast("Table", Tally.__table__)
NOW = datetime(2026, 1, 2, 3, 4, 5, 678901, tzinfo=UTC)
FIND = Statement(select(Tally.key, Tally.count, Tally.expires_at).where(Tally.key == bindparam("key")))
ALL = Statement(select(Tally.key).where(Tally.count > bindparam("least")).order_by(Tally.key))
KEEP = Statement(insert(ROWS), columns=("key", "count", "expires_at"))
MORE = Statement(
    update(ROWS).where(ROWS.c.key == bindparam("which")).values(count=ROWS.c.count + 1).returning(ROWS.c.count)
)
FORGET = Statement(delete(ROWS).where(ROWS.c.count > bindparam("most")))


def test_values_go_in_and_come_out_as_their_types_say(app: Flask) -> None:
    with app.app_context():
        transaction.write(lambda session: KEEP.run(session, key="a", count=1, expires_at=NOW))
        row = FIND.one(db.session(), key="a")
        own = db.session.execute(select(Tally.key, Tally.count, Tally.expires_at)).one()
        assert tuple(row) == tuple(own) == ("a", 1, NOW)
        assert (row.key, row.count, row.expires_at) == ("a", 1, NOW)
        assert FIND.first(db.session(), key="b") is None
        with pytest.raises(LookupError):
            FIND.one(db.session(), key="b")
        with pytest.raises(TypeError, match="key"):
            FIND.first(db.session())


def test_rows_that_change_are_counted_and_given_back(app: Flask) -> None:
    rows = [{"key": key, "count": at, "expires_at": NOW + timedelta(seconds=at)} for at, key in enumerate("abc")]
    with app.app_context():
        transaction.write(lambda session: KEEP.run_each(session, rows))
        assert [row.key for row in ALL.all(db.session(), least=0)] == ["b", "c"]
        assert transaction.write(lambda session: MORE.one(session, which="a").count) == 1
        assert transaction.write(lambda session: FORGET.run(session, most=0)) == 3
        assert transaction.write(lambda session: FORGET.run(session, most=0)) == 0


def test_what_is_to_be_asked_each_time_is(app: Flask) -> None:
    answers = iter(["first", "second"])
    statement = Statement(
        select(bindparam("said", callable_=lambda: next(answers), type_=Site.name.type).label("said"))
    )
    with app.app_context():
        assert [statement.one(db.session()).said for _ in range(2)] == ["first", "second"]


def test_it_is_undone_with_its_savepoint_and_its_transaction(app: Flask) -> None:
    def work(session: object) -> None:
        inner = db.session()
        assert session is inner
        KEEP.run(inner, key="kept", count=1, expires_at=NOW)
        with pytest.raises(IntegrityError), inner.begin_nested():
            KEEP.run_each(inner, [{"key": key, "count": 2, "expires_at": NOW} for key in ("undone", "kept")])
        assert [row.key for row in ALL.all(inner, least=0)] == ["kept"]

    with app.app_context():
        transaction.write(work)
        assert [row.key for row in ALL.all(db.session(), least=0)] == ["kept"]

        def fail(session: object) -> None:
            KEEP.run(db.session(), key="never", count=1, expires_at=NOW)
            raise ZeroDivisionError

        with pytest.raises(ZeroDivisionError):
            transaction.write(fail)
        assert [row.key for row in ALL.all(db.session(), least=0)] == ["kept"]


def test_a_reader_cannot_write_and_each_transaction_has_its_own_connection(app: Flask) -> None:
    with app.app_context():
        transaction.write(lambda session: KEEP.run(session, key="a", count=1, expires_at=NOW))
        if db.engine.name == "sqlite":
            with pytest.raises(OperationalError, match="readonly"):
                KEEP.run(db.session(), key="b", count=1, expires_at=NOW)
            db.session.rollback()
        assert len(ALL.all(db.session(), least=0)) == 1
        db.session.rollback()
        transaction.write(lambda session: KEEP.run(session, key="b", count=1, expires_at=NOW))
        assert len(ALL.all(db.session(), least=0)) == 2


def test_a_lost_connection_is_told_and_the_next_transaction_has_another(app: Flask) -> None:
    with app.app_context():
        add_site(app)
        session = db.session()
        if db.engine.name == "sqlite":
            pytest.skip("a file is not lost")
        pid = session.execute(select(func.pg_backend_pid())).scalar_one()
        assert ALL.all(session, least=0) == []
        with db.engine.connect() as other:
            other.execute(text("SELECT pg_terminate_backend(:pid)"), {"pid": pid})
        with pytest.raises(DBAPIError) as told:
            ALL.all(session, least=0)
        assert told.value.connection_invalidated
        with pytest.raises((PendingRollbackError, DBAPIError)):
            session.execute(select(Tally.key))
        session.rollback()
        assert ALL.all(session, least=0) == []
