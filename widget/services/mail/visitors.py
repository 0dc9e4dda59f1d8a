"""Single mails to visitors: a reply, a mention, a comment in a thread they follow, word that theirs is published."""

from sqlalchemy.orm import Session

from widget.core.letters import Block, Letter, Link, Links, Quote, Words
from widget.models import Subscription
from widget.services import sites
from widget.services.mail import addresses, asked, facts, letters, links
from widget.services.mail.letters import Draft
from widget.services.mail.voice import Voice
from widget.services.outbox import Claimed

_ENDS = links.CONFIRM_LIFE.days


def write(session: Session, claimed: Claimed) -> Draft | None:
    """The mail of one notice, as long as its comment is published."""
    found = letters.notice_of(session, claimed)
    if found is None or found[2].state != "published":
        return None
    notice, to, comment = found
    voice, site = Voice(to.lang), sites.by_id(comment.site_id)
    said = facts.said(session, comment)
    who = {"name": said.name, "title": said.title}
    blocks: list[Block] = [Words(voice(f"{notice.reason}.lead", **who)), Quote(said.text, by=said.name)]
    if notice.reason == "published":
        blocks = [Words(voice("published.lead", **who)), Quote(said.text)]
    elif above := facts.parent(session, comment):
        lead = voice("reply.yours") if notice.reason == "reply" else voice("comment.answers", name=above.name)
        blocks += [Words(lead, dim=True), Quote(above.text, dim=True)]
    button = "read" if notice.reason == "published" else "answer"
    blocks.append(Links((Link(voice(button, host=said.host), said.url, strong=True),)))
    may_answer = notice.reason != "published" and addresses.offered(session, to)
    if may_answer:
        blocks.append(Words(voice("reply.how"), dim=True))
    subject = voice(f"{notice.reason}.subject", **who)
    letter = Letter(subject, tuple(blocks), letters.footer(session, voice, to, site.name))
    return Draft(to, letter, thread=said.thread, answers=comment if may_answer else None)


def write_confirmation(session: Session, claimed: Claimed) -> Draft | None:
    """The question whether an address wants what was asked for it, as long as nobody has answered."""
    to = session.get(Subscription, claimed.payload["subscription"])
    waiting = asked.unconfirmed(session, to) if to else []
    if to is None or not waiting:
        return None
    voice, site = Voice(to.lang), sites.by_id(to.site_id)
    blocks: list[Block] = [Words(voice("confirm.lead", site=site.name))]
    blocks += [Quote(voice(f"what.{one.kind}", **letters.named(session, one, site.name))) for one in waiting]
    blocks += [
        Words(voice("confirm.do")),
        Links((Link(voice("confirm.button", host=links.host()), links.confirm(to), strong=True),)),
        Words(voice("confirm.not"), dim=True),
        Words(voice.counted("confirm.ends", _ENDS), dim=True),
    ]
    return Draft(to, Letter(voice("confirm.subject", site=site.name), tuple(blocks)), stops=False)
