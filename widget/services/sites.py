"""Sites: found by key or by origin, with their settings over the defaults."""

from dataclasses import dataclass, fields
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from widget.core.errors import Problem
from widget.extensions import db
from widget.models import Site, SiteOrigin


@dataclass(frozen=True)
class SiteSettings:
    """What an operator can decide for a site; times in seconds, lengths in characters."""

    guests: bool = True
    guest_email: str = "optional"  # optional, required, off
    edit_window: int = 900
    max_length: int = 10_000
    sort: str = "oldest"
    reactions: tuple[str, ...] = ("like",)  # on comments, in the order of their buttons; none: nobody is asked
    page_reactions: bool = True  # the first of them is asked for the page itself, too
    images: bool = False  # pictures by their address, shown from this server
    live: str = "events"  # how open pages hear of news: told at once where threads are free, asking, or not at all
    live_limit: int = 100  # readers of this site told at once, in each process
    flags_to_hold: int = 3  # so many people's flags send a comment back to the queue; 0: it is moderators' to say
    reserved_names: tuple[str, ...] = ()  # that guests may not take, besides those of owners and moderators


@dataclass(frozen=True)
class SiteInfo:
    """A site as the rest of the code sees it."""

    id: int
    key: str
    name: str
    origins: frozenset[str]
    settings: SiteSettings
    version: int = 0


REACTIONS = ("like", "dislike", "love", "laugh", "wow", "sad", "thanks")
CHOICES = {
    "guest_email": ("optional", "required", "off"),
    "sort": ("oldest", "newest", "best", "replies"),
    "live": ("events", "poll", "off"),
}
LIMITS = {
    "edit_window": (0, 31_536_000),
    "max_length": (1, 10_000),
    "live_limit": (0, 10_000),
    "flags_to_hold": (0, 1000),
}
LISTS: dict[str, tuple[str, ...] | None] = {"reactions": REACTIONS, "reserved_names": None}  # of these words; None: any


def by_key(key: str) -> SiteInfo:
    """Raises Problem("site.unknown")."""
    site = db.session.scalar(select(Site).where(Site.key == key))
    if site is None:
        raise Problem("site.unknown", field="site")
    return _info(site)


def by_id(site_id: int) -> SiteInfo:
    """The site with this primary key, which must exist."""
    return _info(db.session.get_one(Site, site_id))


def by_origin(origin: str) -> SiteInfo:
    """The one site that lists this origin. Raises Problem("site.unknown") or Problem("site.ambiguous")."""
    found = db.session.scalars(select(Site).join(SiteOrigin).where(SiteOrigin.origin == origin).limit(2)).all()
    if not found:
        raise Problem("site.unknown", field="site")
    if len(found) > 1:
        raise Problem("site.ambiguous", field="site")
    return _info(found[0])


def is_listed(origin: str) -> bool:
    """Whether any site lists this origin (exact comparison)."""
    return db.session.scalar(select(SiteOrigin.id).where(SiteOrigin.origin == origin).limit(1)) is not None


def all_sites() -> list[SiteInfo]:
    """Every site, by key."""
    return [_info(site) for site in db.session.scalars(select(Site).order_by(Site.key))]


def add(session: Session, key: str, name: str, origins: list[str]) -> None:
    """A new site; origins exactly as browsers send them. A key in use violates its constraint."""
    session.add(Site(key=key, name=name, origins=[SiteOrigin(origin=origin) for origin in origins]))


def change(session: Session, key: str, *, settings: dict[str, Any], origins: list[str] | None = None) -> None:
    """Set some settings (already of the right type) and, unless None, the whole list of origins."""
    site = session.scalar(select(Site).where(Site.key == key))
    if site is None:
        raise Problem("site.unknown", field="site")
    site.version += 1
    site.settings = {**site.settings, **settings}
    if origins is not None:
        kept = {row.origin: row for row in site.origins}
        site.origins = [kept.get(origin) or SiteOrigin(origin=origin) for origin in dict.fromkeys(origins)]


def typed(name: str, text: str) -> Any:
    """A setting's value from the command line. Raises Problem("config.invalid") that says what is allowed."""
    row = next((row for row in fields(SiteSettings) if row.name == name), None)
    if row is None:
        known = ", ".join(row.name for row in fields(SiteSettings))
        raise Problem("config.invalid", reason=f"a site has no setting {name}; it has {known}")
    if row.type is bool:
        if text.lower() not in {"true", "false", "yes", "no"}:
            raise Problem("config.invalid", reason=f"{name} is true or false")
        return text.lower() in {"true", "yes"}
    if name in LIMITS:
        low, high = LIMITS[name]
        if not text.isdecimal() or not low <= int(text) <= high:
            raise Problem("config.invalid", reason=f"{name} is a whole number from {low} to {high}")
        return int(text)
    if name in LISTS:
        words = list(dict.fromkeys(word for part in text.split(",") if (word := " ".join(part.split()))))
        allowed = LISTS[name]
        if allowed is not None and not set(words) <= set(allowed):
            raise Problem("config.invalid", reason=f"{name} is a list of {', '.join(allowed)}, with commas between")
        return words
    if text not in CHOICES[name]:
        raise Problem("config.invalid", reason=f"{name} is one of {', '.join(CHOICES[name])}")
    return text


def _info(site: Site) -> SiteInfo:
    known = {row.name for row in fields(SiteSettings)}
    given = {name: value for name, value in site.settings.items() if name in known}
    lists: dict[str, Any] = {name: tuple(value) for name, value in given.items() if name in LISTS}
    settings = SiteSettings(**(given | lists))
    origins = frozenset(row.origin for row in site.origins)
    return SiteInfo(id=site.id, key=site.key, name=site.name, origins=origins, settings=settings, version=site.version)
