"""Cross-origin headers, written by Flask-CORS from a decision made here.

Flask-CORS takes `https://*.example.com` for a regular expression and lets look-alikes through, so it is never given a
pattern: a public read is open to all, anything else is told the one origin it may answer, when a site lists it.
"""

from functools import lru_cache
from typing import Any

from flask import Flask, Response, g, request
from flask_cors.core import get_cors_options, set_cors_headers

from widget.core import urls
from widget.services import sites

PUBLIC = frozenset(
    {
        "threads.read",
        "counts.read",
        "latest.read",
        "site.read",
        "live.read",
        "openapi.read",
        "people.read",
        "comments.history",
        "reactions.people",
        "reactions.people_of_page",
    }
)
_METHODS = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"]
_HEADERS = ["Authorization", "Content-Type", "Idempotency-Key", "DPoP"]


def init_app(app: Flask) -> None:
    """Decide before each API request, write after it."""
    app.before_request(_decide)
    app.after_request(_write)


def _decide() -> None:
    g.cors_origin = None
    if not request.path.startswith("/api/"):
        return
    if request.endpoint in PUBLIC and request.method in {"GET", "HEAD"}:
        g.cors_origin = "*"
    elif urls.is_origin(origin := request.headers.get("Origin", "")) and sites.is_listed(origin):
        g.cors_origin = origin


def _write(response: Response) -> Response:
    if not request.path.startswith("/api/"):
        return response
    allowed = g.get("cors_origin")
    if allowed != "*":
        response.vary.add("Origin")
    if allowed:
        set_cors_headers(response, _options(allowed))
    return response


@lru_cache(maxsize=256)
def _options(origin: str) -> Any:
    return get_cors_options(
        None,
        {
            "origins": [origin],
            "send_wildcard": True,
            "methods": _METHODS,
            "allow_headers": _HEADERS,
            "expose_headers": ["ETag"],
            "max_age": 7200,
            "vary_header": False,
        },
    )
