"""The log: whole, in order, and closed to changes by the database itself."""

import pytest
from flask import Flask
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from tests.services.moderation.conftest import Staff
from tests.services.moderation.test_decisions import decide
from tests.services.test_mark_races import at_once
from tests.support.api import Page
from widget import database
from widget.extensions import db
from widget.services.moderation import decisions, log


def execute(*statements: str) -> None:
    """Whatever somebody with the database at hand may try."""
    with db.engine.connect().execution_options(**{database.WRITE: True}) as connection, connection.begin():
        for statement in statements:
            connection.execute(text(statement))


def some(staff: Staff, ann: Page) -> None:
    """Three entries."""
    for act in ("spam", "delete", "delete"):
        decide(staff, ann.posted()["id"], act, why=act)


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE moderation_log SET why = 'another' WHERE id = 2",
        "UPDATE moderation_log SET actor_id = NULL",
        "DELETE FROM moderation_log WHERE id = 3",
        "DELETE FROM moderation_log",
        "TRUNCATE moderation_log",
    ],
)
def test_it_cannot_be_changed(app: Flask, staff: Staff, ann: Page, statement: str) -> None:
    some(staff, ann)
    with app.app_context():
        if statement.startswith("TRUNCATE") and db.engine.dialect.name == "sqlite":
            pytest.skip("SQLite has no TRUNCATE")
        with pytest.raises(DBAPIError, match="only added to"):
            execute(statement)
        assert log.verify(db.session()) is None


def unlocked() -> list[str]:
    """What lets the log be changed after all."""
    if db.engine.dialect.name == "sqlite":
        return [f"DROP TRIGGER moderation_log_no_{one}" for one in ("update", "delete")]
    return ["ALTER TABLE moderation_log DISABLE TRIGGER ALL"]


def locked() -> list[str]:
    """And back; SQLite's file goes with the test."""
    return [] if db.engine.dialect.name == "sqlite" else ["ALTER TABLE moderation_log ENABLE TRIGGER ALL"]


@pytest.mark.parametrize(
    ("statement", "first"),
    [
        ("UPDATE moderation_log SET why = 'another' WHERE id = 2", 2),
        ("UPDATE moderation_log SET actor_id = NULL WHERE id = 1", 1),
        ("DELETE FROM moderation_log WHERE id = 2", 2),
        ("DELETE FROM moderation_log WHERE id = 3", 3),
        ("DELETE FROM moderation_log", 1),
        ("DELETE FROM moderation_log_head", 4),
    ],
)
def test_who_changes_it_all_the_same_is_found_out(
    app: Flask, staff: Staff, ann: Page, statement: str, first: int
) -> None:
    """The control of the test above: with the database's refusal off, the chain tells."""
    some(staff, ann)
    with app.app_context():
        execute(*unlocked(), statement, *locked())
        assert log.verify(db.session()) == first


def test_many_at_once_make_one_chain(app: Flask, staff: Staff, ann: Page) -> None:
    made = [ann.posted(str(number))["id"] for number in range(12)]
    who = staff.moderator()

    def act(place: int) -> str:
        with app.app_context():
            return decisions.decide(who, made[place], ("spam", "delete")[place % 2]).after

    assert sorted(at_once(len(made), act)) == ["deleted"] * 6 + ["spam"] * 6
    with app.app_context():
        assert log.verify(db.session()) is None
        assert tuple(db.session.execute(text("SELECT count(*), max(id) FROM moderation_log")).one()) == (12, 12)
