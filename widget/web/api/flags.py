"""POST /api/v1/comments/<id>/flags: tell the moderators."""

from flask import Blueprint, Response

from widget.services import flags
from widget.web import answers, guards, inputs
from widget.web.api import forms, schema

blueprint = Blueprint("flags", __name__)


@blueprint.post("/comments/<public_id>/flags")
@schema.describe(
    json=inputs.NewFlag,
    answer=(200, forms.Flagged),
    errors=(400, 401, 403, 404, 409, 415, 429),
    writes=True,
    signed_in=True,
)
def put(public_id: str) -> Response:
    """Flag a comment of somebody else to the moderators; once more changes the reason."""
    asked = inputs.body(inputs.NewFlag)
    site, actor = guards.signed_in()
    key = guards.write_key()
    return answers.own(flags.put(site, actor, public_id, reason=asked.reason, note=asked.note or "", key=key))
