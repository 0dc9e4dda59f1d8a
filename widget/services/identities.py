"""The accounts with which a person signs in, as they see them themselves: never an issuer, a subject or an e-mail."""

from typing import Any

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from widget.core import clock
from widget.core.errors import Problem
from widget.extensions import db
from widget.models import Identity, User
from widget.services import avatars, threads, transaction
from widget.services.sessions import Actor


def mine(actor: Actor) -> list[dict[str, Any]]:
    """The actor's identities, the oldest first; a guest has none."""
    rows = db.session.scalars(select(Identity).where(Identity.user_id == actor.user_id).order_by(Identity.id))
    return [_shown(row, actor) for row in rows]


def unlink(actor: Actor, public_id: str) -> None:
    """Take an identity from its person: its sessions end, its comments stay theirs under the name they began with.

    Raises Problem("identity.not_found") or ("identity.last").
    """

    def work(session: Session) -> None:
        session.execute(select(User.id).where(User.id == actor.user_id).with_for_update())  # one at a time
        found = session.execute(select(Identity.id, Identity.public_id).where(Identity.user_id == actor.user_id)).all()
        identity_id = next((row.id for row in found if row.public_id == public_id), None)
        if identity_id is None:
            raise Problem("identity.not_found")
        if len(found) == 1:
            raise Problem("identity.last")
        threads.bump_of_person(session, actor.user_id)
        session.execute(delete(Identity).where(Identity.id == identity_id))

    transaction.write(work)


def _shown(row: Identity, actor: Actor) -> dict[str, Any]:
    more = {"url": row.profile_url, "avatar": avatars.address(row.picture)}
    return {
        "id": row.public_id,
        "provider": row.provider,
        "name": row.name,
        "since": clock.rfc3339(row.created_at),
        "current": row.id == actor.identity_id,
    } | {name: value for name, value in more.items() if value is not None}
