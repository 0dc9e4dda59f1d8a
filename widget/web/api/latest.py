"""GET /api/v1/latest: what was written last on a site."""

from flask import Blueprint, Response

from widget.services import latest
from widget.web import answers, guards, inputs
from widget.web.api import forms, schema

blueprint = Blueprint("latest", __name__)


@blueprint.get("/latest")
@schema.describe(query=forms.LatestQuery, answer=(200, forms.LatestAnswer), errors=(400, 404))
def read() -> Response:
    """The latest comments of a site, each with its page."""
    site = guards.site_of_query()
    limit = inputs.query_int("limit", 10, low=1, high=latest.MAX_LIMIT)
    found = latest.read(site, limit=limit, after=inputs.query("after") or None)
    return answers.shared(found.etag, found.body)
