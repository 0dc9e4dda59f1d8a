"""The accounts with which a person signs in, as they see them themselves: never an issuer, a subject or an e-mail."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from widget.core import ids
from widget.core.errors import Problem
from widget.extensions import db
from widget.models import Identity, User
from widget.services import avatars, reception, standings, threads, transaction


@dataclass(frozen=True)
class OwnIdentity:
    """One of a person's accounts; `shown` is its provider as people call it, `picture` an address of ours or None."""

    public_id: str
    provider: str
    shown: str
    name: str
    since: datetime
    picture: str | None


def of_user(user_id: int, lang: str) -> list[OwnIdentity]:
    """A person's accounts, the oldest first; a guest has none. Providers are called as readers of `lang` call them."""
    rows = db.session.scalars(select(Identity).where(Identity.user_id == user_id).order_by(Identity.id))
    return [_own(row, lang) for row in rows]


def one_of(user_id: int, public_id: str, lang: str) -> OwnIdentity:
    """One of a person's accounts. Raises Problem("identity.not_found")."""
    found = select(Identity).where(Identity.user_id == user_id, Identity.public_id == public_id)
    row = db.session.scalar(found) if ids.is_public_id(public_id) else None
    if row is None:
        raise Problem("identity.not_found")
    return _own(row, lang)


def unlink(user_id: int, public_id: str) -> None:
    """Take an identity from its person: its sessions end, its comments stay theirs under the name they began with.

    Raises Problem("identity.not_found"), ("identity.last") or ("person.banned").
    """

    def work(session: Session) -> None:
        session.execute(select(User.id).where(User.id == user_id).with_for_update())  # one at a time
        found = session.execute(select(Identity.id, Identity.public_id).where(Identity.user_id == user_id)).all()
        identity_id = next((row.id for row in found if row.public_id == public_id), None)
        if identity_id is None:
            raise Problem("identity.not_found")
        if len(found) == 1:
            raise Problem("identity.last")
        if (stands := standings.worst(session, user_id)) is not None:
            standings.refuse(stands)  # signing in with it again would make somebody else of them
        threads.bump_of_person(session, user_id)
        session.execute(delete(Identity).where(Identity.id == identity_id))

    transaction.write(work)


def _own(row: Identity, lang: str) -> OwnIdentity:
    picture = avatars.address(row.picture)
    shown = reception.shown_name(row.provider, lang)
    return OwnIdentity(row.public_id, row.provider, shown, row.name, row.created_at, picture)
