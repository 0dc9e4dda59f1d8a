"""Who decides: a person with a role, whatever door they came through."""

from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from widget.core import ids, permissions
from widget.core.errors import Problem
from widget.models import User
from widget.services import roles


@dataclass(frozen=True)
class Moderator:
    """A person (row id); `site_id` is the one site for which their word counts here. None: wherever they have a role.

    What comes with a site's bearer is good for that site alone: the page that holds it may be anybody's.
    """

    user_id: int
    site_id: int | None = None

    def reaches(self, site_id: int | None) -> bool:
        """Whether they can decide anything there through this door; None: on the server as a whole."""
        return self.site_id is None or self.site_id == site_id


def require(session: Session, moderator: Moderator, site_id: int | None, act: str) -> str:
    """Their rank on the site (None: on the server), read now. Raises Problem("role.missing")."""
    if not moderator.reaches(site_id):
        raise Problem("role.missing")
    rank = roles.rank(session, site_id, moderator.user_id)
    permissions.require(rank, act)
    return rank


def person(session: Session, public_id: str) -> int:
    """The row id of a person. Raises Problem("user.not_found")."""
    query = select(User.id).where(User.public_id == public_id)
    found = session.scalar(query) if ids.is_public_id(public_id) else None
    if found is None:
        raise Problem("user.not_found")
    return found
