"""The one way to write: a function of a session, run in one transaction that is committed before its answer is given.

Work comes as a function, not as a block, so that it can be run again when the database asks for that.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import TypeVar

from flask import Flask, current_app
from sqlalchemy import Connection, Engine
from sqlalchemy.exc import DBAPIError, IntegrityError
from sqlalchemy.orm import Session

from widget import database
from widget.core.errors import Problem
from widget.extensions import db
from widget.services.committer import Committer, UndoneError

T = TypeVar("T")
ATTEMPTS = 4
_EXTENSION = "widget.transaction"


class Rollback(Exception):  # noqa: N818 - it is no error: the work is undone on purpose and `answer` handed back
    """Raised by work that must leave no trace (a dry run)."""

    def __init__(self, answer: object) -> None:
        super().__init__("undone on purpose")
        self.answer = answer


def write(work: Callable[[Session], T], *, alone: bool = False) -> T:
    """Run `work(session)` in a writing transaction, commit (synced to disk), and return what it returned.

    `work` may run several times, perhaps in another thread though in this context, and does nothing but by the session.
    Others that wait may share its commit, each in a savepoint of its own, but not where it is said to be `alone`: what
    takes long. Raises Problem("server.busy") when the database could not be had; whatever else `work` raises comes
    through with nothing written.
    """
    for attempt in range(1, ATTEMPTS + 1):
        try:
            return _once(work, alone=alone)
        except (DBAPIError, UndoneError) as error:
            if isinstance(error, DBAPIError) and not database.is_busy(error):
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
    _of(app).effects.append(effect)


@dataclass(frozen=True)
class _Writing:
    """How this application writes: in a line where its engine has one writer at a time; and what comes after."""

    line: Committer | None
    effects: list[Callable[[], None]]


def init_app(app: Flask, engine: Engine) -> None:
    """Say how the application writes to `engine`."""
    line = Committer(engine, patience=app.config["BUSY_TIMEOUT"]) if database.has_one_writer(engine) else None
    app.extensions[_EXTENSION] = _Writing(line, [])


def close(app: Flask) -> None:
    """Leave the database; the next write opens it again."""
    if (line := _of(app).line) is not None:
        line.close()


def line(app: Flask) -> Committer | None:
    """Where this application's writers stand in line, if they do."""
    return _of(app).line


def _of(app: Flask) -> _Writing:
    found: _Writing = app.extensions[_EXTENSION]
    return found


def _once(work: Callable[[Session], T], *, alone: bool) -> T:
    writing, session = _of(current_app), db.session()
    session.rollback()  # a read snapshot from earlier in the request must not become the ground of a write
    session.info.pop("after_commit", None)
    if writing.line is None:
        answer = _do(work, session, None)
    else:
        try:
            answer = writing.line.run(partial(_do, work, session), alone=alone)
        except (DBAPIError, UndoneError):
            session.expunge_all()  # it may know rows that were undone after it had let go of them
            raise
    for effect in (*session.info.pop("after_commit", ()), *writing.effects):
        effect()
    return answer


def _do(work: Callable[[Session], T], session: Session, joined: Connection | None) -> T:
    """The work and the session's own commit: of a transaction, or of a savepoint in the one that it joined."""
    try:
        if joined is None:
            session.connection(execution_options={database.WRITE: True})
        else:
            session.connection(bind_arguments={"bind": joined})
        answer = work(session)
        session.commit()
    except BaseException:
        session.rollback()
        raise
    return answer


def dry(work: Callable[[Session], T], *, alone: bool = False) -> T:
    """Run `work(session)` like `write`, and undo it all."""
    try:
        return write(partial(_undone, work), alone=alone)
    except Rollback as undone:
        return undone.answer  # type: ignore[return-value]  # what `work` returned


def _undone(work: Callable[[Session], T], session: Session) -> T:
    raise Rollback(work(session))
