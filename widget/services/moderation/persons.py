"""People as those see them who moderate their sites: accounts, what they wrote there, how they stand."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, or_, select

from widget.core.errors import Problem
from widget.extensions import db
from widget.models import Comment, Identity, Role, Site, Standing, User
from widget.services import standings
from widget.services.moderation import moderators, queue
from widget.services.standings import Stands

LIMIT = 50
VIEWS = ("all", "banned", "shadowed", "trusted")


@dataclass(frozen=True)
class Account:
    """One account with which somebody signs in."""

    provider: str
    name: str
    username: str | None
    url: str | None


@dataclass(frozen=True)
class OnSite:
    """Somebody on one site."""

    key: str
    name: str
    role: str | None
    stands: Stands | None  # by the site's own word
    past: Counter[str]
    past_is_all: bool


@dataclass(frozen=True)
class Person:
    """Somebody; `everywhere` is how they stand with the whole server."""

    id: str
    name: str
    since: datetime
    accounts: tuple[Account, ...]
    everywhere: Stands | None
    on: tuple[OnSite, ...]


@dataclass(frozen=True)
class Part:
    """People, the last to come first, and the cursor of what follows."""

    people: list[Person]
    next: str | None


def find(site_ids: Sequence[int], view: str, *, search: str = "", after: str | None = None, limit: int = LIMIT) -> Part:
    """Those who wrote on these sites, or stand there otherwise than most. Raises Problem("thread.bad_cursor")."""
    here = Comment.site_id.in_(site_ids)
    if view == "all":
        wrote = select(Comment.id).where(Comment.user_id == User.id, here).exists()
        rules: list[ColumnElement[bool]] = [wrote]
    else:
        kept = select(Standing.user_id).where(
            or_(Standing.site_id.in_(site_ids), Standing.site_id.is_(None)), Standing.kind == view, *standings.holding()
        )
        out = select(User.id).where(*standings.blocked())
        rules = [User.id.in_(kept.union(out) if view == "banned" else kept)]
    if search:
        named = select(Identity.user_id).where(
            or_(Identity.name.icontains(search, autoescape=True), Identity.username.icontains(search, autoescape=True))
        )
        rules.append(or_(User.name.icontains(search, autoescape=True), User.id.in_(named)))
    if after:
        try:
            rules.append(User.id < moderators.person(db.session(), after))
        except Problem as problem:
            raise Problem("thread.bad_cursor") from problem
    rows = db.session.scalars(select(User).where(*rules).order_by(User.id.desc()).limit(limit + 1)).all()
    people = [_person(user, site_ids) for user in rows[:limit]]
    return Part(people, people[-1].id if len(rows) > limit else None)


def one(site_ids: Sequence[int], user_id: int) -> Person:
    """Somebody who wrote or stands on one of these sites. Raises Problem("user.not_found")."""
    wrote = select(Comment.id).where(Comment.user_id == user_id, Comment.site_id.in_(site_ids)).limit(1)
    kept = select(Standing.id).where(Standing.user_id == user_id, Standing.site_id.in_(site_ids)).limit(1)
    if db.session.scalar(wrote) is None and db.session.scalar(kept) is None:
        raise Problem("user.not_found")  # whom others know is no business of theirs
    return _person(db.session.get_one(User, user_id), site_ids)


def _person(user: User, site_ids: Sequence[int]) -> Person:
    accounts = select(Identity.provider, Identity.name, Identity.username, Identity.profile_url)
    held = db.session.execute(accounts.where(Identity.user_id == user.id).order_by(Identity.id))
    everywhere = standings.own(db.session(), None, user.id)
    if standings.is_blocked(user):
        everywhere = Stands("banned", user.blocked_until, everywhere=True)
    return Person(
        id=user.public_id,
        name=user.name,
        since=user.created_at,
        accounts=tuple(Account(*row) for row in held),
        everywhere=everywhere,
        on=tuple(one for site_id in site_ids if (one := _on(user.id, site_id))),
    )


def _on(user_id: int, site_id: int) -> OnSite | None:
    past, is_all = queue.past_of(db.session(), site_id, user_id)
    stands = standings.own(db.session(), site_id, user_id)
    if not past and stands is None:
        return None
    role = select(Role.role).where(Role.site_id == site_id, Role.user_id == user_id)
    site: Any = db.session.execute(select(Site.key, Site.name).where(Site.id == site_id)).one()
    return OnSite(site.key, site.name, db.session.scalar(role), stands, past, is_all)
