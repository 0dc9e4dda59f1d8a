"""POST /api/v1/subscriptions: have replies, a thread, mentions or word of publication sent by mail."""

from flask import Blueprint, Response

from widget import words
from widget.core.errors import Problem
from widget.services import subscriptions, threads, transaction
from widget.web import answers, guards, inputs, pages
from widget.web.api import mine, schema

blueprint = Blueprint("subscriptions", __name__)


@blueprint.post("/subscriptions")
@schema.describe(
    json=inputs.NewSubscription, answer=(200, mine.Asked), errors=(400, 401, 403, 404, 415), signed_in=True
)
def ask() -> Response:
    """Ask for mail; once more changes how often it comes. An address that nobody vouches for is asked first."""
    asked = inputs.body(inputs.NewSubscription)
    site, actor = guards.signed_in_on(asked.site)
    if not asked.kinds:
        raise Problem("request.bad_field", field="kinds", reason="name at least one")
    page = threads.page_of(site, asked.page.url, asked.page.id, asked.page.title) if asked.page else None
    lang = words.choose(asked.lang or "") if asked.lang else pages.language()
    made = transaction.twice(
        lambda session: subscriptions.ask(
            session, site, actor, kinds=list(asked.kinds), how=asked.how, email=asked.email, lang=lang, page=page
        )
    )
    return answers.own(made)
