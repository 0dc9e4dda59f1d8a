"""Telling a page that a comment links to it, or does not any more: where the page says that it takes mentions."""

from dataclasses import dataclass
from urllib.parse import urlencode

from flask import current_app
from sqlalchemy import select
from sqlalchemy.orm import Session

from widget import net
from widget.core import clock, webmention
from widget.extensions import db
from widget.models import Comment, Thread, ToldMention
from widget.services import transaction
from widget.services.outbox import Claimed, Dropped, Failed, Outcome, Sent
from widget.services.webmentions import fetching

_SERVER_ERROR = 500


@dataclass(frozen=True)
class _Told:
    id: int
    source: str
    target: str


def run(claimed: Claimed) -> Outcome:
    """Ask the page where, and tell it."""
    told = _read(claimed.payload["told"])
    db.session.rollback()  # nothing of the database is held while a stranger is asked
    if told is None:
        return Dropped("the comment is gone")
    try:
        outcome = _tell(told)
    except net.Refused as refused:
        outcome = Dropped(str(refused))
    except net.Silence as silence:
        outcome = Failed(type(silence).__name__, unreachable=True)
    except net.Error as error:
        outcome = Failed(type(error).__name__)
    if not isinstance(outcome, Failed):
        transaction.write(lambda session: _note(session, told, outcome))
    return outcome


def _read(told_id: int) -> _Told | None:
    query = (
        select(ToldMention.id, ToldMention.target, Comment.public_id, Thread.public_id.label("thread"))
        .join(Comment, Comment.id == ToldMention.comment_id)
        .join(Thread, Thread.id == Comment.thread_id)
        .where(ToldMention.id == told_id)
    )
    row = db.session.execute(query).first()
    if row is None:
        return None
    source = f"{current_app.config['PUBLIC_URL']}/t/{row.thread}?{urlencode({'at': row.public_id})}"
    return _Told(row.id, source, row.target)


def _tell(told: _Told) -> Outcome:
    page = fetching.get(told.target)
    if page.status >= _SERVER_ERROR:
        return Failed(f"its page answered {page.status}")
    endpoint = webmention.endpoint(page.links, page.page(), page.url)
    if endpoint is None:
        return Dropped("it takes no mentions")
    status = fetching.post(endpoint, {"source": told.source, "target": told.target}).status_code
    if status >= _SERVER_ERROR:
        return Failed(f"its endpoint answered {status}")
    return Sent(f"{status}") if 200 <= status < 300 else Dropped(f"its endpoint answered {status}")


def _note(session: Session, told: _Told, outcome: Outcome) -> None:
    row = session.get(ToldMention, told.id, with_for_update=True, populate_existing=True)
    if row is None:
        return
    if not row.linked:
        session.delete(row)  # it knows that the link is gone, or does not want to
        return
    row.answer = outcome.answer[:200]
    if isinstance(outcome, Sent):
        row.told_at = clock.now()
