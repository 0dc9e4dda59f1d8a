"""GET /api/v1/counts: how many comments many pages have, in one call."""

from flask import Blueprint, Response, request

from widget.core import payload
from widget.core.errors import Problem
from widget.services import threads
from widget.services.sites import SiteInfo
from widget.services.threads import Page
from widget.web import answers, guards, inputs
from widget.web.api import schema

blueprint = Blueprint("counts", __name__)
MOST = 100


@blueprint.get("/counts")
@schema.describe(query=schema.CountsQuery, answer=(200, schema.Counts), errors=(404,))
def read() -> Response:
    """Published comments by address; an address that is not on the site, or is none, has 0."""
    addresses = inputs.query_all("url", most=MOST)
    site = guards.site_of_query()
    pages = {address: _page(site, address) for address in addresses}
    found = threads.counts(site, [page for page in pages.values() if page])
    counts = {address: found.get(page.key, 0) if page else 0 for address, page in pages.items()}
    response = Response(payload.encode({"counts": counts}), mimetype="application/json")
    response.headers["Cache-Control"] = answers.SHARED
    response.add_etag()
    response.make_conditional(request)
    return response


def _page(site: SiteInfo, address: str) -> Page | None:
    try:
        return threads.page_of(site, address)
    except Problem:
        return None
