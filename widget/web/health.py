"""/healthz says the process answers; /readyz says it can serve: the database is there and its tables are current."""

from flask import Blueprint, Response
from sqlalchemy.exc import SQLAlchemyError

from widget.core.errors import Problem
from widget.extensions import db
from widget.services import schema

blueprint = Blueprint("health", __name__)


@blueprint.get("/healthz")
def live() -> Response:
    """200 as long as the process answers at all."""
    return _plain("ok", 200)


@blueprint.get("/readyz")
def ready() -> Response:
    """200 when requests can be served, else 503 with the reason in one line."""
    try:
        with db.engine.connect() as connection:
            found = schema.state(connection)
    except (SQLAlchemyError, Problem):
        return _plain("the database cannot be reached", 503)
    if found is not schema.State.CURRENT:
        return _plain(f"the database's tables are {found}", 503)
    return _plain("ok", 200)


def _plain(words: str, status: int) -> Response:
    response = Response(f"{words}\n", status, mimetype="text/plain")
    response.headers["Cache-Control"] = "no-store"
    return response
