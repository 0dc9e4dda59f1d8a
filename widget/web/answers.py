"""What goes out: answers for one person that no cache keeps, and answers that are the same for everybody."""

from collections.abc import Callable, Mapping
from typing import Any

from flask import Response, current_app, request

from widget.core import payload


def caching() -> str:
    """For answers that are the same for everybody: browsers ask each time, shared caches as the operator decided."""
    seconds = current_app.config["CDN_SECONDS"]
    if not seconds:
        return "public, max-age=0, must-revalidate"
    return f"public, max-age=0, s-maxage={seconds}, stale-while-revalidate={10 * seconds}"


def own(answer: bytes | Mapping[str, Any], status: int = 200) -> Response:
    """An answer to whoever asked, and to nobody else."""
    body = answer if isinstance(answer, bytes) else payload.encode(answer)
    response = Response(body, status, mimetype="application/json")
    response.headers["Cache-Control"] = "no-store"
    return response


def shared(etag: str, body: Callable[[], bytes | Mapping[str, Any]], *, mimetype: str = "application/json") -> Response:
    """The same answer for every reader, made only when they do not have it: else 304."""
    if request.if_none_match.contains_weak(etag):
        response = Response(status=304)
    else:
        made = body()
        response = Response(made if isinstance(made, bytes) else payload.encode(made), mimetype=mimetype)
    response.headers["Cache-Control"] = caching()
    response.vary.add("Accept-Encoding")
    response.set_etag(etag, weak=True)  # the same in every content coding
    return response
