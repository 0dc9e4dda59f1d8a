"""GET /api/v1/form: what a guest's comment must bring along, to show that a form of ours was there for a while."""

from flask import Blueprint, Response, current_app

from widget.core import formtokens
from widget.services import judging
from widget.web import answers, guards
from widget.web.api import forms, schema

blueprint = Blueprint("form", __name__)


@blueprint.get("/form")
@schema.describe(query=schema.SiteQuery, answer=(200, forms.Ticket), errors=(400, 404))
def read() -> Response:
    """A token for one comment of a guest. No row is made for it."""
    site = guards.site_of_query()
    bits = judging.work_bits(site)
    token = formtokens.make(current_app.config["SECRET_KEY"], site.key, bits=bits)
    return answers.own({"token": token, "bits": bits})
