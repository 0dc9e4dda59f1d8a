"""/avatars/<hash>: people's pictures, of our own encoding, under names that never change their content."""

import re

from flask import Blueprint, Response, abort, request

from widget.services import avatars

blueprint = Blueprint("avatars", __name__)
_NAME = re.compile(r"([0-9a-f]{40})(-2x)?")


@blueprint.get("/avatars/<name>")
def read(name: str) -> Response:
    """A picture of 96 pixels square; of 192 with `-2x` behind the hash."""
    asked = _NAME.fullmatch(name)
    found = avatars.find(asked[1]) if asked else None
    if asked is None or found is None:
        abort(404)
    response = Response(found.large if asked[2] else found.small, content_type=found.type)
    response.headers["Cache-Control"] = "public, max-age=31536000, immutable"
    response.headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
    response.headers["Cross-Origin-Resource-Policy"] = "cross-origin"
    response.set_etag(name)
    response.make_conditional(request)
    return response
