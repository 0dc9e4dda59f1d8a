"""/api/v1/comments/<id>/pin: what owners and moderators put before all others."""

from flask import Blueprint, Response

from widget.services import pins
from widget.web import answers, guards
from widget.web.api import forms, schema

blueprint = Blueprint("pins", __name__)
_ERRORS = (400, 401, 403, 404, 409)


@blueprint.put("/comments/<public_id>/pin")
@schema.describe(answer=(200, forms.Pinned), errors=_ERRORS, writes=True, signed_in=True)
def pin(public_id: str) -> Response:
    """Let a root comment stand first; for the site's owner and moderators."""
    site, actor = guards.signed_in()
    return answers.own(pins.pin(site, actor, public_id, key=guards.write_key()))


@blueprint.delete("/comments/<public_id>/pin")
@schema.describe(answer=(200, forms.Pinned), errors=_ERRORS, writes=True, signed_in=True)
def unpin(public_id: str) -> Response:
    """Let it stand where it belongs again."""
    site, actor = guards.signed_in()
    return answers.own(pins.unpin(site, actor, public_id, key=guards.write_key()))
