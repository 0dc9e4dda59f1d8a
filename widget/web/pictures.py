"""/pictures/<hash>: pictures in comments, of our own encoding, under names that never change their content."""

import re

from flask import Blueprint, Response, abort, request

from widget.services import pictures

blueprint = Blueprint("pictures", __name__)
_NAME = re.compile(r"[0-9a-f]{40}")


@blueprint.get("/pictures/<name>")
def read(name: str) -> Response:
    """A picture at the size at which it is kept."""
    found = pictures.find(name) if _NAME.fullmatch(name) else None
    if found is None:
        abort(404)
    response = Response(found.data, content_type=found.type)
    response.headers["Cache-Control"] = "public, max-age=31536000, immutable"
    response.headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
    response.headers["Cross-Origin-Resource-Policy"] = "cross-origin"
    response.set_etag(name)
    response.make_conditional(request)
    return response
