"""Sign-ins under way: a row for each, bound to one browser, and gone in the statement that uses it."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields
from datetime import timedelta
from enum import StrEnum
from typing import Any

from sqlalchemy import ColumnElement, RowMapping, delete, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from widget.core import clock, tokens
from widget.core.errors import Problem
from widget.models import Login, Ticket

LIFE = timedelta(minutes=10)
_OWN = ("visit", "back", "setup")  # what errands of our own pages have besides; kept in the row's `data`
MOST_AT_ONCE = 5  # for one browser: an abandoned sign-in costs a row, not room in a cookie


class Stage(StrEnum):
    """What a row waits for. Each stage hashes its secret with its own name, so that none passes for another."""

    PROVIDER = "state"
    CONSENT = "consent"
    LINK = "link"


@dataclass(frozen=True)
class Errand:
    """What a page asked for when it opened the sign-in window."""

    tx: str
    site_id: int
    origin: str
    return_to: str
    mode: str
    lang: str
    challenge: str
    provider: str
    at: str | None = None  # what the visitor typed, for a provider that asks


@dataclass(frozen=True)
class OwnErrand:
    """What a person asked for on this server's own account page: to come in, or to link another account to theirs.

    `visit` names the account session from which they link one; None: they come in.
    """

    provider: str
    lang: str
    at: str | None = None
    visit: str | None = None


@dataclass(frozen=True)
class DeskErrand(OwnErrand):
    """What a person asked for at the desk's door: to come in, and on to the page `back` (a path under /admin/).

    `setup` names the set-up link with which they came.
    """

    back: str = ""
    setup: str | None = None


@dataclass(frozen=True)
class Waiting:
    """A row that was taken: the errand, and what its stage kept for now."""

    errand: Errand | OwnErrand
    nonce: str | None
    verifier: str | None
    person: tuple[int, int] | None  # user id, identity id
    kept: Mapping[str, Any]  # what the provider's client keeps
    profile: Mapping[str, Any] | None = None  # whose account is to be linked, while the person is asked


def put(
    session: Session,
    stage: Stage,
    errand: Errand | OwnErrand,
    *,
    secret: str,
    browser: str,
    nonce: str | None = None,
    verifier: str | None = None,
    person: tuple[int, int] | None = None,
    kept: Mapping[str, Any] | None = None,
    profile: Mapping[str, Any] | None = None,
) -> None:
    """Store a sign-in that `secret` from this `browser` may take within `LIFE`; `person` is (user id, identity id).

    The same page may begin again with the same `tx` from the same browser. Raises Problem("signin.bad_request") for
    a `tx` of anybody else's.
    """
    mine = tokens.digest(browser)
    if isinstance(errand, Errand):
        same = (Login.tx == errand.tx, Login.browser_hash == mine, Login.challenge == errand.challenge)
        session.execute(delete(Login).where(*same))
        if session.scalar(select(Ticket.id).where(Ticket.tx == errand.tx)) is not None:
            raise _used()
    facts = asdict(errand)
    own = {name: facts.pop(name) for name in _OWN if name in facts}
    row = Login(
        **facts,
        state_hash=_hash(stage, secret),
        browser_hash=mine,
        nonce=nonce,
        verifier=verifier,
        data={"person": person, "kept": dict(kept or {}), "profile": profile, **own},
        expires_at=clock.now() + LIFE,
    )
    session.add(row)
    try:
        session.flush()
    except IntegrityError as error:
        raise _used() from error
    newest = select(Login.id).where(Login.browser_hash == mine).order_by(Login.created_at.desc(), Login.id.desc())
    surplus = session.scalars(newest.offset(MOST_AT_ONCE)).all()
    session.execute(delete(Login).where(Login.id.in_(surplus)))


def take(session: Session, stage: Stage, *, secret: str, browser: str, provider: str | None = None) -> Waiting | None:
    """The sign-in that this secret from this browser leads to, deleted; None for a wrong, late or used one."""
    found = delete(Login).where(*_named(stage, secret, browser, provider)).returning(*Login.__table__.c)
    return _waiting(session.execute(found).mappings().first())


def look(session: Session, stage: Stage, *, secret: str, browser: str) -> Waiting | None:
    """Like `take`, and the row stays."""
    found = select(*Login.__table__.c).where(*_named(stage, secret, browser, None))
    return _waiting(session.execute(found).mappings().first())


def _named(stage: Stage, secret: str, browser: str, provider: str | None) -> list[ColumnElement[bool]]:
    rules = [
        Login.state_hash == _hash(stage, secret),
        Login.browser_hash == tokens.digest(browser),
        Login.expires_at > clock.now(),
    ]
    return rules if provider is None else [*rules, Login.provider == provider]


def _waiting(row: RowMapping | None) -> Waiting | None:
    if row is None:
        return None
    data = row["data"]
    person = data.get("person")
    return Waiting(
        _errand(row),
        row["nonce"],
        row["verifier"],
        tuple(person) if person else None,
        kept=data.get("kept", {}),
        profile=data.get("profile"),
    )


def _errand(row: RowMapping) -> Errand | OwnErrand:
    if row["site_id"] is None:
        own = {name: row["data"][name] for name in _OWN if name in row["data"]}
        kind = DeskErrand if "back" in own else OwnErrand
        return kind(row["provider"], row["lang"], row["at"], **own)
    return Errand(**{field.name: row[field.name] for field in fields(Errand)})


def _hash(stage: Stage, secret: str) -> str:
    return tokens.digest(f"{stage}:{secret}")


def _used() -> Problem:
    return Problem("signin.bad_request", reason="it was begun already")
