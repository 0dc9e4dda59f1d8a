"""The one mail to somebody whose answer did not become a comment: why, and where they can write."""

from sqlalchemy.orm import Session

from widget.core.letters import Block, Letter, Link, Links, Words
from widget.models import Comment, Subscription
from widget.services import sites
from widget.services.mail import facts
from widget.services.mail.letters import Draft
from widget.services.mail.voice import Voice
from widget.services.outbox import Claimed

# By the code of core.errors; every other is "other".
WHY = {
    "comment.empty": "empty",
    "comment.too_long": "long",
    "comment.changed": "changed",
    "comment.bad_parent": "gone",
    "comment.gone": "gone",
    "thread.closed": "closed",
    "role.missing": "not_allowed",
    "person.banned": "not_allowed",
    "guest.not_allowed": "not_allowed",
    "guest.name_reserved": "not_allowed",
    "limit.person": "often",
    "limit.page": "often",
    "limit.site": "often",
    "reply.quoted": "quoted",
    "reply.too_large": "long",
}


def write(session: Session, claimed: Claimed) -> Draft | None:
    """The mail of a row, as long as its reader and its comment are there."""
    to, comment = (
        session.get(Subscription, claimed.payload["subscription"]),
        session.get(Comment, claimed.payload["comment"]),
    )
    if to is None or comment is None:
        return None
    voice, site = Voice(to.lang), sites.by_id(to.site_id)
    said = facts.said(session, comment)
    blocks: list[Block] = [
        Words(voice("unposted.lead", name=said.name, title=said.title)),
        Words(voice(f"unposted.{WHY.get(claimed.payload['code'], 'other')}")),
        Links((Link(voice("read", host=said.host), said.url, strong=True),)),
    ]
    footer = (Words(voice("unposted.code", site=site.name, code=claimed.payload["code"])),)
    letter = Letter(voice("unposted.subject", title=said.title), tuple(blocks), footer)
    return Draft(to, letter, thread=said.thread, stops=False)
