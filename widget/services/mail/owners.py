"""Mails to those who look after a site: a new comment in its place, and what can be done about it with one link."""

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from widget.core.letters import Block, Letter, Link, Links, Quote, Words
from widget.models import Comment, Subscription
from widget.services import reception, sites
from widget.services.mail import addresses, facts, letters, links, recipients
from widget.services.mail.facts import Said
from widget.services.mail.letters import Draft
from widget.services.mail.voice import Voice
from widget.services.outbox import Claimed


def write(session: Session, claimed: Claimed) -> Draft | None:
    """The mail of one notice, as long as the comment waits or is published and its reader looks after the site."""
    found = letters.notice_of(session, claimed)
    if found is None or found[2].state not in {"pending", "published"}:
        return None
    notice, to, comment = found
    voice, site = Voice(to.lang), sites.by_id(comment.site_id)
    if not recipients.still_owner(session, site, to):
        return None
    said = facts.said(session, comment)
    what = "flagged" if notice.reason == "flag" else comment.state
    who = {"name": said.name, "title": said.title}
    blocks: list[Block] = [Words(voice(f"owner.{what}.lead", **who))]
    if above := facts.parent(session, comment):
        blocks += [Words(voice("comment.answers", name=above.name), dim=True), Quote(above.text, dim=True)]
    blocks += [Quote(said.text, by=said.name), Words(_about(session, voice, said), dim=True)]
    if may := actions(voice, to, said):
        blocks += [*may, Words(voice.counted("owner.links", links.DECIDE_LIFE.days, host=links.host()), dim=True)]
    blocks.append(Links((Link(voice("read", host=said.host), said.url),)))
    may_answer = addresses.offered(session, to)
    if may_answer:
        blocks.append(Words(voice("owner.reply.how" if comment.state == "pending" else "reply.how"), dim=True))
    letter = Letter(voice(f"owner.{what}.subject", **who), tuple(blocks), letters.footer(session, voice, to, site.name))
    return Draft(to, letter, thread=said.thread, answers=comment if may_answer else None)


def actions(voice: Voice, to: Subscription, said: Said) -> list[Block]:
    """What a comment's reader may do about it: approve what waits, take away, answer."""
    if to.user_id is None:
        return []  # decisions are somebody's; an address alone is nobody
    comment = said.comment
    acts = [act for act in links.ACTS if act != "approve" or comment.state == "pending"]
    first = "approve" if comment.state == "pending" else "reply"
    made = [Link(voice(f"owner.{act}"), links.decide(to, comment, act), strong=act == first) for act in acts]
    return [Links(tuple(made))]


def _about(session: Session, voice: Voice, said: Said) -> str:
    """With what the author signed in, and whether they are new."""
    comment = said.comment
    provider = reception.shown_name(said.provider, voice.lang) if said.provider else ""
    known = [voice("owner.via", provider=provider) if provider else voice("owner.guest")]
    earlier = select(func.count()).select_from(Comment)
    earlier = earlier.where(Comment.user_id == comment.user_id, Comment.site_id == comment.site_id)
    if not session.scalar(earlier.where(Comment.id < comment.id)):
        known.append(voice("owner.first"))
    return " ".join(known)
