"""Which subscriptions belong together: those one question confirms, those one address gets."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from widget.models import Subscription


def unconfirmed(session: Session, one: Subscription) -> list[Subscription]:
    """What the same person asked for at the same address on the same site, and did not confirm yet."""
    return [row for row in _together(session, one) if row.confirmed_at is None and row.how != "off"]


def of_address(session: Session, one: Subscription) -> list[Subscription]:
    """Everything that is confirmed for the address of this one, on all sites."""
    query = select(Subscription).where(Subscription.person == one.person, Subscription.confirmed_at.is_not(None))
    return list(session.scalars(query.order_by(Subscription.site_id, Subscription.id)))


def _together(session: Session, one: Subscription) -> list[Subscription]:
    same = Subscription.site_id == one.site_id, Subscription.user_id == one.user_id, Subscription.person == one.person
    return list(session.scalars(select(Subscription).where(*same).order_by(Subscription.id)))
