"""What becomes of a mail that answers one of ours: a comment by the one ordinary way, or a reason why not.

Whatever way it came by, it is taken once: its Message-ID is kept in the transaction of its comment. Nobody is told
anything but the reader whom we wrote to, at that address, and not if the mail may be somebody else's or a machine's.
"""

import logging
from dataclasses import dataclass
from datetime import timedelta
from email.message import Message

from flask import current_app
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from widget.core import clock, mailorigin, mailtext, replying, text, tokens
from widget.core.errors import Problem
from widget.extensions import db
from widget.models import Arrival, Comment, Identity, ReplyAddress, Subscription
from widget.services import comments, limits, outbox, roles, sessions, sites, threads, transaction
from widget.services.comments import Along
from widget.services.judging import Sent
from widget.services.mail import addresses, facts, links, post
from widget.services.moderation import decisions
from widget.services.moderation.moderators import Moderator

POSTED = "posted"
KEEP = timedelta(days=90)
# Of these nobody is told: a machine does not read, and what is forged was not written by whom we know.
SILENT = frozenset(
    {"reply.unreadable", "reply.automatic", "reply.forged", "reply.foreign", "reply.unknown", "reply.expired"}
)
_log = logging.getLogger(__name__)


@dataclass(frozen=True)
class _Case:
    """A mail (its headers), whom it is from by its secret address, and what it answers."""

    message: Message
    key: str
    address: ReplyAddress
    to: Subscription
    comment: Comment
    envelope: str | None


def take(raw: bytes, token: str, *, envelope: str | None = None, whole: bool = True) -> str:
    """Take a mail (its bytes as they came) that was sent to the address with this secret.

    `envelope` is the sender that the mail server was given; `whole` is not true of one that is too large, of which
    these are the headers. Returns `posted`, or the code of core.errors why it is no comment; of a mail that has come
    before, what became of it then. Raises Problem: reply.unknown, reply.expired; server.busy, and then it is to be
    brought again.
    """
    address = addresses.find(token)
    message = mailtext.headers_of(raw)
    session = db.session()
    to = session.get_one(Subscription, address.subscription_id)
    comment = session.get_one(Comment, address.comment_id)
    case = _Case(message, _key(message, raw, token), address, to, comment, envelope)
    if (before := _known(case.key)) is not None:
        return before
    try:
        if not whole or len(raw) > current_app.config["REPLY_BYTES"]:
            raise Problem("reply.too_large", limit=current_app.config["REPLY_BYTES"])
        _check(case)
        message = _parsed(raw)
        _post(case, _words(case, message))
        code = POSTED
    except Problem as problem:
        if problem.code == "server.busy":
            raise
        code = problem.code
        _note(case, code)
    except IntegrityError:
        if (before := _known(case.key)) is None:
            raise
        return before
    files = mailtext.attachments(message)
    _log.info("an answer by mail: %s%s", code, f", without its {files} files" if files else "")
    return code


def tokens_of(raw: bytes) -> list[str]:
    """The secrets of all addresses of ours that a mail says it is for, each once."""
    found = map(addresses.token_of, mailorigin.recipients(mailtext.headers_of(raw)))
    return list(dict.fromkeys(token for token in found if token))


def _check(case: _Case) -> None:
    """Raises Problem: reply.automatic, reply.forged, reply.foreign."""
    config = current_app.config
    if mailorigin.is_automatic(case.message, envelope=case.envelope, own_domain=post.own_domain()):
        raise Problem("reply.automatic")
    found = mailorigin.authentication(case.message, config["MAIL_AUTHSERV_ID"])
    if found.verdict == mailorigin.FAIL:
        raise Problem("reply.forged")
    if config["REPLY_STRICT"]:
        sender = mailorigin.sender(case.message).casefold()
        vouched = found.aligned or not config["MAIL_AUTHSERV_ID"]
        if sender != case.to.email.casefold() or not vouched:
            raise Problem("reply.foreign")


def _parsed(raw: bytes) -> Message:
    """Raises Problem("reply.unreadable")."""
    try:
        return mailtext.parsed(raw)
    except ValueError:
        raise Problem("reply.unreadable") from None


def _words(case: _Case, message: Message) -> str:
    """What the answer says. Raises Problem("reply.quoted") where something of our mail is left in it: its links are
    secrets of its reader."""
    said = replying.cut(mailtext.text_of(message), ours=post.own_names(case.to))
    said = text.clean_text(replying.unwrap(said))
    if replying.has_link_of_ours(said) or f"{links.host()}/mail/".casefold() in said.casefold() or _has_address(said):
        raise Problem("reply.quoted")
    return said


def _has_address(said: str) -> bool:
    words = said.replace("<", " ").replace(">", " ").replace("(", " ").replace(")", " ").replace(":", " ").split()
    return any(addresses.token_of(word.strip(".,;\"'[]*")) for word in words if "@" in word)


def _post(case: _Case, said: str) -> None:
    """Make the comment; a comment that waits is let through with it, if its text is the one that the mail showed."""
    comment, user_id = case.comment, case.to.user_id
    if user_id is None:
        raise Problem("reply.unknown")
    site = sites.by_id(comment.site_id)
    above = facts.said(db.session(), comment)
    _, page = threads.by_public_id(above.thread)
    moderator, version, public_id = Moderator(user_id, site.id), case.address.version, comment.public_id
    staff, person, key = case.address.staff, (user_id, _identity(site.id, user_id)), case.key

    def first(session: Session) -> None:
        limits.take(session, "reply", site=site, address="", user_id=user_id)

    def locked(session: Session) -> None:
        if not staff:
            return
        if roles.of_user(session, site.id, user_id) is None:
            raise Problem("role.missing")
        if session.scalar(select(Comment.state).where(Comment.public_id == public_id)) == "pending":
            decisions.apply(session, moderator=moderator, public_id=public_id, act="approve", version=version)

    def last(session: Session) -> None:
        session.add(_arrival(key, site.id, POSTED))
        session.flush()

    comments.create(
        site,
        sessions.by_mail(site.id, person),
        page,
        raw=said,
        parent=public_id,
        sent=Sent(form=False),
        key=key,
        along=Along(first, locked, last),
    )


def _identity(site_id: int, user_id: int) -> int | None:
    """The account under whose name they answer: that of their last comment here, else their first."""
    session = db.session()
    theirs = select(Comment.identity_id).where(Comment.user_id == user_id, Comment.site_id == site_id)
    last = session.execute(theirs.order_by(Comment.id.desc()).limit(1)).first()
    if last is not None and last.identity_id is not None:
        return int(last.identity_id)
    return session.scalar(select(Identity.id).where(Identity.user_id == user_id).order_by(Identity.id).limit(1))


def _note(case: _Case, code: str) -> None:
    """Keep that it has come, and tell its reader once why it is no comment, where that is for them to hear."""
    key, site_id, to = case.key, case.comment.site_id, case.to
    payload = {"subscription": to.id, "comment": case.comment.id, "code": code}
    person, user_id = to.person, to.user_id

    def work(session: Session) -> None:
        session.add(_arrival(key, site_id, code))
        session.flush()
        if code in SILENT:
            return
        try:
            limits.take(session, "reply", site=sites.by_id(site_id), address="", user_id=user_id)
        except Problem:
            return  # two machines that answer each other
        outbox.put(
            session,
            key=f"unposted:{key}",
            channel="mail",
            kind="unposted",
            payload=payload,
            site_id=site_id,
            person=person,
            destination=post.destination(),
        )

    try:
        transaction.write(work)
    except IntegrityError:  # it came by two ways at once
        return


def _arrival(key: str, site_id: int, code: str) -> Arrival:
    return Arrival(key=key, site_id=site_id, code=code, expires_at=clock.now() + KEEP)


def _known(key: str) -> str | None:
    return db.session.scalar(select(Arrival.code).where(Arrival.key == key))


def _key(message: Message, raw: bytes, token: str) -> str:
    """What tells a mail apart: its Message-ID; without one, what it says."""
    named = mailorigin.one(message, "message-id")
    if not named:
        body = raw.partition(b"\r\n\r\n")[2] or raw.partition(b"\n\n")[2]
        named = f"{mailorigin.one(message, 'date')}\n{mailorigin.one(message, 'from')}\n{tokens.digest(repr(body))}"
    return tokens.digest(f"{token}\n{named}")
