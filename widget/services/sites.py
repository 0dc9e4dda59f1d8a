"""Sites: found by key or by origin, with their settings over the defaults."""

from dataclasses import dataclass, fields
from typing import Any

from flask import current_app
from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session

from widget.core import clock
from widget.core.errors import Problem
from widget.core.policy import MODERATION, PROOF_OF_WORK, Policy
from widget.core.redirects import Rule
from widget.extensions import db
from widget.models import Site, SiteOrigin, SiteRule
from widget.providers import rows
from widget.statements import Statement
from widget.words import languages

AUTO = "auto"


@dataclass(frozen=True)
class SiteSettings(Policy):
    """What an operator can decide for a site, besides the policy; times in seconds, lengths in characters."""

    guests: bool = True
    guest_email: str = "optional"  # optional, required, off
    edit_window: int = 900
    max_length: int = 10_000
    sort: str = "oldest"
    language: str = AUTO  # of the comments where their page's tag says nothing; AUTO: the page's, or the reader's own
    theme: str = AUTO  # likewise; AUTO: as the reader's device has it
    reactions: tuple[str, ...] = ("like",)  # on comments, in the order of their buttons; none: nobody is asked
    page_reactions: bool = True  # the first of them is asked for the page itself, too
    images: bool = False  # pictures by their address, shown from this server
    live: str = "events"  # how open pages hear of news: told at once where threads are free, asking, or not at all
    live_limit: int = 100  # readers of this site told at once, in each process
    providers: tuple[str, ...] = ()  # that are offered here, of those that are on; none named: all; NO_PROVIDER: none
    reserved_names: tuple[str, ...] = ()  # that guests may not take, besides those of owners and moderators
    mail_owners: str = "instantly"  # how those who run the site hear of new comments, unless they chose otherwise
    mail_to: tuple[str, ...] = ()  # addresses that hear of them besides owners and moderators
    mail_lang: str = "en"  # the language of what they get
    mail_letter: bool = True  # the weekly letter to them
    mail_letter_empty: bool = False  # also of a week in which nobody wrote


@dataclass(frozen=True)
class SiteInfo:
    """A site as the rest of the code sees it."""

    id: int
    key: str
    name: str
    origins: frozenset[str]
    settings: SiteSettings
    version: int = 0
    rules: tuple[Rule, ...] = ()


NO_PROVIDER = "none"
REACTIONS = ("like", "dislike", "love", "laugh", "wow", "sad", "thanks")
CHOICES = {
    "guest_email": ("optional", "required", "off"),
    "sort": ("oldest", "newest", "best", "replies"),
    "theme": (AUTO, "light", "dark"),
    "live": ("events", "poll", "off"),
    "moderation": MODERATION,
    "proof_of_work": PROOF_OF_WORK,
    "mail_owners": ("instantly", "daily", "weekly", "off"),
}
LIMITS = {
    "edit_window": (0, 31_536_000),
    "max_length": (1, 10_000),
    "live_limit": (0, 10_000),
    "approve_after": (0, 1_000),
    "guest_links": (0, 1_000),
    "max_links": (0, 1_000),
    "close_days": (0, 36_500),
    "flags_to_hold": (0, 1_000),
    "least_seconds": (0, 60),
    "flood": (0, 10_000),
}
LISTS: dict[str, tuple[str, ...] | None] = {  # of these words; None: any
    "reactions": REACTIONS,
    "providers": (*(row.id for row in rows.all_rows()), NO_PROVIDER),
    **dict.fromkeys(("reserved_names", "mail_to", "held_words", "blocked_words", "held_names")),
}
SECRETS = frozenset({"akismet_key"})  # which nobody is shown again


# Statements are made once: to make one takes SQLAlchemy several times as long as to run it.
_VERSION = select(*(Site.__table__.c[name] for name in ("id", "key", "version")))
_VERSION_BY_KEY = Statement(_VERSION.where(Site.key == bindparam("key")))
_VERSION_BY_ID = Statement(_VERSION.where(Site.id == bindparam("id")))
_LISTED = Statement(select(SiteOrigin.__table__.c.id).where(SiteOrigin.origin == bindparam("origin")).limit(1))
_EXTENSION = "widget.sites"


def by_key(key: str) -> SiteInfo:
    """Raises Problem("site.unknown")."""
    row = _VERSION_BY_KEY.first(db.session(), key=key)
    if row is None:
        raise Problem("site.unknown", field="site")
    return _known(*row)


def by_id(site_id: int) -> SiteInfo:
    """The site with this primary key, which must exist."""
    return _known(*_VERSION_BY_ID.one(db.session(), id=site_id))


def by_origin(origin: str) -> SiteInfo:
    """The one site that lists this origin. Raises Problem("site.unknown") or Problem("site.ambiguous")."""
    found = db.session.scalars(select(Site).join(SiteOrigin).where(SiteOrigin.origin == origin).limit(2)).all()
    if not found:
        raise Problem("site.unknown", field="site")
    if len(found) > 1:
        raise Problem("site.ambiguous", field="site")
    return _known(found[0].id, found[0].key, found[0].version)


def seen(site_id: int) -> SiteInfo:
    """The site as this request knows it already, or as it is now."""
    known: SiteInfo | None = current_app.extensions.get(_EXTENSION, {}).get(site_id)
    return known or by_id(site_id)


def is_listed(origin: str) -> bool:
    """Whether any site lists this origin (exact comparison)."""
    return _LISTED.first(db.session(), origin=origin) is not None


def all_sites() -> list[SiteInfo]:
    """Every site, by key."""
    return [_info(site) for site in db.session.scalars(select(Site).order_by(Site.key))]


def add(session: Session, key: str, name: str, origins: list[str]) -> None:
    """A new site; origins exactly as browsers send them. A key in use violates its constraint.

    Its versions begin at the second of its making: a removed site may have had the same key and the same row id, and
    processes remember sites by these three.
    """
    version = clock.microseconds(clock.now()) // 1_000_000 % 2**30
    session.add(Site(key=key, name=name, version=version, origins=[SiteOrigin(origin=origin) for origin in origins]))


def change(
    session: Session,
    key: str,
    *,
    settings: dict[str, Any],
    origins: list[str] | None = None,
    name: str | None = None,
    version: int | None = None,
) -> None:
    """Set some settings (already of the right type) and, unless None, the name and the whole list of origins.

    Raises Problem("site.changed") where it is not at that `version` any more.
    """
    site = session.scalar(select(Site).where(Site.key == key).with_for_update())
    if site is None:
        raise Problem("site.unknown", field="site")
    if version not in {None, site.version}:
        raise Problem("site.changed")
    site.version += 1
    site.name = name or site.name
    site.settings = {**site.settings, **settings}
    if origins is not None:
        kept = {row.origin: row for row in site.origins}
        site.origins = [kept.get(origin) or SiteOrigin(origin=origin) for origin in dict.fromkeys(origins)]


def offers(site: SiteInfo, provider: str) -> bool:
    """Whether one may sign in with this provider here, where it is on at all."""
    return not site.settings.providers or provider in site.settings.providers


def choices_of(name: str) -> tuple[str, ...]:
    """What a setting with a choice can be."""
    if name == "language":
        return (AUTO, *languages())
    return languages() if name == "mail_lang" else CHOICES[name]


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
    if name in SECRETS:
        return text.strip()
    choices = choices_of(name)
    if text not in choices:
        raise Problem("config.invalid", reason=f"{name} is one of {', '.join(choices)}")
    return text


def _known(site_id: int, key: str, version: int) -> SiteInfo:
    """The site as it was last read, as long as the database says that this is its version (see `change`)."""
    seen: dict[int, SiteInfo] = current_app.extensions.setdefault(_EXTENSION, {})
    info = seen.get(site_id)
    if info is None or (info.key, info.version) != (key, version):
        info = seen[site_id] = _info(db.session.get_one(Site, site_id, populate_existing=True))
    return info


def _info(site: Site) -> SiteInfo:
    known = {row.name for row in fields(SiteSettings)}
    given = {name: value for name, value in site.settings.items() if name in known}
    lists: dict[str, Any] = {name: tuple(value) for name, value in given.items() if name in LISTS}
    settings = SiteSettings(**(given | lists))
    origins = frozenset(row.origin for row in site.origins)
    standing = select(SiteRule.old, SiteRule.new).where(SiteRule.site_id == site.id).order_by(SiteRule.id)
    return SiteInfo(
        id=site.id,
        key=site.key,
        name=site.name,
        origins=origins,
        settings=settings,
        version=site.version,
        rules=tuple(Rule(*row) for row in db.session.execute(standing)),
    )
