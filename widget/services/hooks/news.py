"""What is told of an event, read when it goes out: whether it is still so, and how much of it may be said."""

from typing import NamedTuple

import msgspec
from flask import current_app
from sqlalchemy import select
from sqlalchemy.orm import Session

from widget.core import clock, hookbody, ids, letters
from widget.core.hookbody import Body, CommentRef, Data, News, PageRef, PersonRef, SiteRef
from widget.models import Comment, Identity, Site, Thread, User
from widget.services import sites
from widget.services.outbox import Claimed
from widget.services.sites import SiteInfo

LONGEST = 10_000
_NAME, _TITLE = 80, 200


class Rule(NamedTuple):
    """`true`: the states of a comment in which an event is told; `words`: those in which its text is, too."""

    true: tuple[str, ...]
    words: tuple[str, ...]


# What waits is read by those alone who chose to be told of what was just written.
RULES = {
    "comment.created": Rule(("published", "pending"), ("published", "pending")),
    "comment.published": Rule(("published",), ("published",)),
    "comment.edited": Rule(("published", "pending"), ("published",)),
    "comment.deleted": Rule(("deleted",), ()),
    "comment.spam": Rule(("spam",), ()),
    "comment.held": Rule(("pending",), ()),
    "comment.flagged": Rule(("published", "pending"), ("published",)),
}
_VIEWS = {"comment.flagged": "flagged", "comment.spam": "spam"}


def of_row(session: Session, claimed: Claimed) -> News | None:
    """The event of a row of the outbox; None where it is not so any more."""
    told = claimed.payload
    if session.get(Site, told["site"]) is None:
        return None
    site = sites.by_id(told["site"])
    stamp = clock.rfc3339(clock.from_microseconds(told["at"]))
    data = _of_comment(session, site, claimed) if told["comment"] else _of_person(session, site, claimed)
    if data is None:
        return None
    return News(message_id(claimed.public_id), Body(claimed.kind, stamp, data), site.settings.mail_lang)


def of_test(site: SiteInfo | None) -> News:
    """What is sent when somebody tries a hook."""
    named = SiteRef(site.key, site.name) if site else None
    body = Body(hookbody.TEST, clock.rfc3339(clock.now()), Data(named, _desk("/")))
    return News(message_id(ids.public_id()), body, site.settings.mail_lang if site else "en")


def message_id(public_id: str) -> str:
    """Under what a message goes out, each time."""
    return f"msg_{public_id}"


def _of_comment(session: Session, site: SiteInfo, claimed: Claimed) -> Data | None:
    comment, rule, told = session.get(Comment, claimed.payload["comment"]), RULES[claimed.kind], claimed.payload
    if comment is None or comment.shadow or comment.state not in rule.true:
        return None
    thread = session.get_one(Thread, comment.thread_id)
    above = session.get(Comment, comment.parent_id) if comment.parent_id else None
    text = None
    if comment.state in rule.words:
        text = letters.excerpt(msgspec.json.decode(comment.tree), longest=LONGEST)
    view = "pending" if comment.state == "pending" else _VIEWS.get(claimed.kind, "all")
    by = told["by"] if claimed.kind != "comment.flagged" else None
    return Data(
        site=SiteRef(site.key, site.name),
        desk=_desk(f"/queue?view={view}&site={site.key}"),
        page=PageRef(thread.url, letters.plain(thread.title or thread.url.partition("://")[2], longest=_TITLE)),
        comment=CommentRef(
            id=comment.public_id,
            url=f"{thread.url}#comment-{comment.public_id}",
            kind=comment.kind,
            state=comment.state,
            before=told["before"],
            parent=above.public_id if above else None,
            author=_person(session, comment.user_id, comment.identity_id),
            text=text,
            time=clock.rfc3339(comment.created_at),
            edited=clock.rfc3339(comment.edited_at) if comment.edited_at else None,
        ),
        by=_person(session, by) if by else None,
    )


def _of_person(session: Session, site: SiteInfo, claimed: Claimed) -> Data | None:
    told = claimed.payload
    if session.get(User, told["user"]) is None:
        return None
    person = _person(session, told["user"])
    by = _person(session, told["by"]) if told["by"] else None
    return Data(SiteRef(site.key, site.name), _desk(f"/people?person={person.id}"), person=person, by=by)


def _person(session: Session, user_id: int, identity_id: int | None = None) -> PersonRef:
    account = session.get(Identity, identity_id) if identity_id else None
    user = session.execute(select(User.public_id, User.name).where(User.id == user_id)).one()
    name = (account and account.name) or user.name
    return PersonRef(user.public_id, letters.plain(name, longest=_NAME), account.provider if account else None)


def _desk(path: str) -> str:
    return f"{current_app.config['PUBLIC_URL']}/admin{path}"
