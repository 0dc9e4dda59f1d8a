"""Who wants mail of what: asked for on a page, confirmed at the address, changed and ended by whoever reads it."""

from datetime import timedelta
from typing import Any

from sqlalchemy import delete, func, select, update
from sqlalchemy.orm import Session

from widget.core import clock, text
from widget.core.errors import Problem
from widget.extensions import db
from widget.models import Notice, Outbox, Subscription, User
from widget.services import sites, threads
from widget.services.mail import asked, fanout, letters, links, post, recipients
from widget.services.sessions import Actor
from widget.services.sites import SiteInfo
from widget.services.threads import Page

VISITORS = ("replies", "thread", "mentions", "published")
A_DAY = 3  # questions to one address: nobody's mailbox is filled by strangers
AN_HOUR = 60  # questions that one site may ask
KEEP_NOTICES = timedelta(days=90)
_AGAIN = 600  # seconds in which the same question is asked once


def ask(
    session: Session,
    site: SiteInfo,
    actor: Actor,
    *,
    kinds: list[str],
    how: str,
    email: str | None,
    lang: str,
    page: Page | None,
) -> dict[str, Any]:
    """Have the actor hear of `kinds` (for a thread: of `page`); {"subscriptions", "confirm"}.

    `confirm` is the address that was asked to confirm, None where it is known to be theirs. Raises Problem:
    subscription.off, subscription.no_address, subscription.too_many, guest.bad_email, request.bad_field.
    """
    post.require_on()
    address, verified = _address(session, actor, email)
    thread_id = threads.ensure(session, site, page) if page else None
    if "thread" in kinds and thread_id is None:
        raise Problem("request.bad_field", field="page", reason="say which page's thread")
    where = {kind: thread_id if kind == "thread" else None for kind in kinds}
    rows = [_row(session, actor, kind, at, how=how, lang=lang) for kind, at in where.items()]
    for row in rows:
        row.how, row.lang = how, lang
        if row.email != address:
            row.email, row.person, row.confirmed_at = address, links.person(address), None
        if verified and row.confirmed_at is None:
            row.confirmed_at = clock.now()
    session.flush()
    open_ = [row for row in rows if row.confirmed_at is None]
    if open_:
        _question(session, open_[0])
    return {"subscriptions": [_shown(row) for row in rows], "confirm": address if open_ else None}


def mine(site: SiteInfo, actor: Actor) -> dict[str, Any]:
    """{"subscriptions", "address"}: what the actor gets from the site; the address mail would go to, if one is known.

    `address` is "verified", "given" (by the actor, as a guest) or None: never the address itself, which the page that
    asks is not to learn.
    """
    query = select(Subscription).where(Subscription.site_id == site.id, Subscription.user_id == actor.user_id)
    rows = db.session.scalars(query.where(Subscription.kind.in_(VISITORS)).order_by(Subscription.id))
    return {"subscriptions": [_shown(row) for row in rows], "address": _known(db.session(), actor)}


def end(session: Session, site: SiteInfo, actor: Actor, public_id: str) -> None:
    """End one of the actor's. Raises Problem("subscription.not_found")."""
    own = Subscription.site_id == site.id, Subscription.user_id == actor.user_id, Subscription.public_id == public_id
    ended = update(Subscription).where(*own, Subscription.kind.in_(VISITORS)).values(how="off")
    if session.scalar(ended.returning(Subscription.id)) is None:
        raise Problem("subscription.not_found")


def by_slip(session: Session, purpose: str, slip: str) -> Subscription:
    """The subscription that a link of a mail is about. Raises Problem("mail.link_invalid") or ("mail.link_expired")."""
    public_id, *rest = links.read(purpose, slip)
    row = session.scalar(select(Subscription).where(Subscription.public_id == public_id))
    if row is None or (rest and rest != [row.person]):
        raise Problem("mail.link_invalid")
    return row


def confirm(session: Session, slip: str) -> Subscription:
    """Say yes to what was asked for together with a subscription."""
    row = by_slip(session, "confirm", slip)
    for one in asked.unconfirmed(session, row):
        one.confirmed_at = clock.now()
    return row


def stop(session: Session, slip: str) -> Subscription:
    """End one; that it has ended already is as good."""
    row = by_slip(session, "stop", slip)
    row.how = "off"
    return row


def set_all(session: Session, slip: str, chosen: dict[str, str]) -> None:
    """Set how often each subscription (public id) of the slip's address is to come; others are left alone."""
    for row in asked.of_address(session, by_slip(session, "mine", slip)):
        how = chosen.get(row.public_id)
        if how in choices(row):
            row.how = str(how)


def choices(row: Subscription) -> tuple[str, ...]:
    """How often it may come."""
    return ("weekly", "off") if row.kind == "letter" else ("instantly", "daily", "weekly", "off")


def chosen(row: Subscription) -> str:
    """How often it does come."""
    if row.how != "site":
        return row.how
    return "weekly" if row.kind == "letter" else sites.by_id(row.site_id).settings.mail_owners


def names(session: Session, row: Subscription) -> dict[str, str]:
    """What its words name: the site and, where it is of one page, that page's title."""
    return letters.named(session, row, sites.by_id(row.site_id).name)


def sweep(session: Session) -> None:
    """Forget the addresses that nobody confirmed, and who was told of what a season ago."""
    old = Subscription.confirmed_at.is_(None), Subscription.created_at <= clock.now() - links.CONFIRM_LIFE
    session.execute(delete(Subscription).where(*old))
    session.execute(delete(Notice).where(Notice.created_at <= clock.now() - KEEP_NOTICES))


def _address(session: Session, actor: Actor, email: str | None) -> tuple[str, bool]:
    """Where to, and whether it is known to be theirs."""
    verified = recipients.verified_email(session, actor.user_id) if actor.identity_id else None
    if email and email.strip():
        address = text.clean_email(email)
        return address, address == verified
    if verified:
        return verified, True
    given = session.scalar(select(User.email).where(User.id == actor.user_id))
    if not given:
        raise Problem("subscription.no_address", field="email")
    return text.clean_email(given), False


def _known(session: Session, actor: Actor) -> str | None:
    if actor.identity_id and recipients.verified_email(session, actor.user_id):
        return "verified"
    return "given" if session.scalar(select(User.email).where(User.id == actor.user_id)) else None


def _row(session: Session, actor: Actor, kind: str, thread_id: int | None, *, how: str, lang: str) -> Subscription:
    key = f"{kind}:u{actor.user_id}" + (f":t{thread_id}" if thread_id else "")
    row = session.scalar(select(Subscription).where(Subscription.site_id == actor.site_id, Subscription.key == key))
    if row is None:
        row = Subscription(
            site_id=actor.site_id,
            user_id=actor.user_id,
            thread_id=thread_id,
            kind=kind,
            key=key,
            how=how,
            lang=lang,
            email="",
            person="",
        )
        session.add(row)
    return row


def _question(session: Session, row: Subscription) -> None:
    """Ask the address, unless it or the site was asked too often."""
    now = clock.now()
    questions = select(func.count()).select_from(Outbox).where(Outbox.kind == "confirm")
    of_address = questions.where(Outbox.person == row.person, Outbox.created_at > now - timedelta(days=1))
    of_site = questions.where(Outbox.site_id == row.site_id, Outbox.created_at > now - timedelta(hours=1))
    if (session.scalar(of_address) or 0) >= A_DAY:
        raise Problem("subscription.too_many", retry=86_400)
    if (session.scalar(of_site) or 0) >= AN_HOUR:
        raise Problem("subscription.too_many", retry=3_600)
    fanout.confirmation(session, row, again=str(int(now.timestamp()) // _AGAIN))


def _shown(row: Subscription) -> dict[str, Any]:
    return {"id": row.public_id, "kind": row.kind, "how": row.how, "confirmed": row.confirmed_at is not None}
