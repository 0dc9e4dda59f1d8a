"""Counting sign-ins by day and provider, in the transaction of each: sessions come and go, the figures stay."""

from sqlalchemy import select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from widget.core import clock
from widget.models import Identity, SigninDay

GUEST = "guest"


def count(session: Session, site_id: int, identity_id: int | None) -> None:
    """One more today. The row is held until the commit: nothing should wait after this."""
    provider = GUEST
    if identity_id is not None:
        provider = session.scalar(select(Identity.provider).where(Identity.id == identity_id)) or GUEST
    named = {"site_id": site_id, "day": clock.microseconds(clock.now()) // 86_400_000_000, "provider": provider}
    one_more = update(SigninDay).filter_by(**named).values(count=SigninDay.count + 1).returning(SigninDay.id)
    if session.scalar(one_more) is None:
        try:
            with session.begin_nested():
                session.add(SigninDay(**named, count=1))
        except IntegrityError:  # somebody else was today's first
            session.execute(one_more)
