"""From a provider's profile to a user: found by (provider, issuer, subject), never by an e-mail address or a name."""

from dataclasses import asdict
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from widget.models import Identity, User
from widget.providers import Profile
from widget.services import avatars, threads


def of_profile(session: Session, profile: Profile, *, joins: int | None = None) -> tuple[int, int]:
    """(user id, identity id) of this profile, with the identity brought up to date; a stranger becomes a new user.

    With `joins` (a user's id) a stranger becomes another identity of that user: they were asked (services.linking).

    A name that we made up never replaces one that the provider gave (Apple gives it once only).
    Two first sign-ins at the same moment make a violation of the identity's constraint for one of them: run it again.
    """
    key = _key(profile)
    identity = session.scalar(select(Identity).filter_by(**key))
    facts = {name: value for name, value in asdict(profile).items() if name not in {*key, "nameless"}}
    if identity is None:
        identity = Identity(user_id=joins or _new_user(session, profile), **key, **facts)
        session.add(identity)
        session.flush()
    else:
        _update(session, identity, facts, nameless=profile.nameless)
    avatars.refresh_soon(session, identity)
    return identity.user_id, identity.id


def owner_of(session: Session, profile: Profile) -> int | None:
    """The id of the user whom this profile signs in; None if it is nobody's."""
    return session.scalar(select(Identity.user_id).filter_by(**_key(profile)))


def _key(profile: Profile) -> dict[str, str]:
    return {"provider": profile.provider, "issuer": profile.issuer, "subject": profile.subject}


def _new_user(session: Session, profile: Profile) -> int:
    user = User(name=profile.name, email=profile.email, email_verified=profile.email_verified)
    session.add(user)
    session.flush()
    return user.id


def _update(session: Session, identity: Identity, facts: dict[str, Any], *, nameless: bool) -> None:
    before = identity.name, identity.profile_url
    if facts["avatar"] != identity.avatar:
        identity.picture_at = None
    for name, value in facts.items():
        if not (name == "name" and nameless):
            setattr(identity, name, value)
    session.flush()
    if before != (identity.name, identity.profile_url):
        threads.bump_of_person(session, identity.user_id)
