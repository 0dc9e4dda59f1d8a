"""GET /api/v1/threads/people: whom one may mean, while a name is being typed."""

from flask import Blueprint, Response

from widget.services import limits, participants, threads
from widget.web import answers, guards, inputs
from widget.web.api import forms, schema

blueprint = Blueprint("people", __name__)
CACHING = "public, max-age=30"


@blueprint.get("/threads/people")
@schema.describe(query=forms.NamesQuery, answer=(200, forms.Names), errors=(400, 403, 404, 429))
def read() -> Response:
    """Up to 8 people of a conversation whose name, or a word of it, begins with `q`; the last to write first."""
    site = guards.site_of_query()
    limits.look("people", site=site, address=guards.sender())
    page = threads.page_of(site, inputs.query("url"), inputs.query("id"))
    beginning = inputs.query("q")
    thread = threads.find(site, page)
    people = participants.suggest(thread.id, beginning) if thread else []
    response = answers.own({"people": people})
    response.headers["Cache-Control"] = CACHING
    return response
