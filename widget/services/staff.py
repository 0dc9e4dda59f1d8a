"""Who works at the desk, and on which sites: people with a role, and the server's administrators."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import IntEnum

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from widget.models import Administrator, Role


class Need(IntEnum):
    """What a page of the desk asks of a person; each can do what those before it can."""

    MODERATOR = 1
    OWNER = 2
    ADMINISTRATOR = 3


_OF_ROLE = {"moderator": Need.MODERATOR, "owner": Need.OWNER}


@dataclass(frozen=True)
class Staff:
    """Somebody at the desk: `roles` by the row id of the site."""

    user_id: int
    administrator: bool
    roles: Mapping[int, Need]

    def on(self, site_id: int) -> Need | None:
        """What they are on this site."""
        return Need.ADMINISTRATOR if self.administrator else self.roles.get(site_id)

    def may(self, need: Need, site_id: int | None = None) -> bool:
        """Whether they are at least that on the site; without a site, on any."""
        if self.administrator:
            return True
        held = self.roles.values() if site_id is None else [self.roles[site_id]] if site_id in self.roles else []
        return any(one >= need for one in held)


def of_user(session: Session, user_id: int) -> Staff | None:
    """What a person is here; None for one who has no business at the desk."""
    administrator = session.get(Administrator, user_id) is not None
    rows = session.execute(select(Role.site_id, Role.role).where(Role.user_id == user_id))
    roles = {row.site_id: _OF_ROLE[row.role] for row in rows}
    return Staff(user_id, administrator, roles) if administrator or roles else None


def make_administrator(session: Session, user_id: int, *, on: bool) -> bool:
    """Make a person an administrator of the server, or no longer; whether that changed anything."""
    there = session.get(Administrator, user_id) is not None
    if on and not there:
        session.add(Administrator(user_id=user_id))
    if there and not on:
        session.execute(delete(Administrator).where(Administrator.user_id == user_id))
    return on != there


def has_administrator(session: Session) -> bool:
    """Whether anybody is one."""
    return session.scalar(select(Administrator.user_id).limit(1)) is not None
