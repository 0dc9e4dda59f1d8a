"""One envelope for every refusal: {"error": {"code", "message", "field"?, …}}."""

import logging
from typing import Any

from flask import Flask, Response, request
from sqlalchemy.exc import DBAPIError
from werkzeug.exceptions import HTTPException

from widget import database
from widget.core import payload, proofs
from widget.core.errors import Problem

log = logging.getLogger(__name__)
# RFC 9110, section 15.5.2: a 401 names the ways to sign in; RFC 9449, section 7.1: and what was wrong with this one.
_KEYED = f'DPoP algs="{proofs.ALGORITHM}"'
_CHALLENGES = {
    "session.missing": f"Bearer, {_KEYED}",
    "session.invalid": f'Bearer error="invalid_token", {_KEYED}, error="invalid_token"',
    "session.bad_proof": f'{_KEYED}, error="invalid_dpop_proof"',
}
_BY_STATUS = {404: "not_found", 405: "method.not_allowed", 413: "request.too_large", 415: "request.not_json"}


def envelope(problem: Problem) -> Response:
    """The problem as a JSON answer that no cache keeps."""
    error: dict[str, Any] = {"code": problem.code, "message": problem.message}
    if problem.field:
        error["field"] = problem.field
    error |= {name: value for name, value in problem.details.items() if isinstance(value, str | int | float)}
    response = Response(payload.encode({"error": error}), problem.status, mimetype="application/json")
    response.headers["Cache-Control"] = "no-store"
    if problem.code in _CHALLENGES:
        response.headers["WWW-Authenticate"] = _CHALLENGES[problem.code]
    if problem.status == 429:
        response.headers["Retry-After"] = str(problem.details["retry"])
    return response


def as_problem(error: Exception) -> Problem:
    """Any exception as one of our rows; what nobody foresaw is logged and says nothing about its cause."""
    if isinstance(error, Problem):
        return error
    if isinstance(error, HTTPException):
        code = _BY_STATUS.get(error.code or 500)
        if code == "request.too_large":
            return Problem(code, limit=request.max_content_length or 0)
        if code:
            return Problem(code)
        if (error.code or 500) < 500:
            return Problem("request.invalid", reason=error.name.lower())
    if isinstance(error, DBAPIError) and database.is_busy(error):
        return Problem("server.busy")
    log.error("unforeseen error in %s %s", request.method, request.path, exc_info=error)
    return Problem("server.error")


def init_app(app: Flask) -> None:
    """Answer every error of the application with the envelope."""

    def handle(error: Exception) -> Response:
        problem = as_problem(error)
        response = envelope(problem)
        if isinstance(error, HTTPException) and problem.code == "method.not_allowed":
            response.headers["Allow"] = ", ".join(sorted(getattr(error, "valid_methods", None) or []))
        return response

    app.register_error_handler(Exception, handle)
