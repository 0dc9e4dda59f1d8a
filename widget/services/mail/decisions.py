"""What a link of a mail to an owner does: decide about a comment, or answer it; once, and only to the text it names."""

from collections.abc import Callable
from dataclasses import dataclass

from sqlalchemy import delete, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session as DbSession

from widget.core import clock, text, tokens
from widget.core.errors import Problem
from widget.extensions import db
from widget.models import Comment, Identity, Session, Subscription, UsedLink, User
from widget.services import bodies, comments, roles, sessions, sites, threads, transaction
from widget.services.judging import Sent
from widget.services.mail import facts, links
from widget.services.mail.facts import Said
from widget.services.mail.links import Decision
from widget.services.moderation import decisions
from widget.services.moderation.moderators import Moderator
from widget.services.sites import SiteInfo

DONE = {"approve": "published", "delete": "deleted", "spam": "spam"}


@dataclass(frozen=True)
class Case:
    """What a link is about, as it stands now. `changed`: its text is another one than the mail's."""

    decision: Decision
    to: Subscription
    user_id: int
    site: SiteInfo
    said: Said

    @property
    def changed(self) -> bool:
        """Whether the link was made for another text."""
        return self.decision.version != links.version(self.said.comment)

    @property
    def settled(self) -> bool:
        """Whether there is nothing left to do."""
        state = self.said.comment.state
        return state in {"deleted", DONE.get(self.decision.act, "spam")}


def look(session: DbSession, slip: str) -> Case:
    """What the link is about; changes nothing.

    Raises Problem: mail.link_invalid, mail.link_expired, role.missing, comment.not_found.
    """
    decision = links.read_decision(slip)
    to = session.scalar(select(Subscription).where(Subscription.public_id == decision.subscription))
    comment = session.scalar(select(Comment).where(Comment.public_id == decision.comment))
    if to is None or to.user_id is None or decision.act not in links.ACTS:
        raise Problem("mail.link_invalid")
    if comment is None or comment.site_id != to.site_id:
        raise Problem("comment.not_found")
    if roles.of_user(session, to.site_id, to.user_id) is None:
        raise Problem("role.missing")
    return Case(decision, to, to.user_id, sites.by_id(to.site_id), facts.said(session, comment))


def decide(slip: str) -> None:
    """Do it. Raises also Problem: mail.link_used, comment.changed, comment.gone."""
    case = _current(slip)
    moderator = Moderator(case.user_id, case.site.id)

    def work(session: DbSession) -> None:
        _use(session, slip)
        decision = case.decision
        decisions.apply(
            session, moderator=moderator, public_id=decision.comment, act=decision.act, version=decision.version
        )

    _write(work)


def answer(slip: str, raw: str) -> None:
    """Post an answer in the owner's name; a comment that waits is approved with it.

    Raises what `decide` does, and the Problems of comments.create; the link stays good when there is no answer.
    """
    case = _current(slip)
    raw, public_id = text.clean_text(raw), case.decision.comment
    site_id, page = threads.by_public_id(case.said.thread)
    bodies.preview(sites.by_id(site_id), page, raw)  # what cannot stand is refused before anything is done
    moderator = Moderator(case.user_id, case.site.id)
    token = tokens.secret()

    def work(session: DbSession) -> None:
        _use(session, slip)
        if session.scalar(select(Comment.state).where(Comment.public_id == public_id)) == "pending":
            version = case.decision.version
            decisions.apply(session, moderator=moderator, public_id=public_id, act="approve", version=version)
        sessions.open_session(
            session, case.site, (case.user_id, _identity(session, case.user_id)), token, thumbprint=None
        )

    _write(work)
    actor = sessions.actor_of(token)
    try:
        comments.create(
            case.site, actor, page, raw=raw, parent=public_id, sent=Sent(form=False), key=tokens.digest(slip)[:40]
        )
    except Problem:
        transaction.write(lambda session: _unuse(session, slip))
        raise
    finally:
        transaction.write(lambda session: session.execute(delete(Session).where(Session.id == actor.session_id)))


def name_of(session: DbSession, user_id: int) -> str:
    """The name under which somebody answers."""
    identity_id = _identity(session, user_id)
    identity = session.get(Identity, identity_id) if identity_id else None
    return identity.name if identity else session.get_one(User, user_id).name


def used(session: DbSession, slip: str) -> bool:
    """Whether the link has done its act."""
    found = select(UsedLink.id).where(UsedLink.link_hash == tokens.digest(slip))
    return session.scalar(found) is not None


def _current(slip: str) -> Case:
    case = look(db.session(), slip)
    if case.changed:
        raise Problem("comment.changed")
    return case


def _identity(session: DbSession, user_id: int) -> int | None:
    return session.scalar(select(Identity.id).where(Identity.user_id == user_id).order_by(Identity.id).limit(1))


def _use(session: DbSession, slip: str) -> None:
    session.add(UsedLink(link_hash=tokens.digest(slip), expires_at=clock.now() + links.DECIDE_LIFE))
    session.flush()


def _unuse(session: DbSession, slip: str) -> None:
    session.execute(delete(UsedLink).where(UsedLink.link_hash == tokens.digest(slip)))


def _write(work: Callable[[DbSession], None]) -> None:
    try:
        transaction.write(work)
    except IntegrityError:  # the constraint on the link decided, whoever was faster
        raise Problem("mail.link_used") from None
