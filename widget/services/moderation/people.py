"""Deciding about a person: ban (for a while or for good), shadow-ban, trust, or let them be like everybody."""

from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Any

from sqlalchemy.orm import Session

from widget.core import clock, permissions
from widget.core.errors import Problem
from widget.core.events import Event
from widget.models import User
from widget.services import events, people, roles, standings, transaction
from widget.services.moderation import log, moderators
from widget.services.moderation.log import Draft
from widget.services.moderation.moderators import Moderator
from widget.services.standings import Stands

# act -> how they stand then
ACTS = {"ban": "banned", "shadow": "shadowed", "trust": "trusted", "pardon": None}


@dataclass(frozen=True)
class Judgement:
    """How a person (public id) stands now on the site or the server; `entry`: its number in the log, if it is new."""

    person: str
    stands: Stands | None
    entry: int | None


def judge(
    moderator: Moderator, public_id: str, act: str, *, site_id: int | None, until: datetime | None = None, why: str = ""
) -> Judgement:
    """Do one of ACTS on a site (None: on the whole server, which takes an administrator), in its own transaction.

    A ban holds from the commit on. One on the whole server ends their sessions, too. Raises Problem: role.missing,
    user.not_found, person.protected, request.bad_field (a time that has passed).
    """
    work = partial(apply, moderator=moderator, public_id=public_id, act=act, site_id=site_id, until=until, why=why)
    return transaction.write(work)


def apply(
    session: Session,
    *,
    moderator: Moderator,
    public_id: str,
    act: str,
    site_id: int | None,
    until: datetime | None = None,
    why: str = "",
) -> Judgement:
    """The same within a transaction that writes; the log is locked until its end."""
    rank = moderators.require(session, moderator, site_id, f"person.{act}")
    if site_id is None:
        permissions.require(rank, "person.anywhere")
    user_id = moderators.person(session, public_id)
    permissions.require_above(rank, roles.rank(session, site_id, user_id))
    if until is not None and until <= clock.now():
        raise Problem("request.bad_field", field="until", reason="a time to come")
    kind = ACTS[act]
    stands = Stands(kind, until if kind else None, everywhere=site_id is None) if kind else None
    draft = change(session, site_id, user_id, stands, act=act, by=moderator.user_id)
    if draft is None:
        return Judgement(public_id, stands, None)
    [entry] = log.append(session, [Draft(**(vars(draft) | {"why": log.reason(why)}))])
    return Judgement(public_id, stands, entry)


def change(
    session: Session, site_id: int | None, user_id: int, stands: Stands | None, *, act: str, by: int | None
) -> Draft | None:
    """Have a person stand so; what is to be logged, or None where they did already."""
    before = current(session, site_id, user_id)
    if before == stands:
        return None
    banned = stands if stands and stands.kind == "banned" else None
    if site_id is None:  # keeping somebody out of the server is older than this room, and has one place
        person = session.get_one(User, user_id)
        if banned:
            people.block(session, person.public_id, until=banned.until)
        elif before and before.kind == "banned":
            people.unblock(session, person.public_id)
        standings.put(session, None, user_id, None if banned else stands)
        session.refresh(person)
    else:
        standings.put(session, site_id, user_id, stands)
    if banned and site_id is not None:
        events.tell(session, Event("person.banned", site_id=site_id, user_id=user_id, actor_id=by))
    return Draft(f"person.{act}", site_id, by, user_id, before=as_json(before), after=as_json(stands))


def current(session: Session, site_id: int | None, user_id: int) -> Stands | None:
    """How a person stands by the word of this site alone (None: of the server) now."""
    if site_id is None:
        person = session.get_one(User, user_id, populate_existing=True)
        if standings.is_blocked(person):
            return Stands("banned", person.blocked_until, everywhere=True)
    return standings.own(session, site_id, user_id)


def as_json(stands: Stands | None) -> dict[str, Any]:
    """A standing as the log keeps it."""
    if stands is None:
        return {"stands": None}
    return {"stands": stands.kind} | ({"until": clock.microseconds(stands.until)} if stands.until else {})


def from_json(kept: dict[str, Any], *, everywhere: bool) -> Stands | None:
    """The other way."""
    if not kept.get("stands"):
        return None
    until = kept.get("until")
    return Stands(kept["stands"], clock.from_microseconds(until) if until else None, everywhere=everywhere)
