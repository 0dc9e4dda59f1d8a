"""Adding and removing sites, and what is told about embedding one."""

import re
from collections.abc import Iterable
from html import escape

from sqlalchemy import delete, func, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from widget.core import urls
from widget.core.errors import Problem
from widget.extensions import db
from widget.models import Comment, Site, Thread
from widget.services import sites
from widget.services.sites import SiteInfo

MAX_NAME = 200
_KEY = re.compile(r"[a-z0-9](?:[a-z0-9-]{0,62}[a-z0-9])?")
THEMES = sites.CHOICES["theme"]


def add(session: Session, key: str, name: str, origins: Iterable[str]) -> SiteInfo:
    """A new site. Raises Problem("site.bad_key"), ("site.bad_origin"), ("site.no_origin") or ("site.exists")."""
    if not _KEY.fullmatch(key):
        raise Problem("site.bad_key", field="key")
    try:
        sites.add(session, key, named(name) or key, checked_origins(origins))
        session.flush()
    except IntegrityError:
        raise Problem("site.exists", field="key") from None
    return sites.by_key(key)


def named(text: str) -> str:
    """A site's name in one line."""
    return " ".join(text.split())[:MAX_NAME]


def checked_origins(given: Iterable[str]) -> list[str]:
    """Origins exactly as browsers send them, from what somebody typed; each one once.

    Raises Problem("site.bad_origin") or, where there is none, ("site.no_origin").
    """
    found = [_origin(text) for text in given]
    if not found:
        raise Problem("site.no_origin", field="origins")
    return list(dict.fromkeys(found))


def remove(session: Session, site_id: int) -> None:
    """A site and all that is on it: conversations, roles, sessions. People stay, as they may be on other sites."""
    # The rows go by themselves with the site's; but comments that hang on each other would go one inside the other,
    # which SQLite does a thousand deep and no deeper.
    alone = {"parent_id": None, "root_id": None}
    session.execute(update(Comment).where(Comment.site_id == site_id, Comment.parent_id.is_not(None)).values(alone))
    session.execute(delete(Site).where(Site.id == site_id))


def tag(site: SiteInfo, server: str, *, lang: str = "", theme: str = "auto") -> str:
    """The lines of HTML that show the comments where they stand. THIS-PAGE is the rest of the page's address."""
    more = "".join(
        f' data-{name}="{escape(value)}"'
        for name, value in (("lang", lang), ("theme", "" if theme == "auto" else theme))
        if value
    )
    script = f'<script src="{escape(server)}/embed.js" data-site="{site.key}"{more} async></script>'
    there = f"{server}/t/?site={site.key}&url={min(site.origins, default='')}/THIS-PAGE"
    return f'{script}\n<noscript><a href="{escape(there)}">Comments</a></noscript>'


def busiest_page(site: SiteInfo) -> str:
    """The address of the page with the newest conversation, or of the site's first page."""
    newest = select(Thread.url).where(Thread.site_id == site.id).order_by(Thread.id.desc()).limit(1)
    return db.session.scalar(newest) or f"{min(site.origins, default='')}/"


def comments_of(site: SiteInfo) -> int:
    """How many published comments stand on it."""
    return db.session.scalar(select(func.sum(Thread.comment_count)).where(Thread.site_id == site.id)) or 0


def _origin(text: str) -> str:
    try:
        origin = urls.origin_of(urls.canonical(text.strip()))
    except Problem as problem:
        raise Problem("site.bad_origin", field="origins", origin=text[:200]) from problem
    if not urls.is_origin(origin):
        raise Problem("site.bad_origin", field="origins", origin=text[:200])
    return origin
