"""/api/v1/…/moderation: decisions of those with a role on the site, from the page itself."""

from datetime import timedelta
from typing import Any

from flask import Blueprint, Response
from sqlalchemy.orm import Session

from widget.core import clock
from widget.models import Thread
from widget.services import idempotency, reading, sessions
from widget.services.moderation import decisions, people
from widget.services.moderation.moderators import Moderator
from widget.web import answers, guards, inputs
from widget.web.api import moderating, schema

blueprint = Blueprint("moderation", __name__)
_ERRORS = (400, 401, 403, 404, 409, 415, 422)


@blueprint.post("/comments/<public_id>/moderation")
@schema.describe(json=moderating.Decide, answer=(200, moderating.Decided), errors=_ERRORS, writes=True, signed_in=True)
def decide(public_id: str) -> Response:
    """Let a comment through, call it spam, delete it, or take that back; for the site's owner and moderators.

    `version` is the time of the text that was seen (its `edited`, or else its `time`): who approves must say it.
    """
    asked = inputs.body(moderating.Decide)
    site, actor = guards.signed_in()
    moderator = Moderator(actor.user_id, site.id)

    def work(session: Session) -> dict[str, Any]:
        sessions.touch(session, actor)
        done = decisions.apply(
            session,
            moderator=moderator,
            public_id=public_id,
            act=asked.act,
            version=asked.version,
            why=asked.why or "",
        )
        thread = reading.moved_summary(session.get_one(Thread, done.thread_id), done.moved)
        return {"decided": public_id, "before": done.before, "state": done.after, "thread": thread}

    request = ["decide", public_id, asked.act, asked.version, asked.why]
    return answers.own(idempotency.once(actor.scope, guards.write_key(), request, work))


@blueprint.post("/people/<public_id>/moderation")
@schema.describe(json=moderating.Judge, answer=(200, moderating.Judged), errors=_ERRORS, writes=True, signed_in=True)
def judge(public_id: str) -> Response:
    """Ban a person from this site (for some days, or for good), shadow-ban or trust them, or pardon all that."""
    asked = inputs.body(moderating.Judge)
    site, actor = guards.signed_in()
    moderator = Moderator(actor.user_id, site.id)

    def work(session: Session) -> dict[str, Any]:
        sessions.touch(session, actor)
        until = clock.now() + timedelta(days=asked.days) if asked.days else None
        done = people.apply(
            session,
            moderator=moderator,
            public_id=public_id,
            act=asked.act,
            site_id=site.id,
            until=until,
            why=asked.why or "",
        )
        ends = done.stands.until if done.stands else None
        stands = done.stands.kind if done.stands else None
        return {"person": public_id, "stands": stands, "until": clock.rfc3339(ends) if ends else None}

    request = ["judge", public_id, asked.act, asked.days, asked.why]
    return answers.own(idempotency.once(actor.scope, guards.write_key(), request, work))
