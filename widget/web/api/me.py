"""/api/v1/me: what of this site is the viewer's own: comments and sessions. The rest is on /account alone."""

from typing import Any

from flask import Blueprint, Response

from widget.core import payload
from widget.services import comments, sessions, threads, transaction
from widget.web import guards, inputs
from widget.web.api import mine, schema

blueprint = Blueprint("me", __name__)


@blueprint.get("/me/comments")
@schema.describe(query=schema.PageQuery, answer=(200, schema.Mine), errors=(401, 403, 404), signed_in=True)
def read() -> Response:
    """The viewer's comments on a page that they may still change, and those that wait for a moderator."""
    site, actor = guards.signed_in_on(inputs.query("site"))
    page = threads.page_of(site, inputs.query("url"), inputs.query("id"))
    return _private(comments.mine(site, actor, page))


@blueprint.get("/me/sessions")
@schema.describe(answer=(200, mine.Sessions), errors=(401, 403), signed_in=True)
def list_sessions() -> Response:
    """Where the viewer is signed in on this site."""
    _, actor = guards.signed_in()
    return _private({"sessions": sessions.mine(actor)})


@blueprint.delete("/me/sessions/<public_id>")
@schema.describe(answer=(204, None), errors=(401, 403, 404), signed_in=True)
def end_session(public_id: str) -> Response:
    """End one of the viewer's sessions on this site, in whatever browser it is."""
    _, actor = guards.signed_in()
    transaction.write(lambda session: sessions.end(session, actor, public_id))
    return Response(status=204)


def _private(answer: dict[str, Any]) -> Response:
    response = Response(payload.encode(answer), mimetype="application/json")
    response.headers["Cache-Control"] = "no-store"
    return response
