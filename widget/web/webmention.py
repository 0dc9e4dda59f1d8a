"""/webmention/…: where pages elsewhere tell that they mention a page of a site (W3C Webmention), and how that stands.

Servers write here, without a browser: no Origin is asked for, no cookie read, and nothing fetched while they wait.
"""

from flask import Blueprint, Response, request

from widget.core.errors import Problem
from widget.services import sites
from widget.services.sites import SiteInfo
from widget.services.webmentions import receiving
from widget.services.webmentions.receiving import Received
from widget.web import answers, guards, pages

blueprint = Blueprint("webmention", __name__, url_prefix="/webmention")
_MOST = 20_000  # bytes of a form


@blueprint.post("/<key>")
def receive(key: str) -> Response:
    """Take `source` and `target`; a worker looks whether it is so. 201, with the address that tells what came of it."""
    request.max_content_length = request.max_form_memory_size = _MOST
    site = sites.by_key(key)
    received = receiving.receive(site, _field("source"), _field("target"), address=guards.sender())
    response = answers.own(_shown(site, received), 201)
    response.headers["Location"] = _address(site, received.public_id)
    return response


@blueprint.get("/<key>/<public_id>")
def show(key: str, public_id: str) -> Response:
    """How a mention stands."""
    site = sites.by_key(key)
    return answers.own(_shown(site, receiving.look(site, public_id)))


def endpoint(site: SiteInfo) -> str:
    """Where the site takes mentions; "" where it takes none."""
    return _address(site) if site.settings.webmentions != "off" else ""


def _field(name: str) -> str:
    given = request.form.getlist(name)
    if len(given) != 1 or not given[0]:
        raise Problem(f"webmention.bad_{name}", field=name, reason="send exactly one, in a form")
    return given[0]


def _shown(site: SiteInfo, received: Received) -> dict[str, str]:
    shown = {"state": received.state, "url": _address(site, received.public_id)}
    return shown | ({"why": received.answer} if received.answer else {})


def _address(site: SiteInfo, *more: str) -> str:
    return "/".join((pages.public_url(), "webmention", site.key, *more))
