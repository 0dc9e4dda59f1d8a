"""Rows of the outbox: put with their cause, taken by one worker at a time under a lease, and settled."""

import random
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import delete, func, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from widget.core import backoff, clock, tokens
from widget.extensions import db
from widget.models import Outbox
from widget.services import transaction
from widget.services.outbox.outcome import Failed, Outcome, Sent

KEEP = timedelta(days=30)
_ANSWER = 500


@dataclass(frozen=True)
class Claimed:
    """A row that this worker has; it is `public_id` on whatever goes out, every time."""

    id: int
    public_id: str
    channel: str
    kind: str
    payload: Mapping[str, Any]
    site_id: int | None
    destination: str
    attempts: int
    created_at: datetime
    lease: str


def put(
    session: Session,
    *,
    key: str,
    channel: str,
    kind: str,
    payload: Mapping[str, Any],
    site_id: int | None = None,
    person: str | None = None,
    destination: str = "",
) -> int | None:
    """Have something sent once the session's transaction is committed; its row id, None if `key` is there already."""
    row = Outbox(
        key=key,
        channel=channel,
        kind=kind,
        payload=dict(payload),
        site_id=site_id,
        person=person,
        destination=destination,
        due_at=clock.now(),
    )
    try:
        with session.begin_nested():
            session.add(row)
            session.flush()
    except IntegrityError:
        return None
    return row.id


def next_due() -> datetime | None:
    """When the next row is due."""
    return db.session.scalar(select(func.min(Outbox.due_at)).where(Outbox.state == "waiting"))


def take(*, lease: timedelta, avoid: Collection[str] = ()) -> Claimed | None:
    """One row that is due, for this worker alone until the lease ends; none whose destination is in `avoid`."""
    due = [Outbox.state == "waiting", Outbox.due_at <= clock.now(), Outbox.destination.not_in(avoid)]
    if db.session.scalar(select(Outbox.id).where(*due).limit(1)) is None:
        return None  # a look costs no writer anything

    def work(session: Session) -> Claimed | None:
        now = clock.now()
        query = select(Outbox).where(*due[:1], Outbox.due_at <= now, *due[2:])
        row = session.scalar(query.order_by(Outbox.due_at, Outbox.id).limit(1).with_for_update(skip_locked=True))
        if row is None:
            return None
        row.attempts += 1
        row.lease, row.due_at = tokens.secret(), now + lease
        return Claimed(
            id=row.id,
            public_id=row.public_id,
            channel=row.channel,
            kind=row.kind,
            payload=row.payload,
            site_id=row.site_id,
            destination=row.destination,
            attempts=row.attempts,
            created_at=row.created_at,
            lease=row.lease,
        )

    return transaction.write(work)


def settle(claimed: Claimed, outcome: Outcome) -> None:
    """Note what became of it. Nothing, if the lease is over and somebody else has the row."""
    now = clock.now()
    values: dict[str, Any] = {"lease": None, "answer": outcome.answer[:_ANSWER]}
    if isinstance(outcome, Failed):
        due = backoff.next_try(
            claimed.attempts,
            now=now,
            since=claimed.created_at,
            chance=random.random(),  # noqa: S311 - no secret
            refused=outcome.refused,
            asked=outcome.asked,
        )
        values |= {"state": "parked", "done_at": now} if due is None else {"due_at": due}
    else:
        values |= {"state": "sent" if isinstance(outcome, Sent) else "dropped", "done_at": now}
    mine = update(Outbox).where(Outbox.id == claimed.id, Outbox.lease == claimed.lease).values(**values)
    transaction.write(lambda session: session.execute(mine))


def listed(state: str | None, *, site_id: int | None = None, limit: int = 50) -> list[Outbox]:
    """Rows for people to look at, the last first."""
    query = select(Outbox).order_by(Outbox.id.desc()).limit(limit)
    if state:
        query = query.where(Outbox.state == state)
    if site_id is not None:
        query = query.where(Outbox.site_id == site_id)
    return list(db.session.scalars(query))


def retry(session: Session, public_id: str | None = None) -> int:
    """Let parked rows (one, or all) wait again as if they had just been written; how many those are."""
    parked = update(Outbox).where(Outbox.state == "parked")
    if public_id:
        parked = parked.where(Outbox.public_id == public_id)
    now = clock.now()
    again = parked.values(state="waiting", attempts=0, due_at=now, created_at=now, done_at=None)
    return len(session.scalars(again.returning(Outbox.id)).all())


def sweep(session: Session) -> None:
    """Forget what was settled a month ago."""
    old = Outbox.state.in_(("sent", "dropped")), Outbox.done_at <= clock.now() - KEEP
    session.execute(delete(Outbox).where(*old))
