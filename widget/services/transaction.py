"""The one way to write: a function of a session, run in one transaction that is committed before its answer is given.

Work comes as a function, not as a block, so that it can be run again when the database asks for that.
"""

from collections.abc import Callable
from functools import partial
from typing import TypeVar

from flask import Flask, current_app
from sqlalchemy.exc import DBAPIError, IntegrityError
from sqlalchemy.orm import Session

from widget import database
from widget.core.errors import Problem
from widget.extensions import db

T = TypeVar("T")
ATTEMPTS = 4
_EXTENSION = "widget.transaction"


class Rollback(Exception):  # noqa: N818 - it is no error: the work is undone on purpose and `answer` handed back
    """Raised by work that must leave no trace (a dry run)."""

    def __init__(self, answer: object) -> None:
        super().__init__("undone on purpose")
        self.answer = answer


def write(work: Callable[[Session], T]) -> T:
    """Run `work(session)` in a writing transaction, commit (synced to disk), and return what it returned.

    `work` may run several times and must do nothing outside the session. Raises Problem("server.busy") when the
    database could not be had; whatever else `work` raises comes through with nothing written.
    """
    for attempt in range(1, ATTEMPTS + 1):
        try:
            return _once(work)
        except DBAPIError as error:
            if not database.is_busy(error):
                raise
            if attempt == ATTEMPTS:
                raise Problem("server.busy") from error
    raise AssertionError("unreachable")


def twice(work: Callable[[Session], T]) -> T:
    """Write, and once more when somebody with the same row was faster by a moment: then it is there, and found."""
    try:
        return write(work)
    except IntegrityError:
        return write(work)


def after_commit(session: Session, effect: Callable[[], None]) -> None:
    """Have `effect()` called once the session's transaction is durable; never, if it is undone."""
    session.info.setdefault("after_commit", []).append(effect)


def after_each(app: Flask, effect: Callable[[], None]) -> None:
    """Have `effect()` called after every write of this application that is durable."""
    app.extensions.setdefault(_EXTENSION, []).append(effect)


def _once(work: Callable[[Session], T]) -> T:
    session = db.session()
    session.rollback()  # a read snapshot from earlier in the request must not become the ground of a write
    session.info.pop("after_commit", None)
    try:
        session.connection(execution_options={database.WRITE: True})
        answer = work(session)
        session.commit()
    except BaseException:
        session.rollback()
        raise
    for effect in (*session.info.pop("after_commit", ()), *current_app.extensions.get(_EXTENSION, ())):
        effect()
    return answer


def dry(work: Callable[[Session], T]) -> T:
    """Run `work(session)` like `write`, and undo it all."""
    try:
        return write(partial(_undone, work))
    except Rollback as undone:
        return undone.answer  # type: ignore[return-value]  # what `work` returned


def _undone(work: Callable[[Session], T], session: Session) -> T:
    raise Rollback(work(session))
