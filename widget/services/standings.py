"""How people stand: who may write nothing, whose words nobody else sees, and who never waits.

Asked in the transaction of every write, and never from memory: a ban holds from its commit on, in every process.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import NoReturn

from sqlalchemy import ColumnElement, bindparam, delete, or_, select
from sqlalchemy.orm import Session

from widget.core import clock
from widget.core.errors import Problem
from widget.models import Standing, User
from widget.services import welcome
from widget.statements import Statement


@dataclass(frozen=True)
class Stands:
    """banned, shadowed or trusted; until then, or for good. `everywhere`: on all sites of this server."""

    kind: str
    until: datetime | None
    everywhere: bool = False


_USER, _ROWS = User.__table__.c, Standing.__table__.c
_BLOCKED = select(_USER.blocked_at, _USER.blocked_until).where(_USER.id == bindparam("user"))
_HOLD = Statement(_BLOCKED.with_for_update(read=True, key_share=True))
_READ = Statement(_BLOCKED)
_STANDS = Statement(
    select(_ROWS.kind, _ROWS.until, _ROWS.site_id).where(
        _ROWS.user_id == bindparam("user"),
        or_(_ROWS.until.is_(None), _ROWS.until > bindparam("now")),
        or_(_ROWS.site_id == bindparam("site"), _ROWS.site_id.is_(None)),
    )
)


def of_user(session: Session, site_id: int, user_id: int) -> Stands | None:
    """How a person stands on a site now: a ban from the server goes before what the site says."""
    return _of_user(session, site_id, user_id, _READ)


def _of_user(session: Session, site_id: int, user_id: int, read: Statement) -> Stands | None:
    user = read.one(session, user=user_id)
    if welcome.is_blocked(*user):
        return Stands("banned", user.blocked_until, everywhere=True)
    rows = _STANDS.all(session, user=user_id, site=site_id, now=clock.now())
    found = {row.site_id is None: Stands(row.kind, row.until, everywhere=row.site_id is None) for row in rows}
    return found.get(False) or found.get(True)


def admit(session: Session, site_id: int, user_id: int) -> Stands | None:
    """The same for somebody who is about to write: whoever bans them waits for that, or is seen. Raises person.banned.

    To be asked before a thread is locked.
    """
    stands = _of_user(session, site_id, user_id, _HOLD)
    if stands and stands.kind == "banned":
        refuse(stands)
    return stands


def worst(session: Session, user_id: int) -> Stands | None:
    """What keeps a person from writing, or their words from others, on any site."""
    query = select(Standing.kind, Standing.until).where(Standing.user_id == user_id, Standing.kind != "trusted")
    row = session.execute(query.where(*holding()).limit(1)).first()
    return Stands(row.kind, row.until) if row else None


def refuse(stands: Stands) -> NoReturn:
    """Raises Problem("person.banned"), with the time at which it ends."""
    raise Problem("person.banned", until=clock.rfc3339(stands.until) if stands.until else None)


def holding() -> tuple[ColumnElement[bool], ...]:
    """What is true of standings that have not come to their end."""
    return (or_(Standing.until.is_(None), Standing.until > clock.now()),)


def blocked() -> tuple[ColumnElement[bool], ...]:
    """What is true of people (User) who are kept out of the whole server now."""
    return User.blocked_at.is_not(None), or_(User.blocked_until.is_(None), User.blocked_until > clock.now())


def is_blocked(user: User) -> bool:
    """Whether a person is kept out of the whole server now."""
    return welcome.is_blocked(user.blocked_at, user.blocked_until)


def own(session: Session, site_id: int | None, user_id: int) -> Stands | None:
    """What one site (None: the server) says of a person now."""
    row = session.execute(select(Standing.kind, Standing.until).where(*_row(site_id, user_id), *holding())).first()
    return Stands(row.kind, row.until, everywhere=site_id is None) if row else None


def put(session: Session, site_id: int | None, user_id: int, stands: Stands | None) -> None:
    """Have a person stand so on a site (None: on the server), or like everybody (None).

    Writes of theirs that are under way come first, or are refused.
    """
    session.execute(select(User.id).where(User.id == user_id).with_for_update())
    session.execute(delete(Standing).where(*_row(site_id, user_id)))
    if stands:
        session.add(Standing(user_id=user_id, site_id=site_id, kind=stands.kind, until=stands.until))
    session.flush()


def _row(site_id: int | None, user_id: int) -> tuple[ColumnElement[bool], ...]:
    same = Standing.site_id.is_(None) if site_id is None else Standing.site_id == site_id
    return Standing.user_id == user_id, same
