"""The one way in which a conversation as a whole is changed: the change, its entry in the log, and how to undo it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import msgspec
from sqlalchemy import select
from sqlalchemy.orm import Session

from widget.core import clock
from widget.core.errors import Problem
from widget.extensions import db
from widget.models import LogEntry, ThreadChange, User
from widget.services.moderation import log
from widget.services.moderation.log import Draft

SHOWN = 20
# What undoes an act: it is given the thread's row id and what was kept. It raises Problem("thread.changed") where the
# conversation is not any more as the change left it.
Undo = Callable[[Session, int | None, Mapping[str, Any]], None]
UNDO: dict[str, Undo] = {}


@dataclass(frozen=True)
class Place:
    """Who changed something, and where: one conversation, or (None) many of the site. All are row ids."""

    by: int
    site_id: int
    thread_id: int | None


@dataclass(frozen=True)
class Change:
    """One change as the desk shows it; `who` None: they are not here any more."""

    id: str
    act: str
    who: str | None
    when: datetime
    data: Mapping[str, Any]
    undone: bool


def note(
    session: Session,
    act: str,
    place: Place,
    *,
    before: Mapping[str, Any],
    after: Mapping[str, Any],
    data: Mapping[str, Any],
) -> None:
    """Log a change and keep what undoes it; the last thing of its transaction, as the log is locked from here on."""
    (entry,) = log.append(session, [Draft(f"thread.{act}", place.site_id, place.by, None, before=before, after=after)])
    kept = msgspec.json.encode({**data, "before": before, "after": after}).decode()
    session.add(ThreadChange(site_id=place.site_id, thread_id=place.thread_id, act=act, entry=entry, data=kept))


def undo(session: Session, public_id: str, *, by: int, site_id: int) -> None:
    """Change it back. Raises Problem("thread.changed"), also for what is undone already."""
    change = session.scalar(select(ThreadChange).filter_by(public_id=public_id, site_id=site_id).with_for_update())
    if change is None or change.undone_at is not None:
        raise Problem("thread.changed")
    data = msgspec.json.decode(change.data)
    UNDO[change.act](session, change.thread_id, data)
    change.undone_at = clock.now()
    draft = Draft("thread.undo", site_id, by, None, before=data["after"], after=data["before"], undoes=change.entry)
    log.append(session, [draft])


def recent(site_id: int, thread_id: int | None) -> list[Change]:
    """The last changes of a conversation, or (None) of many at once on the site; the newest first."""
    query = (
        select(ThreadChange, User.name)
        .join(LogEntry, LogEntry.id == ThreadChange.entry)
        .outerjoin(User, User.id == LogEntry.actor_id)
        .where(ThreadChange.site_id == site_id, ThreadChange.thread_id == thread_id)
        .order_by(ThreadChange.id.desc())
        .limit(SHOWN)
    )
    return [
        Change(row.public_id, row.act, who, row.created_at, msgspec.json.decode(row.data), row.undone_at is not None)
        for row, who in db.session.execute(query)
    ]
