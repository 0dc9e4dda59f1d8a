"""GET /api/v1/openapi.json: the API as its own code describes it."""

from flask import Blueprint, Response, request

from widget.core import payload
from widget.web.api import schema

blueprint = Blueprint("openapi", __name__)


@blueprint.get("/openapi.json")
def read() -> Response:
    """The OpenAPI 3.1 document."""
    response = Response(payload.encode(schema.book.spec), mimetype="application/json")
    response.headers["Cache-Control"] = "public, max-age=300"
    response.add_etag()
    response.make_conditional(request)
    return response
