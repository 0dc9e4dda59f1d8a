"""/api/v1/session: begin one as a guest or with a ticket, look at it, end it."""

import msgspec
from flask import Blueprint, Response

from widget.core import clock, proofs
from widget.core.errors import Problem
from widget.extensions import db
from widget.services import guests, roles, sessions, signin, sites, transaction
from widget.web import answers, guards, inputs
from widget.web.api import schema

blueprint = Blueprint("session", __name__)


@blueprint.post("/session")
@schema.describe(
    json=inputs.NewSession, answer=(201, schema.OpenedSession), errors=(400, 403, 404, 409, 415, 429), writes=True
)
def create() -> Response:
    """Open a session: for a guest by name, or for the ticket of a sign-in with the page's own verifier."""
    asked = inputs.body(inputs.NewSession)
    site = sites.by_key(asked.site)
    origin = guards.require_origin(site)
    bound_to = None if asked.jwk is None else proofs.thumbprint(asked.jwk)
    if asked.guest:
        key = guards.write_key()
        said = msgspec.structs.asdict(asked.guest)
        token, opened = guests.open_session(site, **said, address=guards.sender(), key=key, thumbprint=bound_to)
    elif asked.tx and asked.code and asked.verifier:
        token, opened = signin.open_session(site, asked.tx, asked.code, asked.verifier, origin, thumbprint=bound_to)
    else:
        raise Problem("request.bad_field", field="guest", reason="send guest, or tx, code and verifier")
    kind = "DPoP" if bound_to else "Bearer"
    return answers.own({"token": token, "token_type": kind, **msgspec.json.decode(opened)}, 201)


@blueprint.get("/session")
@schema.describe(answer=(200, schema.SessionAnswer), errors=(401, 403), signed_in=True)
def read() -> Response:
    """Who the bearer is, on which site, until when."""
    site, actor = guards.signed_in()
    session = db.session()
    person = sessions.person_of(session, actor.user_id, actor.identity_id)
    answer = {"user": person, "site": site.key, "expires": clock.rfc3339(actor.expires_at)}
    role = roles.of_user(session, site.id, actor.user_id)
    return answers.own(answer | ({"role": role} if role else {}))


@blueprint.delete("/session")
@schema.describe(query=schema.LogOutQuery, answer=(204, None), errors=(401, 403), signed_in=True)
def delete() -> Response:
    """Log out: the bearer is worth nothing from now on; with `everywhere=1`, on this site in all browsers."""
    _, actor = guards.signed_in()
    everywhere = inputs.query_choice("everywhere", "0", ("0", "1")) == "1"
    end = sessions.revoke_on_site if everywhere else sessions.revoke
    transaction.write(lambda session: end(session, actor))
    return Response(status=204)
