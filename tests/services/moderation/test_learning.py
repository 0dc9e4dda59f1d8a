"""Moderators teach by deciding, and what is taken back is forgotten."""

from flask import Flask
from sqlalchemy import select

from tests.services.moderation.conftest import Staff
from tests.services.moderation.test_decisions import decide
from tests.support.api import Page
from widget.extensions import db
from widget.models import Lesson, Word
from widget.services.moderation import undoing


def taught(app: Flask) -> tuple[list[bool], tuple[int, int]]:
    """Whether each lesson was of spam; and of how many spam and good comments the site knows."""
    with app.app_context():
        lessons = list(db.session.scalars(select(Lesson.spam).order_by(Lesson.id)))
        row = db.session.execute(select(Word.spam, Word.good).where(Word.token == 0)).first()
        return lessons, (row.spam, row.good) if row else (0, 0)


def test_decisions_teach(app: Flask, staff: Staff, ann: Page) -> None:
    one, other = ann.posted("Buy cheap pills")["id"], ann.posted("The harbour in summer")["id"]
    decide(staff, one, "spam")
    decide(staff, other, "approve")
    assert taught(app) == ([True, False], (1, 1))
    decide(staff, one, "approve")
    assert sorted(taught(app)[0]) == [False, False]
    assert taught(app)[1] == (0, 2)
    decide(staff, other, "delete")  # is not about spam
    assert taught(app)[1] == (0, 2)


def test_what_is_taken_back_is_forgotten(app: Flask, staff: Staff, ann: Page) -> None:
    one, other = ann.posted("Buy cheap pills")["id"], ann.posted("Buy more pills")["id"]
    entry = decide(staff, one, "spam").entry
    decide(staff, other, "spam")
    with app.app_context():
        undoing.undo(staff.moderator(), entry or 0)
    assert taught(app) == ([True], (1, 0))
    decide(staff, other, "restore")
    assert taught(app) == ([], (0, 0))


def test_undoing_goes_back_to_what_was_decided_before(app: Flask, staff: Staff, ann: Page) -> None:
    one = ann.posted("Buy cheap pills")["id"]
    decide(staff, one, "approve")
    entry = decide(staff, one, "spam").entry
    assert taught(app) == ([True], (1, 0))
    with app.app_context():
        undoing.undo(staff.moderator(), entry or 0)
    assert taught(app) == ([False], (0, 1))
