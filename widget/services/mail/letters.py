"""What the letters have in common: to whom, what stands below, and what is forgotten when one is not sent."""

from dataclasses import dataclass

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from widget.core.letters import Letter, Link, Words
from widget.models import Comment, Notice, Subscription, Thread
from widget.services import transaction
from widget.services.mail import facts, links
from widget.services.mail.voice import Voice
from widget.services.outbox import Claimed


@dataclass(frozen=True)
class Draft:
    """A letter and its reader. `thread`: the conversation it belongs to; `stops`: whether one click ends such mail;
    `answers`: the comment that an answer to the mail would answer."""

    to: Subscription
    letter: Letter
    thread: str = ""
    stops: bool = True
    answers: Comment | None = None


def notice_of(session: Session, claimed: Claimed) -> tuple[Notice, Subscription, Comment] | None:
    """What a row of one notice is about, while its reader still wants it and its comment is there."""
    notice = session.get(Notice, claimed.payload["notice"])
    if notice is None:
        return None
    to, comment = session.get(Subscription, notice.subscription_id), session.get(Comment, notice.comment_id)
    if to is None or comment is None or to.confirmed_at is None or to.how == "off":
        return None
    return notice, to, comment


def footer(session: Session, voice: Voice, to: Subscription, site: str) -> tuple[Words | Link, ...]:
    """Why this comes, how it stops, and where everything is."""
    why = to.kind if to.kind in {"replies", "thread", "mentions", "published"} else "owner"
    return (
        Words(voice(f"why.{why}", **named(session, to, site))),
        Link(voice("stop", host=links.host()), links.stop(to)),
        Link(voice("all", host=links.host()), links.mine(to)),
    )


def named(session: Session, to: Subscription, site: str) -> dict[str, str]:
    """What the words about a subscription name: the site, and the page's title where it is one page's."""
    thread = session.get(Thread, to.thread_id) if to.thread_id else None
    return {"site": site, "title": facts.title_of(thread) if thread else ""}


def forget(claimed: Claimed) -> None:
    """The notices that a row would have told are told by none: if their comment comes back, it is told then."""

    def work(session: Session) -> None:
        session.execute(delete(Notice).where(Notice.outbox_id == claimed.id))

    transaction.write(work)


def notices_of(session: Session, claimed: Claimed) -> list[tuple[Notice, Comment]]:
    """What a digest tells, in the order in which it was written."""
    query = select(Notice, Comment).join(Comment, Comment.id == Notice.comment_id)
    rows = session.execute(query.where(Notice.outbox_id == claimed.id).order_by(Comment.thread_id, Comment.id))
    return [(row[0], row[1]) for row in rows]
