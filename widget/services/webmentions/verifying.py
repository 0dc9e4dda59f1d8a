"""Whether a source links to its target, as somebody said: looked at by a worker, and what follows from that.

A source that says 410 has gone at once; one that says 404, or nothing, may be back: it has two days.
"""

from datetime import timedelta

from sqlalchemy.orm import Session

from widget import net
from widget.core import clock, webmention
from widget.core.errors import Problem
from widget.core.webmention import Target
from widget.extensions import db
from widget.models import Comment, Webmention
from widget.services import branches, events, sites, subjects, transaction
from widget.services.outbox import Claimed, Dropped, Failed, Outcome, Sent
from widget.services.sites import SiteInfo
from widget.services.webmentions import fetching, storing
from widget.services.webmentions.storing import Waiting

PATIENCE = timedelta(days=2)  # with a source that was there, and is shown
TRIES = 5  # with one that nobody has seen yet
_GONE = 410


class _Refusal(Exception):  # noqa: N818 - it is no error: the mention is none
    def __init__(self, answer: str) -> None:
        super().__init__(answer)
        self.answer = answer


class _Missing(Exception):  # noqa: N818 - it may be back
    def __init__(self, status: int) -> None:
        super().__init__(f"status {status}")
        self.status = status


def run(claimed: Claimed) -> Outcome:
    """Look at the source of a mention that waits."""
    row = db.session.get(Webmention, claimed.payload["webmention"])
    if row is None or row.state != "waiting":
        return Dropped("this is settled already")
    site = sites.by_id(row.site_id)
    waiting = Waiting(row.id, row.source, row.target, row.comment_id, row.asked)
    db.session.rollback()  # nothing of the database is held while a stranger is asked
    if site.settings.webmentions == "off":
        return _take_back(site, waiting, "off", keep=True)
    try:
        return _look(site, waiting)
    except _Refusal as refusal:
        return _take_back(site, waiting, refusal.answer)
    except storing.Unsuitable as problem:
        return _take_back(site, waiting, problem.code)
    except net.Refused as refused:
        return _take_back(site, waiting, "source_refused", said=str(refused))
    except net.Error as error:
        return _later(site, waiting, claimed, "source_silent", Failed(type(error).__name__, unreachable=True))
    except _Missing as missing:
        return _later(site, waiting, claimed, "source_missing", Failed(f"status {missing.status}"))


def _look(site: SiteInfo, waiting: Waiting) -> Outcome:
    found = fetching.get(waiting.source)
    if found.status == _GONE:
        raise _Refusal("source_gone")
    if not found.is_there:
        raise _Missing(found.status)
    if not webmention.links_to(Target(waiting.target), found.body, found.mimetype, found.url):
        raise _Refusal("no_link")
    return Sent(storing.keep(site, waiting, found))


def _later(site: SiteInfo, waiting: Waiting, claimed: Claimed, answer: str, failed: Failed) -> Outcome:
    """Try again, unless it was tried long enough."""
    known = waiting.comment_id is not None
    over = clock.now() - claimed.created_at >= PATIENCE if known else claimed.attempts >= TRIES
    return _take_back(site, waiting, answer) if over else failed


def _take_back(site: SiteInfo, waiting: Waiting, answer: str, *, said: str = "", keep: bool = False) -> Outcome:
    """There is no such mention, or none any more: its comment goes, unless it is to be kept or is gone already."""

    def work(session: Session) -> Outcome:
        known = waiting.comment_id is not None
        row = storing.settle(session, waiting, "shown" if known and keep else "gone" if known else "refused", answer)
        if row is None:
            return Dropped("this is settled already")
        if row.comment_id is not None and not keep and _take_out(session, site, row.comment_id):
            row.comment_id = None
        return Dropped(said or answer)

    return transaction.write(work)


def _take_out(session: Session, site: SiteInfo, comment_id: int) -> bool:
    """Delete the comment; not one that moderators have put away: whatever comes of its source, it stays there."""
    found = session.get_one(Comment, comment_id)
    try:
        comment, _ = subjects.locked(session, site, found.public_id)
    except Problem:
        return False
    if comment.state not in {"published", "pending"}:
        return False
    branches.take_out(session, comment)
    events.of_comment(session, "comment.deleted", comment, by=comment.user_id)
    return True
