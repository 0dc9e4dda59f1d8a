"""/auth/<provider>/<name>.json: who we are, for servers that visitors named and that never heard of us before."""

from flask import Blueprint, Response, request

from widget.core import payload
from widget.services import reception

blueprint = Blueprint("client_documents", __name__)


@blueprint.get("/auth/<provider>/<name>.json")
def document(provider: str, name: str) -> Response:
    """The client's metadata or public keys; the metadata's address is the client id, so it must not move."""
    response = Response(payload.encode(reception.document(provider, name)), mimetype="application/json")
    response.headers["Cache-Control"] = "public, max-age=300"
    response.headers["Access-Control-Allow-Origin"] = "*"
    response.add_etag()
    response.make_conditional(request)
    return response
