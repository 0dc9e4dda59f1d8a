"""/api/v1/me: what is the viewer's own: comments, sessions, accounts."""

from typing import Any

import msgspec
from flask import Blueprint, Response, request

from widget.core import payload
from widget.services import comments, idempotency, identities, linking, sessions, threads, transaction
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
    """Where the viewer is signed in; other sites are counted and not named."""
    _, actor = guards.signed_in()
    return _private({"sessions": sessions.mine(actor)})


@blueprint.delete("/me/sessions/<public_id>")
@schema.describe(answer=(204, None), errors=(401, 403, 404), signed_in=True)
def end_session(public_id: str) -> Response:
    """End one of the viewer's sessions, in whatever browser and on whatever site it is."""
    _, actor = guards.signed_in()
    transaction.write(lambda session: sessions.end(session, actor, public_id))
    return Response(status=204)


@blueprint.get("/me/identities")
@schema.describe(answer=(200, mine.Identities), errors=(401, 403), signed_in=True)
def list_identities() -> Response:
    """The accounts with which the viewer signs in; a guest has none."""
    _, actor = guards.signed_in()
    return _private({"identities": identities.mine(actor)})


@blueprint.delete("/me/identities/<public_id>")
@schema.describe(answer=(204, None), errors=(401, 403, 404, 409), signed_in=True)
def unlink(public_id: str) -> Response:
    """Take one of several accounts away: its sessions end, its comments stay the viewer's."""
    _, actor = guards.signed_in()
    identities.unlink(actor, public_id)
    return Response(status=204)


@blueprint.post("/me/links")
@schema.describe(
    json=inputs.NewLink, answer=(201, mine.Link), errors=(400, 401, 403, 404, 409, 415), writes=True, signed_in=True
)
def link() -> Response:
    """Ask to link another account: gives the word with which the sign-in window may begin that, within a minute."""
    asked = inputs.body(inputs.NewLink)
    site, actor = guards.signed_in()
    key = idempotency.check_key(request.headers.get("Idempotency-Key"))
    word, more = linking.ask(site, actor, asked.provider, key=key)
    return _private({"link": word, **msgspec.json.decode(more)}, 201)


def _private(answer: dict[str, Any], status: int = 200) -> Response:
    response = Response(payload.encode(answer), status, mimetype="application/json")
    response.headers["Cache-Control"] = "no-store"
    return response
