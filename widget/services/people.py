"""People as the operator sees them, and blocking: it ends whatever speaks for somebody, and keeps them out."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, func, or_, select, update
from sqlalchemy.orm import InstrumentedAttribute
from sqlalchemy.orm import Session as DbSession

from widget.core import clock
from widget.core.errors import Problem
from widget.extensions import db
from widget.models import Comment, Identity, Session, User
from widget.services import sessions, welcome


@dataclass(frozen=True)
class Way:
    """One account with which somebody signs in."""

    provider: str
    name: str
    username: str | None
    profile_url: str | None


@dataclass(frozen=True)
class Someone:
    """A person; a guest has no ways."""

    id: str
    name: str
    created: datetime
    ways: tuple[Way, ...]
    comments: int
    sessions: int
    blocked: datetime | None  # since when, if a block holds now
    until: datetime | None


def find(text: str = "", *, blocked: bool = False, limit: int = 50) -> list[Someone]:
    """Those with `text` in a name, username or address (all, without one), the newest first; `blocked`: only those."""
    rules: list[ColumnElement[bool]] = []
    if text:
        named = select(Identity.user_id).where(_says(text, Identity.name, Identity.username, Identity.email))
        rules.append(or_(_says(text, User.name, User.email), User.id.in_(named)))
    if blocked:
        rules.append(User.blocked_at.is_not(None))
        rules.append(or_(User.blocked_until.is_(None), User.blocked_until > clock.now()))
    rows = db.session.scalars(select(User).where(*rules).order_by(User.id.desc()).limit(limit))
    return _shown(rows.all())


def show(public_id: str) -> Someone:
    """One person. Raises Problem("user.not_found")."""
    found = _shown(db.session.scalars(select(User).filter_by(public_id=public_id)).all())
    if not found:
        raise Problem("user.not_found")
    return found[0]


def block(session: DbSession, public_id: str, *, until: datetime | None = None) -> None:
    """From now on they have no session and get none, for ever or `until` then; their comments stay.

    Requests that are under way write nothing any more (sessions.touch). Raises Problem("user.not_found").
    """
    user_id = _change(session, public_id, since=clock.now(), until=until)
    sessions.revoke_everywhere(session, user_id)


def unblock(session: DbSession, public_id: str) -> None:
    """They may sign in again. Raises Problem("user.not_found")."""
    _change(session, public_id, since=None, until=None)


def _change(session: DbSession, public_id: str, *, since: datetime | None, until: datetime | None) -> int:
    # An UPDATE and no SELECT … FOR UPDATE: it does not stop comments of theirs, which hold their author's key.
    changed = update(User).where(User.public_id == public_id).values(blocked_at=since, blocked_until=until)
    user_id: int | None = session.scalar(changed.returning(User.id))
    if user_id is None:
        raise Problem("user.not_found")
    return user_id


def _says(text: str, *columns: InstrumentedAttribute[Any]) -> ColumnElement[bool]:
    """Whether one of them has the text in it, letter for letter but for capitals: `%` and `_` are nothing special."""
    return or_(*(column.icontains(text, autoescape=True) for column in columns))


def _shown(users: Iterable[User]) -> list[Someone]:
    users = list(users)
    ids = [user.id for user in users]
    ways: dict[int, list[Way]] = {}
    for one in db.session.scalars(select(Identity).where(Identity.user_id.in_(ids)).order_by(Identity.id)):
        ways.setdefault(one.user_id, []).append(Way(one.provider, one.name, one.username, one.profile_url))
    comments = _counted(ids, Comment.user_id)
    current = _counted(ids, Session.user_id, *sessions.lasting())
    return [
        Someone(
            id=user.public_id,
            name=user.name,
            created=user.created_at,
            ways=tuple(ways.get(user.id, ())),
            comments=comments.get(user.id, 0),
            sessions=current.get(user.id, 0),
            blocked=user.blocked_at if (held := welcome.is_blocked(user.blocked_at, user.blocked_until)) else None,
            until=user.blocked_until if held else None,
        )
        for user in users
    ]


def _counted(ids: list[int], whose: InstrumentedAttribute[int], *rules: ColumnElement[bool]) -> dict[int, int]:
    """How many rows each of these people has in the table of `whose`."""
    rows = db.session.execute(select(whose, func.count()).where(whose.in_(ids), *rules).group_by(whose))
    return {row[0]: row[1] for row in rows}
