"""Set-up links: how a server gets its first administrator, without a password that somebody could guess.

The operator's command line makes one (256 bits, of which the database has the hash). Whoever opens it and signs in with
a provider is an administrator from then on, and the link is used up. Wrong words are counted, and after some of them no
word is looked at for a while; a new link from the command line ends that.
"""

from datetime import timedelta

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from widget.core import clock, tokens
from widget.core.errors import Problem
from widget.extensions import db
from widget.models import SetupFailure, SetupLink
from widget.services import transaction

LIFE = timedelta(days=3)
TRIES = 10
LOCKED_FOR = timedelta(minutes=15)


def make(session: Session) -> str:
    """The secret of a new link; those before it are good no more, and wrong words are forgotten."""
    session.execute(delete(SetupLink))
    session.execute(delete(SetupFailure))
    secret = tokens.secret()
    session.add(SetupLink(secret_hash=tokens.digest(secret), expires_at=clock.now() + LIFE))
    return secret


def check(secret: str) -> str:
    """What names the link of this secret in a sign-in under way. Raises Problem("setup.locked") or ("setup.invalid").

    A wrong word is counted in a transaction of its own, so that the refusal does not undo it.
    """
    if _is_locked(db.session()):
        raise Problem("setup.locked")
    named = tokens.digest(secret)
    if not _is_good(db.session(), named):
        transaction.write(_count)
        raise Problem("setup.invalid")
    return named


def redeem(session: Session, named: str) -> None:
    """Use the link up. Raises Problem("setup.invalid"), also for the second of two who are as fast."""
    good = (SetupLink.secret_hash == named, SetupLink.expires_at > clock.now())
    if session.scalar(delete(SetupLink).where(*good).returning(SetupLink.id)) is None:
        raise Problem("setup.invalid")


def is_open(session: Session) -> bool:
    """Whether a link waits for somebody."""
    return session.scalar(select(SetupLink.id).where(SetupLink.expires_at > clock.now()).limit(1)) is not None


def sweep(session: Session) -> None:
    """Forget what is over."""
    session.execute(delete(SetupLink).where(SetupLink.expires_at <= clock.now()))
    session.execute(delete(SetupFailure).where(SetupFailure.created_at <= clock.now() - LOCKED_FOR))


def _is_good(session: Session, named: str) -> bool:
    good = (SetupLink.secret_hash == named, SetupLink.expires_at > clock.now())
    return session.scalar(select(SetupLink.id).where(*good)) is not None


def _count(session: Session) -> None:
    session.add(SetupFailure())


def _is_locked(session: Session) -> bool:
    lately = SetupFailure.created_at > clock.now() - LOCKED_FOR
    return (session.scalar(select(func.count()).select_from(SetupFailure).where(lately)) or 0) >= TRIES
