"""What is due by the clock: digests of the hour, the day and the week, and the weekly letter.

Every one is a row of the outbox whose key names the person and the period: several workers, and one that was started
again, make it once.
"""

from datetime import datetime, timedelta
from functools import partial

from flask import current_app
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from widget.core import periods
from widget.extensions import db
from widget.models import Notice, Subscription
from widget.services import outbox, sites, transaction
from widget.services.mail import post, recipients
from widget.services.sites import SiteInfo


def run(now: datetime) -> None:
    """Write the rows that are due at `now`."""
    hour = current_app.config["DIGEST_HOUR"]
    for how, since in periods.begun(now, hour=hour).items():
        transaction.write(partial(_digests, how=how, since=since))
    week = periods.begun(now, hour=hour)["weekly"]
    if now - week < timedelta(days=1):  # who was down for longer than a day is not told of an old week
        for site in sites.all_sites():
            if site.settings.mail_letter:
                transaction.write(partial(_letters, site=site, week=week))
    db.session.rollback()


def _digests(session: Session, how: str, since: datetime) -> None:
    """One digest for everybody who has notices from before `since` that nothing has told yet."""
    waiting = Notice.outbox_id.is_(None), Notice.how == how, Notice.created_at < since
    owed = select(Notice.person, Subscription.site_id, (Subscription.kind == "owner").label("owner"))
    owed = owed.join(Subscription, Subscription.id == Notice.subscription_id).where(*waiting).distinct()
    for person, site_id, owner in session.execute(owed).all():
        same = (Subscription.kind == "owner") if owner else (Subscription.kind != "owner")
        theirs = select(Subscription.id).where(Subscription.person == person, Subscription.site_id == site_id, same)
        mine = (*waiting, Notice.person == person, Notice.subscription_id.in_(theirs))
        first = session.scalar(select(Notice.subscription_id).where(*mine).order_by(Notice.id.desc()).limit(1))
        row = outbox.put(
            session,
            key=f"digest:{how}:{site_id}:{'owner' if owner else 'visitor'}:{person}:{since:%Y%m%d%H}",
            channel="mail",
            kind="digest",
            payload={"subscription": first, "how": how},
            site_id=site_id,
            person=person,
            destination=post.destination(),
        )
        if row is not None:
            session.execute(update(Notice).where(*mine).values(outbox_id=row))


def _letters(session: Session, site: SiteInfo, week: datetime) -> None:
    """The letter about the seven days before the one of `week`, to everybody who looks after the site."""
    for one in recipients.owners(session, site, "letter"):
        if one.how == "off":
            continue
        outbox.put(
            session,
            key=f"letter:{site.id}:{one.person}:{week:%Y%m%d}",
            channel="mail",
            kind="letter",
            payload={"subscription": one.id, "until": week.replace(hour=0).isoformat()},
            site_id=site.id,
            person=one.person,
            destination=post.destination(),
        )
