"""Names that guests may not take: what a site reserves, and the names of those who run it."""

from sqlalchemy import bindparam, select

from widget.core import lookalikes
from widget.core.errors import Problem
from widget.extensions import db
from widget.models import User
from widget.services import roles
from widget.services.sessions import Actor
from widget.services.sites import SiteInfo

_NAME = select(User.__table__.c.name).where(User.id == bindparam("user"))


def require_free(site: SiteInfo, name: str) -> None:
    """Raises Problem("guest.name_reserved") for a name that looks like one of them."""
    seen = lookalikes.skeleton(name)
    if seen and seen in {lookalikes.skeleton(taken) for taken in (*site.settings.reserved_names, *roles.names(site))}:
        raise Problem("guest.name_reserved", field="name")


def require_actor(site: SiteInfo, actor: Actor) -> None:
    """The same for a guest who has a session already, opened before the name was taken."""
    if actor.identity_id is None:
        name = db.session.execute(_NAME, {"user": actor.user_id}).scalar()
        require_free(site, name or "")
