"""Who may ask: the site a request names, the origin it comes from, the bearer it carries.

CORS headers only hide answers from a page; they stop no request. The check that counts is `require_origin`.
"""

from dataclasses import replace

from flask import current_app, request

from widget.core import proofs, senders, tokens, urls
from widget.core.errors import Problem
from widget.services import idempotency, sessions, sites, transaction
from widget.services.sessions import Actor
from widget.services.sites import SiteInfo
from widget.web import inputs

SCHEMES = ("bearer", "dpop")


def naming_origin() -> str:
    """The origin by which a public read names its site; "" where it names it by its key."""
    return "" if inputs.query("site") else urls.origin_of(urls.canonical(request.args.getlist("url")[0]))


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


def require_own_page() -> None:
    """That a form comes from a page of this server's own: by its Origin, or where a browser names none, its Referer.

    Browsers that run scripts name the Origin of every POST. Some of the others (w3m, Lynx) do not; they have no script
    either that could send a form by itself. Raises Problem("thread.forged").
    """
    own = urls.origin_of(current_app.config["PUBLIC_URL"])
    origin = request.headers.get("Origin")
    referer = request.headers.get("Referer", "")
    fetched = request.headers.get("Sec-Fetch-Site", "same-origin")
    if fetched != "same-origin" or (origin != own if origin is not None else not referer.startswith(f"{own}/")):
        raise Problem("thread.forged")


def credentials() -> tuple[str, str]:
    """(scheme in lower case, secret) of `Authorization: Bearer …` or `DPoP …`.

    Raises Problem("session.missing") or ("session.invalid").
    """
    scheme, _, token = request.headers.get("Authorization", "").partition(" ")
    if not scheme:
        raise Problem("session.missing")
    if scheme.lower() not in SCHEMES or not tokens.is_secret(token):
        raise Problem("session.invalid")
    return scheme.lower(), token


def signed_in(named: SiteInfo | None = None) -> tuple[SiteInfo, Actor]:
    """The carrier of the bearer and the one site it is good for, asked from one of that site's origins.

    `named` is the site that the request speaks of: if it is the bearer's, it need not be read again.
    """
    scheme, token = credentials()
    actor = sessions.actor_of(token)
    _require_key(scheme, token, actor)
    site = named if named and named.id == actor.site_id else sites.by_id(actor.site_id)
    require_origin(site)
    if sessions.is_due(actor):
        _note_use(actor)
    return site, replace(actor, address=sender())


def signed_in_on(key: str) -> tuple[SiteInfo, Actor]:
    """Like `signed_in`, for a request that names its site: a bearer of another site is no bearer here."""
    named = sites.by_key(key)
    site, actor = signed_in(named)
    if site.id != named.id:
        raise Problem("session.invalid")
    return site, actor


def sender() -> str:
    """The address that the request comes from; "" where nothing says it."""
    forwarded = ",".join(request.headers.getlist("X-Forwarded-For"))
    return senders.sender(request.remote_addr or "", forwarded, hops=current_app.config["PROXY_HOPS"])


def browser() -> str:
    """What the browser calls itself; nobody has to believe it."""
    return request.headers.get("User-Agent", "")[:300]


def write_key() -> str:
    """The Idempotency-Key of a write. Raises Problem("idempotency.missing") or ("idempotency.bad_key")."""
    return idempotency.check_key(request.headers.get("Idempotency-Key"))


def _note_use(actor: Actor) -> None:
    """Sessions that nobody uses end. A database that is busy need not know: the next request says it again."""
    try:
        transaction.write(lambda session: sessions.touch(session, actor))
    except Problem as problem:
        if problem.code != "server.busy":
            raise


def _require_key(scheme: str, token: str, actor: Actor) -> None:
    """A session that is bound to a key of its browser needs a proof with every request, under the scheme `DPoP`.

    As a plain bearer it is refused (RFC 9449, section 7.2): otherwise whoever copied it would just leave the proof out.
    Raises Problem("session.bad_proof").
    """
    if actor.thumbprint is None:
        if scheme != "bearer":
            raise Problem("session.bad_proof", reason="it has no key: send it as Bearer")
        return
    if scheme != "dpop":
        raise Problem("session.bad_proof", reason="send it as DPoP, with a proof")
    asked = proofs.Asked(
        method=request.method,
        url=f"{current_app.config['PUBLIC_URL']}{request.path}",  # never from the Host header
        token=token,
        key=request.headers.get("Idempotency-Key"),
    )
    proofs.check(request.headers.get("DPoP", ""), asked, bound_to=actor.thumbprint)
