"""Who may ask: the site a request names, the origin it comes from, the bearer it carries.

CORS headers only hide answers from a page; they stop no request. The check that counts is `require_origin`.
"""

from flask import request

from widget.core import tokens, urls
from widget.core.errors import Problem
from widget.services import sessions, sites
from widget.services.sessions import Actor
from widget.services.sites import SiteInfo
from widget.web import inputs


def site_of_query() -> SiteInfo:
    """The site of a public read: named by `site`, or by the origin of the page's `url`."""
    if key := inputs.query("site"):
        return sites.by_key(key)
    addresses = request.args.getlist("url")
    if not addresses:
        raise Problem("request.bad_field", field="site", reason="name the site, or a page by its url")
    return sites.by_origin(urls.origin_of(urls.canonical(addresses[0])))


def require_origin(site: SiteInfo) -> str:
    """The request's Origin, which must be one of the site's, compared exactly. Raises Problem("origin.foreign")."""
    origin = request.headers.get("Origin", "")
    if origin not in site.origins:
        raise Problem("origin.foreign")
    return origin


def bearer() -> str:
    """The secret of `Authorization: Bearer …`. Raises Problem("session.missing") or ("session.invalid")."""
    scheme, _, token = request.headers.get("Authorization", "").partition(" ")
    if not scheme:
        raise Problem("session.missing")
    if scheme.lower() != "bearer" or not tokens.is_secret(token):
        raise Problem("session.invalid")
    return token


def signed_in() -> tuple[SiteInfo, Actor]:
    """The carrier of the bearer and the one site it is good for, asked from one of that site's origins."""
    actor = sessions.actor_of(bearer())
    site = sites.by_id(actor.site_id)
    require_origin(site)
    return site, actor


def signed_in_on(key: str) -> tuple[SiteInfo, Actor]:
    """Like `signed_in`, for a request that names its site: a bearer of another site is no bearer here."""
    named = sites.by_key(key)
    site, actor = signed_in()
    if site.id != named.id:
        raise Problem("session.invalid")
    return site, actor
