"""Who is to hear of what happened: visitors by what they asked for, and those who look after the site."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Select, select
from sqlalchemy.orm import Session

from widget.core import clock, text
from widget.core.errors import Problem
from widget.models import Comment, Identity, Mention, Role, Subscription, User
from widget.services.mail import links
from widget.services.sites import SiteInfo


@dataclass(frozen=True)
class Concern:
    """Somebody's subscription, and why a comment concerns them."""

    subscription: Subscription
    reason: str


def of_published(session: Session, comment: Comment, *, approved: bool) -> Iterator[Concern]:
    """Visitors whom a published comment concerns, each for the best reason first; never its author.

    `approved`: somebody else than its author had to say yes, and the author may have asked to hear of that.
    """
    own = persons_of(session, comment.user_id)
    parent = session.get(Comment, comment.parent_id) if comment.parent_id else None
    wanted = [
        ("reply", Subscription.kind == "replies", Subscription.user_id == (parent.user_id if parent else None)),
        ("mention", Subscription.kind == "mentions", Subscription.user_id.in_(_mentioned(comment))),
        ("comment", Subscription.kind == "thread", Subscription.thread_id == comment.thread_id),
    ]
    for reason, *which in wanted:
        query = select(Subscription).where(*which, *_live(comment.site_id)).order_by(Subscription.id)
        for found in session.scalars(query):
            if found.user_id != comment.user_id and found.person not in own:
                yield Concern(found, reason)
    if approved:
        asked = Subscription.kind == "published", Subscription.user_id == comment.user_id
        for found in session.scalars(select(Subscription).where(*asked, *_live(comment.site_id))):
            yield Concern(found, "published")


def owners(session: Session, site: SiteInfo, kind: str = "owner") -> list[Subscription]:
    """Those who look after the site, by `kind` of what they get (owner, letter); rows for newcomers are made here.

    They are people with a role and a verified address, and the addresses of the site's setting.
    """
    found: dict[str, Subscription] = {}
    for user_id, email in [*_holders(session, site.id), *((None, address) for address in extra(site))]:
        person = links.person(email)
        key = f"{kind}:u{user_id}" if user_id else f"{kind}:a{person}"
        row = session.scalar(select(Subscription).where(Subscription.site_id == site.id, Subscription.key == key))
        if row is None:
            row = Subscription(
                site_id=site.id,
                user_id=user_id,
                kind=kind,
                key=key,
                how="site",
                email=email,
                person=person,
                lang=site.settings.mail_lang,
                confirmed_at=clock.now(),
            )
            session.add(row)
        row.email, row.person, row.lang = email, person, site.settings.mail_lang
        found.setdefault(person, row)
    session.flush()
    return list(found.values())


def still_owner(session: Session, site: SiteInfo, subscription: Subscription) -> bool:
    """Whether a row of `owners` stands for somebody who still looks after the site."""
    if subscription.user_id is None:
        return subscription.person in {links.person(address) for address in extra(site)}
    return any(user_id == subscription.user_id for user_id, _ in _holders(session, site.id))


def extra(site: SiteInfo) -> Iterable[str]:
    """The addresses of the site's setting, without those that are none."""
    for address in site.settings.mail_to:
        try:
            yield text.clean_email(address)
        except Problem:
            continue


def verified_email(session: Session, user_id: int) -> str | None:
    """An address that a provider says is this person's."""
    query = select(Identity.email).where(Identity.user_id == user_id, Identity.email_verified.is_(True))
    for email in session.scalars(query.where(Identity.email.is_not(None)).order_by(Identity.id)):
        try:
            return text.clean_email(email or "")
        except Problem:
            continue
    return None


def persons_of(session: Session, user_id: int) -> set[str]:
    """Every address that a person has given or shown, as digests: what they wrote is not sent there."""
    emails = select(User.email).where(User.id == user_id)
    emails_of_accounts = select(Identity.email).where(Identity.user_id == user_id)
    known = {links.person(email) for email in session.scalars(emails.union(emails_of_accounts)) if email}
    return known | set(session.scalars(select(Subscription.person).where(Subscription.user_id == user_id)))


def _holders(session: Session, site_id: int) -> list[tuple[int, str]]:
    ids = session.scalars(select(Role.user_id).where(Role.site_id == site_id).order_by(Role.id)).all()
    return [(user_id, email) for user_id in ids if (email := verified_email(session, user_id))]


def _mentioned(comment: Comment) -> Select[Any]:
    return select(Mention.user_id).where(Mention.comment_id == comment.id)


def _live(site_id: int) -> tuple[ColumnElement[bool], ...]:
    return Subscription.site_id == site_id, Subscription.confirmed_at.is_not(None), Subscription.how != "off"
