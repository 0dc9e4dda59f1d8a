"""Which address a page's conversation is found by, on a site whose pages have moved (models.SiteRule)."""

from sqlalchemy import select

from widget.core import redirects, urls
from widget.core.errors import Problem
from widget.extensions import db
from widget.models import ThreadAlias
from widget.services.sites import SiteInfo


def address(site: SiteInfo, url: str) -> str | None:
    """The address to look under, of one (canonical) that a rule of the site is about; None: no rule is.

    Its own, where it has a conversation; else that of where its rules lead, or of what leads there, whichever has one;
    with none of them a conversation is begun where the rules lead. Never to an address that is not the site's.
    """
    ahead = _own(site, redirects.ahead(site.rules, url)) or url
    led = [*redirects.behind(site.rules, url), *redirects.behind(site.rules, ahead)]
    if ahead == url and not led:
        return None
    candidates = list(dict.fromkeys([url, ahead, *led]))
    query = select(ThreadAlias.key).where(
        ThreadAlias.site_id == site.id, ThreadAlias.key.in_([f"url:{one}" for one in candidates])
    )
    there = set(db.session.scalars(query))
    return next((one for one in candidates if f"url:{one}" in there), ahead)


def _own(site: SiteInfo, url: str | None) -> str | None:
    try:
        found = urls.canonical(url or "")
        return found if urls.origin_of(found) in site.origins else None
    except Problem:
        return None
