"""Tells Akismet where moderators decided otherwise than it did (https://akismet.com/developers/detailed-docs/).

"submit-spam" for what it let through, "submit-ham" for what it took for spam; by the outbox, so that no decision waits
for it. It is told what is stored: the address and the browser of who wrote are not, and are left out.
"""

from flask import Flask, current_app
from sqlalchemy.orm import Session

from widget.core import tokens, verdicts
from widget.core.events import Event
from widget.extensions import db
from widget.models import Comment, Identity, Thread, User
from widget.services import akismet, events, outbox, sites
from widget.services.akismet import Question
from widget.services.outbox import Claimed, Dropped, Failed, Outcome, Sent

CHANNEL = "akismet"
_STATES = {"spam": "spam", "ham": "published"}


def init_app(app: Flask) -> None:
    """Hear of decisions, and send what follows from them."""
    events.hear(app, listen)
    outbox.handle(app, CHANNEL, run)


def listen(session: Session, event: Event) -> None:
    """A row of the outbox for a moderator's decision that corrects Akismet, on a site that asks it."""
    if event.before is None or event.actor_id in {None, event.user_id}:
        return  # a check's word, or its author's doing
    kind = {"comment.spam": "spam", "comment.published": "ham"}.get(event.kind)
    if kind is None or event.comment_id is None or not _key(event.site_id):
        return
    comment = session.get_one(Comment, event.comment_id)
    called_spam = any(one.code == "akismet.spam" for one in verdicts.read(comment.judged).verdicts)
    # What was called spam and is taken back has been told to it as spam.
    if called_spam if kind == "spam" else not (called_spam or event.before == "spam"):
        return
    outbox.put(
        session,
        key=f"akismet:{tokens.secret()}",
        channel=CHANNEL,
        kind=kind,
        payload={"comment": event.comment_id},
        site_id=event.site_id,
        destination=str(current_app.config["AKISMET_URL"]),
    )


def run(claimed: Claimed) -> Outcome:
    """Tell it, if that is still what was decided."""
    comment = db.session.get(Comment, claimed.payload["comment"])
    if comment is None or not comment.raw:
        return Dropped("the comment is gone")
    if comment.state != _STATES[claimed.kind]:
        return Dropped("it was decided otherwise since")
    key = _key(comment.site_id)
    if not key:
        return Dropped("the site has no key any more")
    user = db.session.get_one(User, comment.user_id)
    identity = db.session.get(Identity, comment.identity_id) if comment.identity_id else None
    question = Question(
        page=db.session.get_one(Thread, comment.thread_id).url,
        address="",
        browser="",
        name=identity.name if identity else user.name,
        email=user.email or "",
        website=user.website or "",
        text=comment.raw,
    )
    db.session.rollback()  # no snapshot of the database is held while somebody else is told
    problem = akismet.submit(key, question, claimed.kind)
    return Failed(problem, unreachable=True) if problem else Sent(claimed.kind)


def _key(site_id: int) -> str:
    return str(sites.seen(site_id).settings.akismet_key or current_app.config["AKISMET_KEY"] or "")
