"""What the desk's pages of decisions share: the site that is meant, what a form did, and where it leads back to."""

from collections.abc import Iterable
from typing import Any
from urllib.parse import urlencode

from flask import Response, request

from widget.core.errors import Problem
from widget.services.moderation.bulk import Done
from widget.services.moderation.moderators import Moderator
from widget.services.sites import SiteInfo
from widget.web import pages
from widget.web.desk import room, speech

DAYS = (1, 7, 30)
_KEPT = ("site", "view", "q", "after", "person")
_LONGEST = 200


def moderator() -> Moderator:
    """Who is at the desk: their word counts wherever they have a role."""
    return Moderator(room.here().user_id)


def field(name: str) -> str:
    """A field of the form that was sent; "" where it has none. Raises Problem("request.bad_field") for two of them."""
    given = request.form.getlist(name)
    if len(given) > 1:
        raise Problem("request.bad_field", field=name, reason="it is given more than once")
    return given[0] if given else ""


def choice(name: str, choices: Iterable[str]) -> str:
    """A field that is one of these. Raises Problem("request.bad_field")."""
    value, allowed = field(name), tuple(choices)
    if value not in allowed:
        raise Problem("request.bad_field", field=name, reason=f"one of {', '.join(allowed)}")
    return value


def site_named() -> SiteInfo:
    """The site that the form names; whether one may decide there, the services ask. Raises Problem("site.unknown")."""
    key = field("site")
    found = next((site for site in room.my_sites() if site.key == key), None)
    if found is None:
        raise Problem("site.unknown", field="site")
    return found


def search() -> str:
    """What is searched for."""
    given = request.args.getlist("q")
    return " ".join((given[0] if given else "").replace("\x00", " ").split())[:_LONGEST]


def back(
    path: str, did: str, *, number: int = 0, left: int = 0, undo: int | None = None, more: bool = False
) -> Response:
    """After a form: to the page `path` as it was, which says what was done, and takes it back by the log's entry."""
    kept = {name: value for name in _KEPT if (value := request.form.get(f"at_{name}", ""))}
    said = (
        {"did": did, "n": str(number), "left": str(left)}
        | ({"undo": str(undo)} if undo else {})
        | ({"more": "1"} if more else {})
    )
    to = request.form.get("next", "")
    place = f"#c-{to}" if to.isalnum() else "#told"
    return pages.redirect(f"{pages.desk_url(path)}?{urlencode(kept | said)}{place}")


def after_bulk(path: str, did: str, done: Done, entry: int | None) -> Response:
    """The same after many decisions in one go."""
    return back(path, did, number=done.count, left=done.refused.total(), undo=entry, more=done.more)


def told() -> dict[str, Any]:
    """What the page says of the form that led here."""
    numbers = {name: value for name in ("n", "left", "undo") if (value := request.args.get(name, "")).isdecimal()}
    did = request.args.get("did", "")
    return {
        "did": did if speech.has(f"did.{did}") else "",
        "number": int(numbers.get("n", "0")[:9]),
        "left": int(numbers.get("left", "0")[:9]),
        "undo": numbers.get("undo", "")[:18],
        "more": request.args.get("more") == "1",
        "at_fields": {name: request.args.get(name, "") for name in _KEPT if request.args.get(name)},
        "days": DAYS,
    }
