"""POST /api/v1/preview: what a comment would look like. The one renderer, nothing stored, nobody asked who they are."""

from flask import Blueprint, Response

from widget.core import text
from widget.services import bodies, limits, sites, threads
from widget.web import answers, guards, inputs
from widget.web.api import forms, schema

blueprint = Blueprint("preview", __name__)


@blueprint.post("/preview")
@schema.describe(json=inputs.Preview, answer=(200, forms.Preview), errors=(400, 403, 404, 415, 429))
def create() -> Response:
    """The body of a text that is not posted yet; its pictures are links, and it stays here for no moment longer."""
    asked = inputs.body(inputs.Preview)
    site = sites.by_key(asked.site)
    guards.require_origin(site)
    limits.look("preview", site=site, address=guards.sender())
    page = threads.page_of(site, asked.page.url, asked.page.id) if asked.page else None
    return answers.own({"body": bodies.preview(site, page, text.clean_text(asked.text)).tree})
