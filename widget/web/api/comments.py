"""/api/v1/comments: post, edit, delete."""

from flask import Blueprint, Response

from widget.core import text
from widget.services import comments, threads
from widget.web import answers, guards, inputs
from widget.web.api import schema

blueprint = Blueprint("comments", __name__)
_ERRORS = (400, 401, 403, 404, 409, 415)


@blueprint.post("/comments")
@schema.describe(
    json=inputs.NewComment, answer=(201, schema.WrittenComment), errors=_ERRORS, writes=True, signed_in=True
)
def create() -> Response:
    """Post a comment on a page, or an answer to one."""
    asked = inputs.body(inputs.NewComment)
    site, actor = guards.signed_in_on(asked.site)
    page = threads.page_of(site, asked.page.url, asked.page.id, asked.page.title)
    raw = text.clean_text(asked.text)
    return answers.own(comments.create(site, actor, page, raw=raw, parent=asked.parent, key=guards.write_key()), 201)


@blueprint.patch("/comments/<public_id>")
@schema.describe(
    json=inputs.EditedComment, answer=(200, schema.WrittenComment), errors=_ERRORS, writes=True, signed_in=True
)
def edit(public_id: str) -> Response:
    """Change one's own comment, within the site's window."""
    asked = inputs.body(inputs.EditedComment)
    site, actor = guards.signed_in()
    return answers.own(comments.edit(site, actor, public_id, raw=text.clean_text(asked.text), key=guards.write_key()))


@blueprint.delete("/comments/<public_id>")
@schema.describe(answer=(200, schema.ThreadOnly), errors=_ERRORS, writes=True, signed_in=True)
def delete(public_id: str) -> Response:
    """Delete one's own comment, within the site's window."""
    site, actor = guards.signed_in()
    return answers.own(comments.delete(site, actor, public_id, key=guards.write_key()))
