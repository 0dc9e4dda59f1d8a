"""Tickets: what a sign-in window hands to the page, worth nothing without the page's own verifier."""

from datetime import timedelta

from sqlalchemy import delete
from sqlalchemy.orm import Session

from widget.core import clock, tokens
from widget.models import Ticket
from widget.services.logins import Errand

LIFE = timedelta(seconds=60)


def issue(session: Session, errand: Errand, user_id: int, identity_id: int) -> str:
    """A new ticket for this errand, as the code that the page will bring back."""
    code = tokens.secret()
    session.add(
        Ticket(
            code_hash=tokens.digest(code),
            tx=errand.tx,
            site_id=errand.site_id,
            origin=errand.origin,
            challenge=errand.challenge,
            user_id=user_id,
            identity_id=identity_id,
            expires_at=clock.now() + LIFE,
        )
    )
    return code


def redeem(session: Session, *, site_id: int, tx: str, code: str, verifier: str, origin: str) -> tuple[int, int] | None:
    """(user id, identity id) for a ticket's code, or None. Either way the ticket is gone: one try, then it is burnt.

    The caller must commit also when the answer is None.
    """
    row = session.execute(
        delete(Ticket).where(Ticket.code_hash == tokens.digest(code)).returning(*Ticket.__table__.c)
    ).first()
    fits = (
        row is not None
        and row.expires_at > clock.now()
        and row.site_id == site_id
        and row.origin == origin
        and tokens.same(row.tx, tx)
        and tokens.is_secret(verifier)
        and tokens.same(row.challenge, tokens.challenge(verifier))
    )
    return (row.user_id, row.identity_id) if row is not None and fits else None
