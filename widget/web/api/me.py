"""/api/v1/me: what is the viewer's own, laid over the answer that is everyone's."""

from flask import Blueprint, Response

from widget.core import payload
from widget.services import comments, threads
from widget.web import guards, inputs
from widget.web.api import schema

blueprint = Blueprint("me", __name__)


@blueprint.get("/me/comments")
@schema.describe(query=schema.PageQuery, answer=(200, schema.Mine), errors=(401, 403, 404), signed_in=True)
def read() -> Response:
    """The viewer's comments on a page that they may still change, and those that wait for a moderator."""
    site, actor = guards.signed_in_on(inputs.query("site"))
    page = threads.page_of(site, inputs.query("url"), inputs.query("id"))
    response = Response(payload.encode(comments.mine(site, actor, page)), mimetype="application/json")
    response.headers["Cache-Control"] = "no-store"
    return response
