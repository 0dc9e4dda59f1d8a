"""Sessions of the server's own rooms (the account page, the desk): a cookie that no site's page sees, and short."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from sqlalchemy import ColumnElement, delete, select, update
from sqlalchemy.orm import Session

from widget.core import clock, tokens
from widget.models import AccountSession, DeskSession
from widget.services import welcome

TOUCHED_AFTER = timedelta(minutes=1)  # a look at the room writes a row at most this often


@dataclass(frozen=True)
class Owner:
    """Who is in the room. `visit` names the session, for good: SQLite gives numbers of rows a second time."""

    visit: str
    user_id: int


@dataclass(frozen=True)
class Visits:
    """The sessions of one room: it is left after `idle` without a look at it, and after `life` anyway."""

    model: type[AccountSession] | type[DeskSession]
    idle: timedelta
    life: timedelta

    def open_session(self, session: Session, person: tuple[int, int], *, old: str | None) -> str:
        """A new secret for the cookie, whatever the browser had before (`old`, which ends): nobody can have chosen it.

        Raises Problem("user.blocked").
        """
        welcome.require(session, person[0])
        self.end(session, old)
        token, (user_id, identity_id) = tokens.secret(), person
        row = self.model(
            token_hash=tokens.digest(token),
            user_id=user_id,
            identity_id=identity_id,
            expires_at=clock.now() + self.idle,
        )
        session.add(row)
        return token

    def find(self, session: Session, token: str | None, *, lock: bool = False) -> Owner | None:
        """Whose cookie this is; None for one that is unknown or over. `lock`: it cannot end before this transaction."""
        now = clock.now()
        found = select(self.model.token_hash, self.model.user_id).where(
            self.model.token_hash == tokens.digest(token or ""),
            self.model.expires_at > now,
            self.model.created_at > now - self.life,
        )
        row = session.execute(found.with_for_update() if lock else found).first()
        return Owner(*row) if row else None

    def touch(self, session: Session, owner: Owner) -> None:
        """Note that the room was used; at most once in `TOUCHED_AFTER`."""
        ends = clock.now() + self.idle
        session.execute(update(self.model).where(*self._due(owner)).values(expires_at=ends))

    def is_due(self, session: Session, owner: Owner) -> bool:
        """Whether `touch` would write, so that a look at the room mostly does not ask for the writer's lock."""
        return session.scalar(select(self.model.id).where(*self._due(owner))) is not None

    def end(self, session: Session, token: str | None) -> None:
        """The cookie's session is over."""
        if token:
            session.execute(delete(self.model).where(self.model.token_hash == tokens.digest(token)))

    def _due(self, owner: Owner) -> tuple[ColumnElement[Any], ...]:
        due = clock.now() + self.idle - TOUCHED_AFTER
        return self.model.token_hash == owner.visit, self.model.expires_at <= due
