"""Sessions: a bearer secret that the page keeps, bound to one site; the database keeps its hash."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, cast

from flask import current_app
from sqlalchemy import ColumnElement, Table, bindparam, delete, select, update
from sqlalchemy.orm import Session as DbSession

from widget.core import clock, ids, tokens
from widget.core.errors import Problem
from widget.extensions import db
from widget.models import Identity, Session, Site, Ticket, User
from widget.services import avatars, consents, signin_days, welcome
from widget.services.sites import SiteInfo
from widget.statements import Statement

MOST_SHOWN = 100
TOUCHED_AFTER = timedelta(hours=6)  # a look at the page writes a row at most this often


EVER = timedelta(days=36_500)
_ROWS = cast("Table", Session.__table__)
_ACTOR = Statement(
    select(
        *(_ROWS.c[name] for name in ("id", "site_id", "user_id", "identity_id")),
        *(_ROWS.c[name] for name in ("expires_at", "last_used_at", "jwk_thumbprint")),
    ).where(
        _ROWS.c.token_hash == bindparam("token"),
        _ROWS.c.expires_at > bindparam("now"),
        _ROWS.c.last_used_at > bindparam("last"),
    )
)
_TOUCH = Statement(update(_ROWS).where(_ROWS.c.id == bindparam("row")).values(last_used_at=bindparam("now")))


@dataclass(frozen=True)
class Actor:
    """Who is asking: a user, signed in with one identity or as a guest, on one site."""

    session_id: int
    site_id: int
    user_id: int
    identity_id: int | None
    expires_at: datetime
    used_at: datetime
    thumbprint: str | None  # of the browser's key, where the session is bound to one (RFC 7638)
    address: str = ""  # where this request comes from

    @property
    def scope(self) -> str:
        """Whose idempotency keys these are."""
        return f"session:{self.session_id}"


def open_session(
    session: DbSession, site: SiteInfo, person: tuple[int, int | None], token: str, *, thumbprint: str | None
) -> datetime:
    """Store a new session of `person` (user id, identity id) for the secret `token`; returns when it ends.

    `thumbprint` binds it to a key of the browser: a copied secret is then worth nothing, so it may last longer.
    Raises Problem("user.blocked").
    """
    user_id, identity_id = person
    welcome.require(session, user_id)
    config = current_app.config
    life = timedelta(days=config["BOUND_SESSION_DAYS"]) if thumbprint else timedelta(hours=config["SESSION_HOURS"])
    expires = clock.now() + life
    session.add(
        Session(
            token_hash=tokens.digest(token),
            user_id=user_id,
            identity_id=identity_id,
            site_id=site.id,
            jwk_thumbprint=thumbprint,
            expires_at=expires,
        )
    )
    signin_days.count(session, site.id, identity_id)
    return expires


def lasting() -> tuple[ColumnElement[bool], ...]:
    """What is true of sessions that have neither reached their end nor been idle for too long."""
    now, idle = clock.now(), idle_time()
    rules: tuple[ColumnElement[bool], ...] = (Session.expires_at > now,)
    return rules if idle is None else (*rules, Session.last_used_at > now - idle)


def idle_time() -> timedelta | None:
    """How long a session lasts that nobody uses; None where that does not end it."""
    days = current_app.config["SESSION_IDLE_DAYS"]
    return timedelta(days=days) if days > 0 else None


def actor_of(token: str) -> Actor:
    """Who carries this bearer. Raises Problem("session.invalid"): unknown or ended."""
    now = clock.now()
    last = now - (idle_time() or EVER)
    row = _ACTOR.first(db.session(), token=tokens.digest(token), now=now, last=last)
    if row is None:
        raise Problem("session.invalid")
    return Actor(*row)


def is_due(actor: Actor) -> bool:
    """Whether a look at the page should note that the session is used: seldom enough to be no burden."""
    return clock.now() - actor.used_at >= min(TOUCHED_AFTER, (idle_time() or TOUCHED_AFTER) / 4)


def touch(session: DbSession, actor: Actor) -> None:
    """Note that the session was used.

    Raises Problem("session.invalid") when it was ended since the request came in: then nothing is written.
    """
    if not _TOUCH.run(session, row=actor.session_id, now=clock.now()):
        raise Problem("session.invalid")


def revoke(session: DbSession, actor: Actor) -> None:
    """Log out: the row goes, and the bearer with it; no browser is one click away from this user any more."""
    session.execute(delete(Session).where(Session.id == actor.session_id))
    consents.forget_user(session, actor.user_id)


def revoke_on_site(session: DbSession, actor: Actor) -> None:
    """Log out of the site in all browsers; of other sites a site's bearer ends nothing."""
    for model in (Session, Ticket):
        session.execute(delete(model).where(model.user_id == actor.user_id, model.site_id == actor.site_id))
    consents.forget_user(session, actor.user_id)


def revoke_everywhere(session: DbSession, user_id: int) -> None:
    """Log out on all sites and in all browsers: nothing is left that speaks for this user."""
    for model in (Session, Ticket):
        session.execute(delete(model).where(model.user_id == user_id))
    consents.forget_user(session, user_id)


@dataclass(frozen=True)
class OnSite:
    """One of a person's sessions, as they see it on their account page."""

    public_id: str
    site: str
    created: datetime
    used: datetime


def of_user(user_id: int) -> list[OnSite]:
    """A person's sessions on all sites, the last used first."""
    rows = db.session.execute(
        select(Session.public_id, Site.name, Session.created_at, Session.last_used_at)
        .join(Site, Site.id == Session.site_id)
        .where(Session.user_id == user_id, *lasting())
        .order_by(Session.last_used_at.desc(), Session.id.desc())
        .limit(MOST_SHOWN)
    )
    return [OnSite(*row) for row in rows]


def mine(actor: Actor) -> list[dict[str, Any]]:
    """The actor's sessions on the site that asks, the last used first. A site learns nothing of others."""
    rows = db.session.execute(
        select(Session, Identity.provider)
        .outerjoin(Identity, Identity.id == Session.identity_id)
        .where(*_on_this_site(actor), *lasting())
        .order_by(Session.last_used_at.desc(), Session.id.desc())
        .limit(MOST_SHOWN)
    )
    return [_shown(row, provider, actor) for row, provider in rows]


def end(session: DbSession, actor: Actor, public_id: str) -> None:
    """End one of the actor's sessions on this site. Raises Problem("session.not_found")."""
    _end(session, public_id, *_on_this_site(actor))


def end_of_user(session: DbSession, user_id: int, public_id: str) -> None:
    """End one of a person's sessions, wherever it is. Raises Problem("session.not_found")."""
    _end(session, public_id, Session.user_id == user_id)


def _end(session: DbSession, public_id: str, *whose: ColumnElement[bool]) -> None:
    found = delete(Session).where(Session.public_id == public_id, *whose).returning(Session.id)
    if not ids.is_public_id(public_id) or session.scalar(found) is None:
        raise Problem("session.not_found")


def _on_this_site(actor: Actor) -> tuple[ColumnElement[bool], ColumnElement[bool]]:
    return Session.user_id == actor.user_id, Session.site_id == actor.site_id


def _shown(row: Session, provider: str | None, actor: Actor) -> dict[str, Any]:
    shown = {
        "id": row.public_id,
        "created": clock.rfc3339(row.created_at),
        "used": clock.rfc3339(row.last_used_at),
        "expires": clock.rfc3339(row.expires_at),
        "current": row.id == actor.session_id,
    }
    return shown if provider is None else {**shown, "provider": provider}


def person(user: User, identity: Identity | None) -> dict[str, Any]:
    """USER of the API: how this person appears when signed in with `identity`, or as a guest."""
    shown: dict[str, Any] = {"id": user.public_id, "guest": identity is None}
    if identity is None:
        more = {"name": user.name, "url": user.website, "avatar": None}
    else:
        more = {
            "name": identity.name,
            "url": identity.profile_url,
            "avatar": avatars.address(identity.picture),
            "provider": identity.provider,
        }
    return shown | {name: value for name, value in more.items() if value is not None}


def person_of(session: DbSession, user_id: int, identity_id: int | None) -> dict[str, Any]:
    """USER of the API by ids."""
    identity = session.get(Identity, identity_id) if identity_id else None
    return person(session.get_one(User, user_id), identity)
