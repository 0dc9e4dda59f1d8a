"""Several comments in one mail: once a day or a week, or when too many came at once."""

from itertools import groupby

from sqlalchemy.orm import Session

from widget.core.letters import Block, Letter, Link, Links, Quote, Title, Words
from widget.models import Comment, Subscription
from widget.services import sites
from widget.services.mail import facts, letters, owners, recipients
from widget.services.mail.letters import Draft
from widget.services.mail.voice import Voice
from widget.services.outbox import Claimed

MOST = 40  # comments in one mail; the others are on their pages
A_PAGE = 8
LONGEST = 400


def write(session: Session, claimed: Claimed) -> Draft | None:
    """The digest of a row: of its notices those whose comments are still there to be read."""
    to = session.get(Subscription, claimed.payload["subscription"])
    if to is None:
        return None
    site = sites.by_id(to.site_id)
    is_owner = to.kind == "owner"
    if is_owner and not recipients.still_owner(session, site, to):
        return None
    readable = {"pending", "published"} if is_owner else {"published"}
    found = [one for notice, one in letters.notices_of(session, claimed) if _wanted(session, notice.subscription_id)]
    comments = list({one.id: one for one in found if one.state in readable}.values())
    if not comments:
        return None
    voice = Voice(to.lang)
    waiting = sum(one.state == "pending" for one in comments)
    blocks: list[Block] = [Words(voice(f"digest.{claimed.payload['how']}"))]
    if waiting:
        blocks.append(Words(voice.counted("owner.digest.waiting", waiting)))
    for _, group in groupby(comments[:MOST], key=lambda one: one.thread_id):
        blocks += _page(session, voice, to, list(group))
    if len(comments) > MOST:
        blocks.append(Words(voice.counted("digest.more", len(comments) - MOST)))
    subject = voice.counted("owner.digest.subject" if is_owner else "digest.subject", len(comments), site=site.name)
    return Draft(to, Letter(subject, tuple(blocks), letters.footer(session, voice, to, site.name)))


def _wanted(session: Session, subscription_id: int) -> bool:
    row = session.get(Subscription, subscription_id)
    return row is not None and row.how != "off" and row.confirmed_at is not None


def _page(session: Session, voice: Voice, to: Subscription, comments: list[Comment]) -> list[Block]:
    """The comments of one page."""
    shown = [facts.said(session, one, longest=LONGEST) for one in comments[:A_PAGE]]
    blocks: list[Block] = [Title(voice("digest.page", title=shown[0].title))]
    for said in shown:
        pending = said.comment.state == "pending"
        by = f"{said.name} ({voice('owner.waits')})" if pending else said.name
        blocks.append(Quote(said.text, by=by))
        if pending:
            blocks += owners.actions(voice, to, said)
    if len(comments) > A_PAGE:
        blocks.append(Words(voice.counted("digest.more", len(comments) - A_PAGE)))
    blocks.append(Links((Link(voice("read", host=shown[0].host), shown[0].url, strong=True),)))
    return blocks
