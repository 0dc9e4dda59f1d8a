"""/api/v1/…/reactions: like a comment or the page itself, take it back, see who did."""

from typing import Any

from flask import Blueprint, Response

from widget.core import payload, tokens
from widget.core.errors import Problem
from widget.extensions import db
from widget.models import Thread
from widget.services import avatars, reactions, subjects, threads
from widget.web import answers, guards, inputs
from widget.web.api import forms, schema

blueprint = Blueprint("reactions", __name__)
_ERRORS = (400, 401, 403, 404, 409, 429)


@blueprint.put("/comments/<public_id>/reactions/<kind>")
@schema.describe(answer=(200, forms.Reacted), errors=_ERRORS, writes=True, signed_in=True)
def give(public_id: str, kind: str) -> Response:
    """React to a comment; another kind takes the place of the one before."""
    return _on_comment(public_id, kind, given=True)


@blueprint.delete("/comments/<public_id>/reactions/<kind>")
@schema.describe(answer=(200, forms.Reacted), errors=_ERRORS, writes=True, signed_in=True)
def take_back(public_id: str, kind: str) -> Response:
    """Take back one's reaction of this kind; if there is none, nothing happens."""
    return _on_comment(public_id, kind, given=False)


@blueprint.put("/threads/reactions/<kind>")
@schema.describe(
    json=inputs.PageReaction, answer=(200, forms.Reacted), errors=(*_ERRORS, 415), writes=True, signed_in=True
)
def give_to_page(kind: str) -> Response:
    """React to the page itself."""
    return _on_page(kind, given=True)


@blueprint.delete("/threads/reactions/<kind>")
@schema.describe(
    json=inputs.PageReaction, answer=(200, forms.Reacted), errors=(*_ERRORS, 415), writes=True, signed_in=True
)
def take_back_from_page(kind: str) -> Response:
    """Take back one's reaction to the page."""
    return _on_page(kind, given=False)


@blueprint.get("/comments/<public_id>/reactions")
@schema.describe(query=forms.PeopleQuery, answer=(200, forms.People), errors=(400, 404))
def people(public_id: str) -> Response:
    """Who reacted to a comment, the last first, 20 at a time."""
    comment = subjects.published(guards.site_of_query(), public_id)
    return _people(db.session.get_one(Thread, comment.thread_id), comment.id)


@blueprint.get("/threads/reactions")
@schema.describe(query=forms.PagePeopleQuery, answer=(200, forms.People), errors=(400, 403, 404))
def people_of_page() -> Response:
    """Who reacted to the page itself."""
    site = guards.site_of_query()
    page = threads.page_of(site, inputs.query("url"), inputs.query("id"))
    return _people(threads.find(site, page), None)


def _on_comment(public_id: str, kind: str, *, given: bool) -> Response:
    site, actor = guards.signed_in()
    return answers.own(reactions.on_comment(site, actor, public_id, kind, given=given, key=guards.write_key()))


def _on_page(kind: str, *, given: bool) -> Response:
    asked = inputs.body(inputs.PageReaction)
    site, actor = guards.signed_in_on(asked.site)
    page = threads.page_of(site, asked.page.url, asked.page.id, asked.page.title)
    return answers.own(reactions.on_page(site, actor, page, kind, given=given, key=guards.write_key()))


def _people(thread: Thread | None, comment_id: int | None) -> Response:
    after = inputs.query("after") or None
    if thread is None and after:
        raise Problem("thread.bad_cursor")
    variant = tokens.digest(payload.encode([avatars.base(), comment_id, after]).decode())[:12]
    etag = f"{thread.public_id}.{thread.version}.people.{variant}" if thread else f"none.people.{variant}"

    def body() -> dict[str, Any]:
        if thread is None:
            return {"reactions": {}, "people": [], "next": None}
        return reactions.people(thread, comment_id, after)

    return answers.shared(etag, body)
