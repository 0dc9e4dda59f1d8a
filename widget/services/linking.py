"""Linking another account to a person: on this server's own account page alone, and only after a question there.

A site's page holds its visitor's session and may use its key, so nothing that such a page could ask for may join two
accounts. What it does not hold is the cookie of the account page. Whoever comes back from a provider is linked to the
person whose account session began it, while that session lasts and in that browser, once they have read which account
joins which and said yes. The cookie keeps an account of an attacker's out of a visitor's person, the question keeps a
visitor's account out of an attacker's.
"""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from widget.core import tokens
from widget.core.errors import Problem
from widget.extensions import db
from widget.models import Identity
from widget.providers import Profile
from widget.services import account_sessions, accounts, logins, reception, transaction
from widget.services.account_sessions import Owner
from widget.services.logins import OwnErrand, Stage, Waiting


@dataclass(frozen=True)
class Proposal:
    """What the page that asks must show: whose account at which provider joins whom."""

    name: str
    provider: str
    person: str


def propose(session: Session, errand: OwnErrand, profile: Profile, *, browser: str, me: str | None) -> str | None:
    """The handle of the question whether to link this account; None if it is this person's already.

    Raises Problem("account.signed_out") or ("signin.identity_taken").
    """
    owner = _owner(session, errand, me)
    if not _is_free(session, owner, profile):
        return None
    handle = tokens.secret()
    logins.put(session, Stage.LINK, errand, secret=handle, browser=browser, profile=asdict(profile))
    return handle


def proposal(handle: str, *, browser: str, me: str | None) -> Proposal:
    """What `propose` led to. Raises Problem("signin.expired") or ("account.signed_out")."""
    session = db.session()
    errand, profile = _asked(logins.look(session, Stage.LINK, secret=handle, browser=browser))
    owner = _owner(session, errand, me)
    return Proposal(profile["name"], reception.shown_name(errand.provider, errand.lang), _who(session, owner, errand))


def agree(handle: str, *, browser: str, me: str | None) -> None:
    """The person said yes: the account is theirs. Raises Problem, and then nothing is changed."""

    def work(session: Session) -> None:
        errand, profile = _asked(logins.take(session, Stage.LINK, secret=handle, browser=browser))
        owner = _owner(session, errand, me, lock=True)
        found = Profile(**profile)
        _is_free(session, owner, found)
        holder, _ = accounts.of_profile(session, found, joins=owner.user_id)
        if holder != owner.user_id:  # somebody linked it since we looked
            raise Problem("signin.identity_taken")

    transaction.twice(work)


def refuse(handle: str, *, browser: str) -> None:
    """The person said no."""
    transaction.write(lambda session: logins.take(session, Stage.LINK, secret=handle, browser=browser))


def _asked(waiting: Waiting | None) -> tuple[OwnErrand, Mapping[str, Any]]:
    if waiting is None or waiting.profile is None or not isinstance(waiting.errand, OwnErrand):
        raise Problem("signin.expired")
    return waiting.errand, waiting.profile


def _owner(session: Session, errand: OwnErrand, me: str | None, *, lock: bool = False) -> Owner:
    """Who began this errand, if this browser's account session is still the one that did."""
    owner = account_sessions.find(session, me, lock=lock)
    if owner is None or owner.visit != errand.visit:
        raise Problem("account.signed_out")
    return owner


def _is_free(session: Session, owner: Owner, profile: Profile) -> bool:
    """Whether this account can be linked; False if it is this person's already."""
    holder = accounts.owner_of(session, profile)
    if holder not in {None, owner.user_id}:
        raise Problem("signin.identity_taken")
    return holder is None


def _who(session: Session, owner: Owner, errand: OwnErrand) -> str:
    """How the person is told who they are here: each account's name and provider."""
    rows = session.execute(
        select(Identity.name, Identity.provider).where(Identity.user_id == owner.user_id).order_by(Identity.id)
    )
    return ", ".join(f"{row.name} ({reception.shown_name(row.provider, errand.lang)})" for row in rows)
