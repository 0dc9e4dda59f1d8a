"""Limits that hold exactly, however many ask at once and in however many processes.

What writes is counted by a row within its own transaction: whoever comes second waits for the first, and what is
refused or fails is not counted. What only reads writes no row: each process then has its share of the limit to itself.
Addresses are stored as keyed hashes alone, and go with the next sweep after their time.
"""

import threading
from datetime import datetime, timedelta
from typing import cast

from flask import Flask, current_app
from sqlalchemy import Table, bindparam, case, delete, insert, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from widget.core import clock, limits, senders, tokens
from widget.core.errors import Problem
from widget.core.limits import Limit
from widget.models import Tally
from widget.models.types import Instant
from widget.services.sites import SiteInfo
from widget.statements import Statement

MOST_KEYS = 50_000
_EXTENSION = "widget.limits"
_ROWS = cast("Table", Tally.__table__)
_OVER = _ROWS.c.expires_at <= bindparam("now")
_MORE = Statement(
    update(_ROWS)
    .where(_ROWS.c.key == bindparam("who"))
    .values(
        count=case((_OVER, 1), else_=_ROWS.c.count + 1),
        expires_at=case((_OVER, bindparam("until", type_=Instant())), else_=_ROWS.c.expires_at),
    )
    .returning(_ROWS.c.count.label("number"), _ROWS.c.expires_at)
)
_FIRST = Statement(insert(_ROWS), columns=("key", "count", "expires_at"))


def take(
    session: Session,
    action: str,
    *,
    site: SiteInfo,
    address: str,
    user_id: int | None = None,
    page: str | None = None,
) -> None:
    """Count one more of `action`. To be called before a thread is locked.

    `address` is the sender's; `page` the page's key. Raises the Problem limit.… of the first limit that is reached.
    """
    who = {"person": user_id, "address": senders.block(address), "page": page, "site": site.id}
    for row in limits.of(action, current_app.config["LIMITS"]):
        if who[row.scope] in {None, ""}:
            continue
        count, until = _count(session, _key(row, site, who[row.scope]), row.seconds)
        if count > row.most:
            _refuse(row, until)


def once(session: Session, name: str, *, lasts: timedelta) -> bool:
    """Whether `name` is used for the first time; it is remembered that long."""
    key = tokens.derive(current_app.config["SECRET_KEY"], "once", name)
    return _count(session, key, int(lasts.total_seconds()))[0] == 1


def look(action: str, *, site: SiteInfo, address: str) -> None:
    """Count one more of what writes nothing, in this process. Raises the Problem limit.…"""
    if not (block := senders.block(address)):
        return
    counter: _Counter = current_app.extensions[_EXTENSION]
    for row in limits.of(action, current_app.config["LIMITS"]):
        share = max(1, row.most // max(1, current_app.config["WORKERS"]))
        count, until = counter.add(_key(row, site, block), row.seconds)
        if count > share:
            _refuse(row, until)


def init_app(app: Flask) -> None:
    """Begin to count."""
    app.extensions[_EXTENSION] = _Counter()


def sweep(session: Session) -> None:
    """Forget what is over."""
    session.execute(delete(Tally).where(Tally.expires_at <= clock.now()))


class _Counter:
    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._counts: dict[str, tuple[int, datetime]] = {}

    def add(self, key: str, seconds: int) -> tuple[int, datetime]:
        now = clock.now()
        with self._lock:
            if len(self._counts) >= MOST_KEYS:
                self._counts = {kept: one for kept, one in self._counts.items() if one[1] > now}
            count, until = self._counts.get(key, (0, now))
            if until <= now:
                count, until = 0, now + timedelta(seconds=seconds)
            self._counts[key] = (count + 1, until)
            return count + 1, until


def _key(row: Limit, site: SiteInfo, who: object) -> str:
    secret: str = current_app.config["SECRET_KEY"]
    return tokens.derive(secret, "limit", row.action, row.scope, str(site.id), str(who))


def _count(session: Session, key: str, seconds: int) -> tuple[int, datetime]:
    """The count with this one, and when it begins anew. The row is this transaction's until it ends."""
    now = clock.now()
    until = now + timedelta(seconds=seconds)
    if found := _MORE.first(session, who=key, now=now, until=until):
        return found.number, found.expires_at
    try:
        with session.begin_nested():
            _FIRST.run(session, key=key, count=1, expires_at=until)
    except IntegrityError:  # another one was the first by a moment
        made = _MORE.one(session, who=key, now=now, until=until)
        return made.number, made.expires_at
    return 1, until


def _refuse(row: Limit, until: datetime) -> None:
    seconds = max(1, round((until - clock.now()).total_seconds()))
    raise Problem(row.code, retry=seconds)
