"""Writers of one process that wait together for SQLite's only lock share one commit, and so one sync to the disk.

They stand in one line. Whoever is first leads: takes the lock, runs its own work and that of all who wait by then, each
in a savepoint and in the context (application, request) of the thread it came from, commits once, and wakes everybody.
Nobody waits for company, no thread is started, and while one group is synced the next one gathers. Whoever fails
leaves the group alone; whoever fails the group alone (an engine that undoes a whole transaction) makes the others try
again. docs/decisions/012-shared-commits.md has the evidence.
"""

import contextvars
import threading
from collections import deque
from collections.abc import Callable
from contextlib import nullcontext
from dataclasses import dataclass, field
from functools import partial
from typing import Any, TypeVar

from sqlalchemy import Connection, Engine
from sqlalchemy.exc import DBAPIError

from widget import database
from widget.turns import Turns

T = TypeVar("T")
MOST = 32  # works that share a commit: so long may the others on this machine have to wait
_INSIDE: contextvars.ContextVar[object] = contextvars.ContextVar("widget.committer", default=None)


class UndoneError(Exception):
    """Nothing of the work was kept, through no fault of its own: it may be tried again."""


@dataclass(eq=False)
class _Turn:
    """One work in the line, and what became of it."""

    work: Callable[[Connection], Any]
    alone: bool
    context: contextvars.Context = field(default_factory=contextvars.copy_context)
    called: threading.Event = field(default_factory=threading.Event)
    leads: bool = False
    answer: Any = None
    error: BaseException | None = None

    def run(self, connection: Connection) -> None:
        """Let the work happen where it comes from."""
        try:
            self.answer = self.context.run(self.work, connection)
        except Exception as error:  # noqa: BLE001 - whoever waits for it raises it
            self.error = error


class Committer:
    """The line in front of one database."""

    def __init__(self, engine: Engine, *, patience: float) -> None:
        """`patience` is how many seconds a work stands in line at most."""
        self._engine, self._patience = engine, patience
        self._held: Connection | None = None  # of whoever leads
        self._turns = Turns(engine.url.database or "", patience=patience)
        self._line: deque[_Turn] = deque()
        self._led = False
        self._change = threading.Lock()

    def run(self, work: Callable[[Connection], T], *, alone: bool = False) -> T:
        """What `work(connection)` returns, once that is committed and synced; `alone` shares the commit with nobody.

        `work` runs inside a transaction, undoes what it did when it fails, and must not end the transaction. Raises
        what it raises; UndoneError; or the error of the engine when the lock could not be had or the commit failed.
        """
        if _INSIDE.get() is self:
            raise RuntimeError("a write within a write: the outer one would wait for itself")
        turn = _Turn(partial(self._run, work), alone)
        with self._change:
            if self._led:
                self._line.append(turn)
            else:
                self._led = turn.leads = True
        if not turn.leads and not turn.called.wait(self._patience):
            self._give_up(turn)
        if turn.leads:
            self._lead(turn)
        if turn.error is not None:
            raise turn.error
        answer: T = turn.answer
        return answer

    def close(self) -> None:
        """Give the connection back that all works share, one after the other; the next work takes another one.

        It is kept because SQLite forgets what it made of its statements when a connection that has read is to write.
        """
        held, self._held = self._held, None
        if held is not None:
            held.close()

    def waiting(self) -> int:
        """How many works stand in line; those of the group that is at it do not."""
        return len(self._line)

    def _give_up(self, turn: _Turn) -> None:
        with self._change:
            if turn in self._line:
                self._line.remove(turn)
                raise UndoneError("the line did not move")
        turn.called.wait()  # it is being done at this moment

    def _lead(self, own: _Turn) -> None:
        group = [own]
        try:
            # A long work does not keep its place among the processes: they find SQLite's own lock taken, and say so.
            with nullcontext() if own.alone else self._turns.mine():
                self._commit(group)
        except BaseException as error:
            # What came from outside (Ctrl-C) is the leader's own: the others try again.
            shared = error if isinstance(error, DBAPIError) else UndoneError(str(error))
            for turn in group:
                turn.error = turn.error or shared
            if not isinstance(error, Exception):
                raise
        finally:
            self._pass_on()
            for turn in group[1:]:
                turn.called.set()

    def _commit(self, group: list[_Turn]) -> None:
        """Run the group, which grows by all who wait once the lock is there, in one transaction."""
        if self._held is None:
            self._held = self._engine.connect().execution_options(**{database.WRITE: True})
        try:
            self._begin(self._held, group)
            for turn in group:
                turn.run(self._held)
                if not database.is_open(self._held):
                    raise UndoneError("the engine has undone the whole transaction")
            self._held.commit()
        except BaseException:
            self._held.invalidate()  # a commit that failed can leave its transaction open
            self.close()
            raise

    def _begin(self, connection: Connection, group: list[_Turn]) -> None:
        """Take the lock, and then all who wait into the group; also when there is no lock: it is the same for all."""
        try:
            connection.begin()
        finally:
            with self._change:
                while self._line and len(group) < MOST and not (group[0].alone or self._line[0].alone):
                    group.append(self._line.popleft())

    def _pass_on(self) -> None:
        with self._change:
            if self._line:
                following = self._line.popleft()
                following.leads = True
                following.called.set()
            else:
                self._led = False

    def _run(self, work: Callable[[Connection], T], connection: Connection) -> T:
        _INSIDE.set(self)  # in the turn's own context, which ends with it
        return work(connection)
