"""Linking another account to a person who is signed in: asked for by their page, shown and agreed to in the window.

A page can ask for this, and a hostile page can ask in its visitor's name. So nothing is linked unless the window itself
(1) runs in a browser that the server knows this person by, from its own cookie, and (2) was told yes by somebody who
read which account joins which. The first keeps an attacker's browser from adding an account to a visitor's, and a
visitor's browser from adding an account to an attacker's.
"""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from flask import current_app
from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from widget.core import clock, tokens
from widget.core.errors import Problem
from widget.extensions import db
from widget.models import Identity, LinkRequest, User
from widget.providers import Profile
from widget.services import accounts, consents, desk, idempotency, transaction
from widget.services.logins import Errand
from widget.services.sessions import Actor
from widget.services.sites import SiteInfo

LIFE = timedelta(seconds=60)


def ask(site: SiteInfo, actor: Actor, provider: str, *, key: str) -> tuple[str, bytes]:
    """The word with which /auth/start may begin to link an account of `provider`: (word, JSON bytes of {"expires"}).

    It is derived from the request's idempotency key: a request sent twice has one word, which is good once.
    Raises Problem("signin.guest") or ("signin.unknown_provider").
    """
    if actor.identity_id is None:
        raise Problem("signin.guest")
    desk.row(provider)
    word = tokens.derive(current_app.config["SECRET_KEY"], "link", actor.scope, key)

    def work(session: Session) -> dict[str, Any]:
        request = LinkRequest(
            secret_hash=tokens.digest(word),
            user_id=actor.user_id,
            site_id=site.id,
            provider=provider,
            expires_at=clock.now() + LIFE,
        )
        session.add(request)
        return {"expires": clock.rfc3339(request.expires_at)}

    return word, idempotency.once(actor.scope, key, ["link", provider], work)


def begin(word: str, errand: Errand, *, known: str | None) -> int:
    """The user for whom this errand may link an account; the word is used up whatever comes of it.

    Raises Problem("signin.bad_link"), or ("signin.unknown_browser") where this browser is not known by that user.
    """
    used = (
        delete(LinkRequest)
        .where(LinkRequest.secret_hash == tokens.digest(word))
        .returning(LinkRequest.user_id, LinkRequest.site_id, LinkRequest.provider, LinkRequest.expires_at)
    )
    row = transaction.write(lambda session: session.execute(used).first())
    if row is None or row.expires_at <= clock.now() or (row.site_id, row.provider) != (errand.site_id, errand.provider):
        raise Problem("signin.bad_link")
    _require_known(db.session(), known, row.user_id)
    user_id: int = row.user_id
    return user_id


def is_free(session: Session, user_id: int, profile: Profile) -> bool:
    """Whether this account can be linked; False if it is this user's already.

    Raises Problem("signin.identity_taken") if it is anybody else's.
    """
    owner = accounts.owner_of(session, profile)
    if owner not in {None, user_id}:
        raise Problem("signin.identity_taken")
    return owner is None


def finish(session: Session, user_id: int, profile: Mapping[str, Any], *, known: str | None) -> tuple[int, int]:
    """(user id, identity id) with the account linked: the person said yes. Raises Problem, and nothing is changed."""
    _require_known(session, known, user_id)
    if session.get(User, user_id) is None:
        raise Problem("signin.expired")
    found = Profile(**profile)
    is_free(session, user_id, found)
    return accounts.of_profile(session, found, joins=user_id)


def who(session: Session, user_id: int) -> str:
    """How the person who links is told who they are here: each account's name and provider."""
    rows = session.execute(
        select(Identity.name, Identity.provider).where(Identity.user_id == user_id).order_by(Identity.id)
    )
    return ", ".join(f"{row.name} ({desk.shown_name(row.provider)})" for row in rows)


def _require_known(session: Session, known: str | None, user_id: int) -> None:
    if not consents.is_known(session, known, user_id):
        raise Problem("signin.unknown_browser")
