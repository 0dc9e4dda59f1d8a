"""Sessions of the account page: a cookie that only the server's own pages see, short, and never a site's bearer."""

from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from widget.core import clock, tokens
from widget.models import AccountSession
from widget.services import welcome

IDLE = timedelta(hours=1)
LIFE = timedelta(hours=12)
TOUCHED_AFTER = timedelta(minutes=1)  # a look at the page writes a row at most this often


@dataclass(frozen=True)
class Owner:
    """Who is on their account page. `visit` names the session, for good: SQLite gives numbers of rows a second time."""

    visit: str
    user_id: int


def open_session(session: Session, person: tuple[int, int], *, old: str | None) -> str:
    """A new secret for the cookie, whatever the browser had before (`old`, which ends): nobody can have chosen it.

    Raises Problem("user.blocked").
    """
    welcome.require(session, person[0])
    end(session, old)
    token, (user_id, identity_id) = tokens.secret(), person
    row = AccountSession(
        token_hash=tokens.digest(token),
        user_id=user_id,
        identity_id=identity_id,
        expires_at=clock.now() + IDLE,
    )
    session.add(row)
    return token


def find(session: Session, token: str | None, *, lock: bool = False) -> Owner | None:
    """Whose cookie this is; None for one that is unknown or over. `lock`: it cannot end before this transaction."""
    now = clock.now()
    found = select(AccountSession.token_hash, AccountSession.user_id).where(
        AccountSession.token_hash == tokens.digest(token or ""),
        AccountSession.expires_at > now,
        AccountSession.created_at > now - LIFE,
    )
    row = session.execute(found.with_for_update() if lock else found).first()
    return Owner(*row) if row else None


def touch(session: Session, owner: Owner) -> None:
    """Note that the page was used; at most once in `TOUCHED_AFTER`."""
    now = clock.now()
    mine = (AccountSession.token_hash == owner.visit, AccountSession.expires_at <= now + IDLE - TOUCHED_AFTER)
    session.execute(update(AccountSession).where(*mine).values(expires_at=now + IDLE))


def is_due(session: Session, owner: Owner) -> bool:
    """Whether `touch` would write, so that a look at the page mostly does not ask for the writer's lock."""
    due = clock.now() + IDLE - TOUCHED_AFTER
    mine = (AccountSession.token_hash == owner.visit, AccountSession.expires_at <= due)
    return session.scalar(select(AccountSession.id).where(*mine)) is not None


def end(session: Session, token: str | None) -> None:
    """The cookie's session is over."""
    if token:
        session.execute(delete(AccountSession).where(AccountSession.token_hash == tokens.digest(token)))
