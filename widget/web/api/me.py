"""/api/v1/me: what of this site is the viewer's own: comments and sessions. The rest is on /account alone."""

from flask import Blueprint, Response

from widget.services import own, sessions, subscriptions, threads, transaction
from widget.web import answers, feeds, guards, inputs
from widget.web.api import mine, schema

blueprint = Blueprint("me", __name__)


@blueprint.get("/me/comments")
@schema.describe(query=schema.PageQuery, answer=(200, mine.Mine), errors=(401, 403, 404), signed_in=True)
def read() -> Response:
    """What of a page is the viewer's: comments they may still change, comments that wait for a moderator, reactions."""
    site, actor = guards.signed_in_on(inputs.query("site"))
    page = threads.page_of(site, inputs.query("url"), inputs.query("id"))
    return answers.own(own.of_page(site, actor, page))


@blueprint.get("/me/sessions")
@schema.describe(answer=(200, mine.Sessions), errors=(401, 403), signed_in=True)
def list_sessions() -> Response:
    """Where the viewer is signed in on this site."""
    _, actor = guards.signed_in()
    return answers.own({"sessions": sessions.mine(actor)})


@blueprint.get("/me/feeds")
@schema.describe(answer=(200, mine.Feeds), errors=(401, 403), signed_in=True)
def feeds_of_mine() -> Response:
    """Where the viewer reads what others answer them on this site; whoever has such an address reads it, too."""
    site, actor = guards.signed_in()
    return answers.own({"replies": feeds.of_replies(site, actor.user_id)})


@blueprint.get("/me/subscriptions")
@schema.describe(answer=(200, mine.Subscriptions), errors=(401, 403), signed_in=True)
def list_subscriptions() -> Response:
    """The mail that the viewer asked for on this site."""
    site, actor = guards.signed_in()
    return answers.own(subscriptions.mine(site, actor))


@blueprint.delete("/me/subscriptions/<public_id>")
@schema.describe(answer=(204, None), errors=(401, 403, 404), signed_in=True)
def end_subscription(public_id: str) -> Response:
    """Get this mail no more."""
    site, actor = guards.signed_in()
    transaction.write(lambda session: subscriptions.end(session, site, actor, public_id))
    return Response(status=204)


@blueprint.delete("/me/sessions/<public_id>")
@schema.describe(answer=(204, None), errors=(401, 403, 404), signed_in=True)
def end_session(public_id: str) -> Response:
    """End one of the viewer's sessions on this site, in whatever browser it is."""
    _, actor = guards.signed_in()
    transaction.write(lambda session: sessions.end(session, actor, public_id))
    return Response(status=204)
