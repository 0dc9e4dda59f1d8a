"""A guest's comment in one go, without a session that anybody keeps: what a page without JavaScript can do.

Everything goes the way of every other comment: the guest by services.guests, the comment by services.comments.
"""

from dataclasses import astuple, dataclass, replace
from typing import Any

import msgspec
from sqlalchemy import select

from widget.core import payload, tokens
from widget.core.errors import Problem
from widget.extensions import db
from widget.models import Comment, Thread
from widget.services import bodies, comments, guests, sessions, threads
from widget.services.judging import Sent
from widget.services.sites import SiteInfo
from widget.services.threads import Page


@dataclass(frozen=True)
class Entry:
    """What the form brought; `form` is what it was marked with when it was shown, the same for all its readers."""

    name: str
    email: str
    website: str
    raw: str
    parent: str | None
    form: str
    trap: str = ""


@dataclass(frozen=True)
class Written:
    """What became of it: the comment as its author sees it, in which thread (public id)."""

    comment: dict[str, Any]
    thread: str

    @property
    def pending(self) -> bool:
        """Whether it waits, and nobody else sees it."""
        return self.comment.get("state") == "pending"


def sign(site: SiteInfo, page: Page, entry: Entry, *, address: str, browser: str) -> Written:
    """Post it, sent from `address`. The same entry of the same form is posted once, however often it comes.

    Raises the Problems of guests.open_session and comments.create; a comment that cannot stand leaves no guest behind.
    """
    key = tokens.digest(payload.encode([page.key, *astuple(entry)]).decode())
    _look(site, page, entry)
    token, _ = guests.open_session(
        site, name=entry.name, email=entry.email, website=entry.website, address=address, key=key, thumbprint=None
    )
    actor = replace(sessions.actor_of(token), address=address)
    sent = Sent(form=False, trap=entry.trap, browser=browser)
    made = msgspec.json.decode(
        comments.create(site, actor, page, raw=entry.raw, parent=entry.parent, sent=sent, key=key)
    )
    thread = threads.find(site, page)
    if thread is None:
        raise Problem("thread.not_found")
    return Written(made["comment"], thread.public_id)


def _look(site: SiteInfo, page: Page, entry: Entry) -> None:
    """What would be refused anyway is refused before anything is written."""
    thread = threads.find(site, page)
    if thread and not thread.open:
        raise Problem("thread.closed")
    if entry.parent and not (thread and _stands(thread, entry.parent)):
        raise Problem("comment.bad_parent", field="parent")
    bodies.preview(site, page, entry.raw)


def _stands(thread: Thread, public_id: str) -> bool:
    query = select(Comment.id).where(
        Comment.public_id == public_id, Comment.thread_id == thread.id, Comment.state == "published"
    )
    return db.session.scalar(query) is not None
