"""The log of all decisions: only ever added to, each entry sealed together with the one before it.

The head says where it ends, so that nothing can be cut off unseen; whoever adds holds it until their commit. It is
taken last: whoever waits for a thread while holding it would keep everybody else waiting.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import msgspec
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from widget.core import clock, text, tokens
from widget.core.errors import Problem
from widget.models import LogEntry, LogHead

MAX_WHY = 500
_FIRST = "0" * 64
_STEP = 1_000


@dataclass(frozen=True)
class Draft:
    """A decision that is to be logged, by row ids; `before` and `after` are anything JSON can hold."""

    act: str
    site_id: int | None
    actor_id: int | None  # None: the server
    user_id: int | None  # whom it is about
    comment_id: int | None = None
    before: Mapping[str, Any] | None = None
    after: Mapping[str, Any] | None = None
    why: str = ""
    batch: str | None = None
    undoes: int | None = None


def reason(words: str) -> str:
    """A moderator's own words as they are kept. Raises Problem("request.bad_field")."""
    words = text.clean_text(words).strip()
    if len(words) > MAX_WHY:
        raise Problem("request.bad_field", field="why", reason=f"at most {MAX_WHY} characters")
    return words


def append(session: Session, drafts: Sequence[Draft]) -> list[int]:
    """Add entries in this order; their numbers."""
    if not drafts:
        return []
    session.flush()
    head = _head(session)
    now = clock.now()
    made = []
    for draft in drafts:
        entry = LogEntry(
            id=head.last_id + 1,
            site_id=draft.site_id,
            actor_id=draft.actor_id,
            act=draft.act,
            comment_id=draft.comment_id,
            user_id=draft.user_id,
            before=_json(draft.before),
            after=_json(draft.after),
            why=draft.why,
            batch=draft.batch,
            undoes=draft.undoes,
            created_at=now,
        )
        entry.hash = _seal(entry, head.last_hash)
        session.add(entry)
        head.last_id, head.last_hash = entry.id, entry.hash
        made.append(entry.id)
    session.flush()
    return made


def verify(session: Session) -> int | None:
    """The number of the first entry that is not what was written, or is missing; None: the log is whole."""
    head = session.execute(select(LogHead.last_id, LogHead.last_hash)).first()
    end = (head.last_id, head.last_hash) if head else (0, _FIRST)
    last, seal = 0, _FIRST
    for entry in _until(session, end[0]):
        if entry.id != last + 1 or entry.hash != _seal(entry, seal):
            return last + 1
        last, seal = entry.id, entry.hash
    return None if (last, seal) == end else last + 1


def _until(session: Session, end: int) -> Iterator[LogEntry]:
    """The entries up to the one with this number; without a head, all that should not be there."""
    last = 0
    query = select(LogEntry).order_by(LogEntry.id).limit(_STEP).execution_options(populate_existing=True)
    while rows := session.scalars(query.where(LogEntry.id > last, *((LogEntry.id <= end,) if end else ()))).all():
        yield from rows
        last = rows[-1].id
        for row in rows:
            session.expunge(row)


def _head(session: Session) -> LogHead:
    held = select(LogHead).where(LogHead.id == 1).with_for_update().execution_options(populate_existing=True)
    if (head := session.scalar(held)) is None:
        try:
            with session.begin_nested():
                session.add(LogHead(id=1, last_id=0, last_hash=_FIRST))
        except IntegrityError:  # somebody else's first entry was faster
            pass
        head = session.scalars(held).one()
    return head


def _seal(entry: LogEntry, before: str) -> str:
    """SHA-256 of what the entry says, and of the seal before it."""
    at: datetime = entry.created_at
    said = [
        *(entry.id, entry.site_id, entry.actor_id, entry.act, entry.comment_id, entry.user_id),
        *(entry.before, entry.after, entry.why, entry.batch, entry.undoes, clock.microseconds(at)),
    ]
    return tokens.digest(f"{before}{msgspec.json.encode(said).decode()}")


def _json(value: Mapping[str, Any] | None) -> str:
    return "{}" if value is None else msgspec.json.encode(value).decode()
