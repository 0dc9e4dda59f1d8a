"""Who said yes to appearing on which site, and which browser knows whom."""

from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from widget.core import clock, tokens
from widget.models import AccountSession, Consent, DeskSession, Identity, KnownBrowser, Site

KNOWN_FOR = timedelta(days=30)


@dataclass(frozen=True)
class Known:
    """The person that this browser signed in lately."""

    user_id: int
    identity_id: int
    name: str


def needed(session: Session, user_id: int, site_id: int) -> bool:
    """Whether this user must be asked before appearing on this site: once, and only where there are several sites."""
    if session.scalar(select(func.count()).select_from(Site)) == 1:
        return False
    return session.scalar(select(Consent.id).filter_by(user_id=user_id, site_id=site_id)) is None


def give(session: Session, user_id: int, site_id: int) -> None:
    """Note the yes. A server's only site needs no question, and no second one when another site joins it."""
    if session.scalar(select(Consent.id).filter_by(user_id=user_id, site_id=site_id)) is None:
        session.add(Consent(user_id=user_id, site_id=site_id))


def known(session: Session, token: str | None, *, provider: str, site_id: int) -> Known | None:
    """Whom the cookie's `token` names, if they signed in with this provider and never yet on this site."""
    if not token:
        return None
    row = session.execute(
        select(Identity.user_id, Identity.id, Identity.name)
        .join(KnownBrowser, KnownBrowser.identity_id == Identity.id)
        .where(
            KnownBrowser.token_hash == tokens.digest(token),
            KnownBrowser.expires_at > clock.now(),
            Identity.provider == provider,
        )
    ).first()
    return Known(*row) if row is not None and needed(session, row.user_id, site_id) else None


def remember(session: Session, old_token: str | None, user_id: int, identity_id: int) -> str:
    """A new token for the cookie of this browser: for a second site's one click."""
    forget(session, old_token)
    token = tokens.secret()
    session.add(
        KnownBrowser(
            token_hash=tokens.digest(token),
            user_id=user_id,
            identity_id=identity_id,
            expires_at=clock.now() + KNOWN_FOR,
        )
    )
    return token


def forget(session: Session, token: str | None) -> None:
    """What the cookie's token stood for is gone."""
    if token:
        session.execute(delete(KnownBrowser).where(KnownBrowser.token_hash == tokens.digest(token)))


def forget_user(session: Session, user_id: int) -> None:
    """No browser knows this user any more, and neither an account page nor the desk is open to them.

    For logging out: the bearer of a site cannot say in which browser it is, and a shared computer must not be one click
    away from who left it.
    """
    for model in (KnownBrowser, AccountSession, DeskSession):
        session.execute(delete(model).where(model.user_id == user_id))
