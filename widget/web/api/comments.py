"""/api/v1/comments: post, edit, delete, undo that; what a comment said before."""

from flask import Blueprint, Response

from widget.core import text
from widget.services import comments, revisions, subjects, threads, undo
from widget.services.judging import Sent
from widget.web import answers, guards, inputs
from widget.web.api import forms, schema

blueprint = Blueprint("comments", __name__)
_ERRORS = (400, 401, 403, 404, 409, 415)
_LIMITED = (*_ERRORS, 429)


@blueprint.post("/comments")
@schema.describe(
    json=inputs.NewComment, answer=(201, schema.WrittenComment), errors=_LIMITED, writes=True, signed_in=True
)
def create() -> Response:
    """Post a comment on a page, or an answer to one."""
    asked = inputs.body(inputs.NewComment)
    site, actor = guards.signed_in_on(asked.site)
    page = threads.page_of(site, asked.page.url, asked.page.id, asked.page.title)
    raw = text.clean_text(asked.text)
    form = asked.form or inputs.FormInput()
    sent = Sent(token=form.token, work=form.work, trap=form.trap, browser=guards.browser())
    key = guards.write_key()
    return answers.own(comments.create(site, actor, page, raw=raw, parent=asked.parent, sent=sent, key=key), 201)


@blueprint.patch("/comments/<public_id>")
@schema.describe(
    json=inputs.EditedComment, answer=(200, schema.WrittenComment), errors=_LIMITED, writes=True, signed_in=True
)
def edit(public_id: str) -> Response:
    """Change one's own comment, within the site's window."""
    asked = inputs.body(inputs.EditedComment)
    site, actor = guards.signed_in()
    raw = text.clean_text(asked.text)
    key, browser = guards.write_key(), guards.browser()
    return answers.own(comments.edit(site, actor, public_id, raw=raw, was=asked.was, browser=browser, key=key))


@blueprint.delete("/comments/<public_id>")
@schema.describe(answer=(200, forms.Deleted), errors=_ERRORS, writes=True, signed_in=True)
def delete(public_id: str) -> Response:
    """Delete one's own comment, within the site's window; for some minutes that can be undone."""
    site, actor = guards.signed_in()
    return answers.own(undo.delete(site, actor, public_id, key=guards.write_key()))


@blueprint.post("/comments/<public_id>/restore")
@schema.describe(answer=(200, schema.WrittenComment), errors=_ERRORS, writes=True, signed_in=True)
def restore(public_id: str) -> Response:
    """Undo the deletion of one's own comment."""
    site, actor = guards.signed_in()
    return answers.own(undo.restore(site, actor, public_id, key=guards.write_key()))


@blueprint.get("/comments/<public_id>/history")
@schema.describe(query=schema.SiteQuery, answer=(200, forms.History), errors=(400, 404))
def history(public_id: str) -> Response:
    """Everything a comment has said, the oldest first."""
    found = subjects.published(guards.site_of_query(), public_id)
    etag = f"{public_id}.{found.changed}.history.{text.RENDERER_VERSION}"
    return answers.shared(etag, lambda: revisions.history(found.id))
