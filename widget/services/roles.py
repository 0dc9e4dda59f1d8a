"""Who is owner or moderator of a site, and who administrates the server."""

from dataclasses import dataclass

from sqlalchemy import BigInteger, and_, bindparam, delete, select
from sqlalchemy.orm import Session

from widget.core import ids, permissions
from widget.core.errors import Problem
from widget.extensions import db
from widget.models import Administrator, Identity, Role, User
from widget.services import threads, welcome
from widget.services.sessions import Actor
from widget.services.sites import SiteInfo
from widget.statements import Statement


@dataclass(frozen=True)
class Holder:
    """Somebody with a role, and the names of their accounts as `provider:name`."""

    public_id: str
    name: str
    role: str
    accounts: tuple[str, ...]


_RANK = Statement(
    select(Administrator.user_id.label("administrator"), User.blocked_at, User.blocked_until, Role.role)
    .select_from(User)
    .outerjoin(Role, and_(Role.user_id == User.id, Role.site_id == bindparam("site", type_=BigInteger())))
    .outerjoin(Administrator, Administrator.user_id == User.id)
    .where(User.id == bindparam("user"))
)


def of_user(session: Session, site_id: int, user_id: int) -> str | None:
    """What a person is on a site, besides a visitor."""
    return session.scalar(select(Role.role).where(Role.site_id == site_id, Role.user_id == user_id))


def rank(session: Session, site_id: int | None, user_id: int) -> str:
    """What a person is on a site, one of core.permissions.RANKS; None: on the server as a whole.

    Who is blocked has no rank.
    """
    found = _RANK.first(session, site=site_id, user=user_id)
    if found is None or welcome.is_blocked(found.blocked_at, found.blocked_until):
        return "visitor"
    return "administrator" if found.administrator is not None else found.role or "visitor"


def require(session: Session, site: SiteInfo, actor: Actor, act: str) -> None:
    """Raises Problem("role.missing") unless the actor may do it."""
    permissions.require(rank(session, site.id, actor.user_id), act)


def give(session: Session, site: SiteInfo, user_id: int, role: str | None) -> bool:
    """Make a person owner or moderator, or (None) neither; whether that changed anything.

    Every conversation of the site in which they are shown moves on: their badge stands there.
    """
    if of_user(session, site.id, user_id) == role:
        return False
    threads.bump_of_person(session, user_id, site_id=site.id)
    session.execute(delete(Role).where(Role.site_id == site.id, Role.user_id == user_id))
    if role:
        session.add(Role(site_id=site.id, user_id=user_id, role=role))
    return True


def find_user(session: Session, who: str) -> int:
    """The id of the one person that is meant by a public id, `provider:subject`, or the name of an account.

    Raises Problem("user.unknown") or ("user.ambiguous"); guests, who come back as somebody else, are nobody here.
    """
    held = select(Identity.user_id).distinct()
    provider, _, subject = who.partition(":")
    ways = [held.where(Identity.name == who)]
    if subject:
        ways.insert(0, held.where(Identity.provider == provider, Identity.subject == subject))
    if ids.is_public_id(who):
        ways.insert(0, held.join(User, User.id == Identity.user_id).where(User.public_id == who))
    for way in ways:
        found = session.scalars(way.limit(2)).all()
        if len(found) > 1:
            raise Problem("user.ambiguous", who=who)
        if found:
            return found[0]
    raise Problem("user.unknown", who=who)


def holders(site: SiteInfo) -> list[Holder]:
    """Everybody with a role on the site; owners first."""
    query = (
        select(User.public_id, User.name, Role.role, Identity.provider, Identity.name.label("account"))
        .join(Role, Role.user_id == User.id)
        .outerjoin(Identity, Identity.user_id == User.id)
        .where(Role.site_id == site.id)
        .order_by(Role.role.desc(), Role.id, Identity.id)
    )
    found: dict[str, Holder] = {}
    for row in db.session.execute(query):
        before = found.get(row.public_id)
        accounts = (*(before.accounts if before else ()), f"{row.provider}:{row.account}")
        found[row.public_id] = Holder(row.public_id, row.name, row.role, accounts)
    return list(found.values())


_OWN, _SHOWN = (
    select(name).join(Role, Role.user_id == user_id).where(Role.site_id == bindparam("site"))
    for name, user_id in ((User.name, User.id), (Identity.name, Identity.user_id))
)
_NAMES = _OWN.union(_SHOWN)


def names(site: SiteInfo) -> list[str]:
    """Every name under which somebody with a role is known."""
    return [name for (name,) in db.session.execute(_NAMES, {"site": site.id})]
