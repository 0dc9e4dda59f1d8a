"""The desk's one guard: every page is a row that says what it asks of a person, and a page without a row is closed.

`page` and `act` make the rows. What a rule names in angles is looked up before the view is called (`subject`), and the
person must be on that thing's site what the row needs; where a rule names nothing, on any site.
"""

import ipaddress
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import wraps
from typing import Any
from urllib.parse import urlsplit

from flask import Blueprint, Response, g, request

from widget.core.errors import Problem
from widget.extensions import db
from widget.services import desk_sessions, sites, staff, transaction
from widget.services.sites import SiteInfo
from widget.services.staff import Need, Staff
from widget.web import pages
from widget.web.own_forms import OwnForms

View = Callable[..., Response]
# From the word in an address to (the row id of its site; None: any site will do, what the view is given).
Lookup = Callable[[str], tuple[int | None, object]]

blueprint = Blueprint("desk", __name__, url_prefix="/admin")
FORMS = OwnForms("desk form", refusal="desk.forged")
# In this order they stand in the navigation, where they are there and the person may see them.
NAVIGATION = ("queue", "people", "threads", "sites", "figures", "log", "deliveries")


@dataclass(frozen=True)
class Row:
    """One address and method of the desk; `need` None: for everybody, as there is nobody yet."""

    endpoint: str
    rule: str
    method: str
    need: Need | None
    nav: str | None = None


ROWS: dict[str, Row] = {}
_LOOKUPS: dict[str, Lookup] = {}


def page(rule: str, *, need: Need | None, nav: str | None = None) -> Callable[[View], View]:
    """A page to look at, which changes nothing. `nav`: its word in NAVIGATION."""
    return _row(rule, "GET", need, nav)


def act(rule: str, *, need: Need | None) -> Callable[[View], View]:
    """A form that is sent from a page of ours. Where `need` is None the view itself asks whether it is."""
    return _row(rule, "POST", need, None)


def subject(name: str, lookup: Lookup) -> None:
    """Have `<name>` in rules looked up by this."""
    _LOOKUPS[name] = lookup


def one_of(word: str, known: tuple[str, ...]) -> str:
    """The word, if it is known. Raises Problem("not_found")."""
    if word not in known:
        raise Problem("not_found")
    return word


def here() -> Staff:
    """Who is at the desk."""
    found: Staff = g.staff
    return found


def secret() -> str:
    """The cookie of who is here; "" where nobody is."""
    return pages.cookie("cw_desk") or ""


def my_sites(need: Need = Need.MODERATOR) -> list[SiteInfo]:
    """The sites on which who is here is at least that, by key."""
    return [site for site in sites.all_sites() if here().may(need, site.id)]


def chosen_sites(need: Need = Need.MODERATOR) -> tuple[SiteInfo | None, list[SiteInfo]]:
    """(the site that `?site=` names, or None; the sites that are meant: that one, or all of theirs).

    Raises Problem("desk.not_yours") for a site that is not.
    """
    mine, key = my_sites(need), request.args.get("site", "")
    if not key:
        return None, mine
    chosen = next((site for site in mine if site.key == key), None)
    if chosen is None:
        raise Problem("desk.not_yours")
    return chosen, [chosen]


def navigation() -> list[tuple[str, str]]:
    """(word, address) of the pages that who is here may see."""
    rows = {row.nav: row for row in ROWS.values() if row.nav and row.need is not None and here().may(row.need)}
    return [(word, pages.desk_url(rows[word].rule)) for word in NAVIGATION if word in rows]


def allow(*rules: str) -> None:
    """Let this page do more than others: rules of its content security policy."""
    g.desk_rules = rules


def replace_policy(policy: str) -> None:
    """Give this page another policy; pages of ours may frame it."""
    g.desk_policy = policy


@blueprint.before_request
def guard() -> Response | None:
    """Who comes in at all: before any view is asked for."""
    _require_safe_way()
    row = ROWS.get((request.endpoint or "").partition(".")[2])
    if row is None:
        raise Problem("not_found")
    if row.need is None:
        return None
    owner = desk_sessions.VISITS.find(db.session(), secret())
    if owner is None:
        if row.method == "POST":
            raise Problem("desk.signed_out")
        return _to_the_door()
    if row.method == "POST":
        FORMS.require(secret())
    found = staff.of_user(db.session(), owner.user_id)
    if found is None:
        raise Problem("desk.no_role")
    g.staff = found
    if desk_sessions.VISITS.is_due(db.session(), owner):
        transaction.write(lambda session: desk_sessions.VISITS.touch(session, owner))
    return None


@blueprint.after_request
def protect(response: Response) -> Response:
    """Nothing frames the desk, keeps it, or runs in it that we did not write."""
    response = pages.set_cookies(pages.keep_private(response, "img-src 'self'", *g.get("desk_rules", ())))
    if policy := g.get("desk_policy"):
        response.headers["Content-Security-Policy"] = policy
        response.headers["X-Frame-Options"] = "SAMEORIGIN"
    return response


def _row(rule: str, method: str, need: Need | None, nav: str | None) -> Callable[[View], View]:
    def enter(view: View) -> View:
        endpoint = f"{view.__module__.rpartition('.')[2]}_{view.__name__}"
        ROWS[endpoint] = Row(endpoint, rule, method, need, nav)

        @wraps(view)
        def admitted(**words: str) -> Response:
            return view(**_admit(need, words))

        blueprint.add_url_rule(rule, endpoint, admitted, methods=[method])
        return view

    return enter


def _admit(need: Need | None, words: Mapping[str, str]) -> dict[str, Any]:
    """What the view is given. Raises Problem("desk.not_yours") or what a lookup raises."""
    if need is None:
        return dict(words)
    given: dict[str, Any] = {}
    for name, word in words.items():
        site_id, given[name] = _LOOKUPS[name](word)
        if not here().may(need, site_id):
            raise Problem("desk.not_yours")
    if not here().may(need):
        raise Problem("desk.not_yours")
    return given


def _site(key: str) -> tuple[int, SiteInfo]:
    found = sites.by_key(key)
    return found.id, found


subject("site", _site)


def _require_safe_way() -> None:
    """Plain http lets anybody on the way read the cookie: only this machine itself has no way between.

    Raises Problem("desk.insecure").
    """
    parts = urlsplit(pages.public_url())
    if parts.scheme != "https" and not _is_loopback(parts.hostname or ""):
        raise Problem("desk.insecure")


def _is_loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost" or host.endswith(".localhost")


def _to_the_door() -> Response:
    """A link from elsewhere (a mail, the provider) comes without the cookie: once more from a page of ours."""
    wanted = request.full_path.rstrip("?").removeprefix("/admin")
    if request.headers.get("Sec-Fetch-Site") in {"cross-site", "same-site"}:
        return pages.onward(pages.desk_url(wanted), pages.language())
    return pages.redirect(pages.desk_url("/signin", back=wanted))
