"""From what happened to whom it concerns: notices, and the mails that are due at once."""

from datetime import timedelta

from flask import current_app
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from widget.core import clock, tokens
from widget.core.events import Event
from widget.models import Comment, Notice, Subscription
from widget.services import outbox, sites, transaction
from widget.services.mail import post, recipients
from widget.services.mail.recipients import Concern
from widget.services.outbox import Claimed, Dropped, Outcome, Sent
from widget.services.sites import SiteInfo

TOLD = ("comment.created", "comment.published", "comment.flagged", "comment.held")
OWNERS_HOURLY = 20  # single messages to somebody who looks after a site: each wants a decision
_HOUR = timedelta(hours=1)
_ABOUT = {
    "comment.created": "comment",
    "comment.published": "comment",
    "comment.flagged": "flag",
    "comment.held": "held",
}


def listen(session: Session, event: Event) -> None:
    """One row in the transaction of the event; whom it concerns is found out later, by the worker."""
    if event.kind == "comment.held" and event.actor_id != event.user_id:
        return  # readers' flags are told as such, and whoever takes a decision back knows of it
    if event.kind in TOLD and event.comment_id is not None:
        outbox.put(
            session,
            key=f"event:{tokens.secret()}",
            channel="event",
            kind=event.kind,
            payload={"comment": event.comment_id, "before": event.before},
            site_id=event.site_id,
        )


def run(claimed: Claimed) -> Outcome:
    """Write the notices of an event. Done twice it changes nothing."""

    def work(session: Session) -> Outcome:
        comment = session.get(Comment, claimed.payload["comment"])
        if comment is None:
            return Dropped("the comment is gone")
        site = sites.by_id(comment.site_id)
        told = [
            _tell(session, site, comment, claimed.kind, concern)
            for concern in _concerned(session, site, comment, claimed)
        ]
        return Sent(f"{sum(told)} are told")

    return transaction.write(work)


def _concerned(session: Session, site: SiteInfo, comment: Comment, claimed: Claimed) -> list[Concern]:
    if claimed.kind == "comment.published":
        if comment.state != "published":
            return []
        approved = claimed.payload["before"] in {"pending", "spam"}
        return list(recipients.of_published(session, comment, approved=approved))
    if comment.state not in ({"pending"} if claimed.kind == "comment.held" else {"pending", "published"}):
        return []
    own = recipients.persons_of(session, comment.user_id)
    reason = "flag" if claimed.kind == "comment.flagged" else "owner"
    return [
        Concern(one, reason)
        for one in recipients.owners(session, site)
        if one.user_id != comment.user_id and one.person not in own
    ]


def _tell(session: Session, site: SiteInfo, comment: Comment, kind: str, concern: Concern) -> bool:
    """Note it for this person, unless they were told already; whether that is new."""
    one, about = concern.subscription, "published" if concern.reason == "published" else _ABOUT[kind]
    if kind == "comment.held" and comment.edited_at:
        about = f"{about} {int(comment.edited_at.timestamp())}"  # each version that waits wants a decision of its own
    how = site.settings.mail_owners if one.how == "site" else one.how
    if how == "off":
        return False
    known = Notice.person == one.person, Notice.comment_id == comment.id, Notice.about == about
    if session.scalar(select(Notice.id).where(*known)) is not None:
        return False
    if how == "instantly" and _recent(session, one) >= _most(one):
        how = "busy"
    notice = Notice(
        person=one.person,
        comment_id=comment.id,
        about=about,
        reason=concern.reason,
        subscription_id=one.id,
        how=how,
    )
    session.add(notice)
    session.flush()
    if how == "instantly":
        notice.outbox_id = outbox.put(
            session,
            key=f"notice:{notice.id}",
            channel="mail",
            kind=concern.reason,
            payload={"notice": notice.id},
            site_id=site.id,
            person=one.person,
            destination=post.destination(),
        )
    return True


def _recent(session: Session, one: Subscription) -> int:
    recent = Notice.person == one.person, Notice.how == "instantly", Notice.created_at > clock.now() - _HOUR
    return session.scalar(select(func.count()).select_from(Notice).where(*recent)) or 0


def _most(one: Subscription) -> int:
    return OWNERS_HOURLY if one.kind == "owner" else int(current_app.config["MAIL_HOURLY"])


def confirmation(session: Session, subscription: Subscription, *, again: str) -> None:
    """Ask the address whether it wants that; `again` tells apart what may be asked once more."""
    outbox.put(
        session,
        key=f"confirm:{subscription.public_id}:{again}",
        channel="mail",
        kind="confirm",
        payload={"subscription": subscription.id},
        site_id=subscription.site_id,
        person=subscription.person,
        destination=post.destination(),
    )
