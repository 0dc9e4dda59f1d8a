"""GET /api/v1/counts: how many comments many pages have, in one call."""

from flask import Blueprint, Response

from widget.core import payload, tokens
from widget.core.errors import Problem
from widget.services import freshness, threads
from widget.services.sites import SiteInfo
from widget.services.threads import Page
from widget.web import answers, guards, inputs, readpath
from widget.web.api import schema

blueprint = Blueprint("counts", __name__)
MOST = 100


@blueprint.get("/counts")
@schema.describe(query=schema.CountsQuery, answer=(200, schema.Counts), errors=(404,))
def read() -> Response:
    """Published comments by address, or by `id:` and a page's own id; what is not on the site, or is neither, has 0."""
    addresses = inputs.query_all("url", most=MOST)
    site = guards.site_of_query()
    pages = {address: _page(site, address) for address in addresses}
    known_by = {address: page.key if page else "" for address, page in pages.items()}
    keys = [key for key in known_by.values() if key]
    found = threads.counts(site, keys)
    counts = {address: found[key].count if key in found else 0 for address, key in known_by.items()}
    known = {(one.thread_id, one.version, key) for key, one in found.items()}
    rows = [(thread_id, version) for thread_id, version, _ in known]
    if not any(page and page.ruled for page in pages.values()):
        readpath.ready(freshness.of_pages(site, list(dict.fromkeys(keys)), rows, origin=guards.naming_origin()))
    body = payload.encode({"counts": counts})
    return answers.shared(tokens.digest(body.decode())[:20], lambda: body)


def _page(site: SiteInfo, address: str) -> Page | None:
    """The page; None where there can be none."""
    if address.startswith("id:"):
        return Page("", address.removeprefix("id:") or None)
    try:
        return threads.page_of(site, address)
    except Problem:
        return None
