"""The log, and people, as moderators read them: newest first, by keyset."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import msgspec
from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import aliased

from widget.extensions import db
from widget.models import Comment, LogEntry, Site, User
from widget.services.moderation import undoing

LIMIT = 50


@dataclass(frozen=True)
class Line:
    """An entry of the log; `actor` None is the server. `undoable`: nothing was decided about the same since."""

    number: int
    act: str
    time: datetime
    actor: str | None
    person: str | None
    person_id: str | None
    comment: str | None
    site: str | None
    before: dict[str, Any]
    after: dict[str, Any]
    why: str
    batch: str | None
    undoes: int | None
    undoable: bool


def lines(
    site_ids: Sequence[int], *, server: bool, person: int | None = None, before: int | None = None, limit: int = LIMIT
) -> tuple[list[Line], int | None]:
    """Entries of these sites (`server`: and of the server as a whole) with numbers below `before`; where to go on."""
    there: ColumnElement[bool] = LogEntry.site_id.in_(site_ids)
    rules = [there | LogEntry.site_id.is_(None) if server else there]
    if person is not None:
        rules.append(LogEntry.user_id == person)
    if before is not None:
        rules.append(LogEntry.id < before)
    actor, whom = aliased(User), aliased(User)
    query = (
        select(
            LogEntry,
            actor.name.label("actor"),
            whom.name.label("person"),
            whom.public_id.label("person_id"),
            Comment.public_id.label("comment"),
            Site.key.label("site"),
        )
        .outerjoin(actor, actor.id == LogEntry.actor_id)
        .outerjoin(whom, whom.id == LogEntry.user_id)
        .outerjoin(Comment, Comment.id == LogEntry.comment_id)
        .outerjoin(Site, Site.id == LogEntry.site_id)
        .where(*rules)
        .order_by(LogEntry.id.desc())
        .limit(limit + 1)
    )
    rows = db.session.execute(query).all()
    shown = [_line(row) for row in rows[:limit]]
    return shown, shown[-1].number if len(rows) > limit else None


def _line(row: Any) -> Line:
    entry = row.LogEntry
    return Line(
        number=entry.id,
        act=entry.act,
        time=entry.created_at,
        actor=row.actor,
        person=row.person,
        person_id=row.person_id,
        comment=row.comment,
        site=row.site,
        before=msgspec.json.decode(entry.before),
        after=msgspec.json.decode(entry.after),
        why=entry.why,
        batch=entry.batch,
        undoes=entry.undoes,
        undoable=undoing.is_last(db.session(), entry),
    )
