"""Taking away what has expired: sessions, sign-ins under way, answers kept for repeats, what deleted comments said."""

from datetime import timedelta

from sqlalchemy import delete
from sqlalchemy.orm import Session as DbSession

from widget import database
from widget.core import clock
from widget.extensions import db
from widget.models import (
    AccountSession,
    AppRegistration,
    Arrival,
    DeskSession,
    Idempotency,
    KnownBrowser,
    Login,
    ParkedForm,
    ReplyAddress,
    Session,
    Ticket,
    UsedLink,
)
from widget.services import (
    avatars,
    erasing,
    limits,
    pictures,
    sessions,
    setup_links,
    similar,
    subscriptions,
    transaction,
    webmentions,
)
from widget.services.hooks import tries
from widget.services.outbox import rows as outbox_rows

KEEP_ANSWERS = timedelta(days=3)
_EXPIRING = (
    AppRegistration,
    Session,
    Login,
    Ticket,
    ParkedForm,
    KnownBrowser,
    AccountSession,
    DeskSession,
    UsedLink,
    ReplyAddress,
    Arrival,
)


def sweep() -> None:
    """Delete every expired row, in short transactions; then fetch some pictures that are missing."""
    now = clock.now()

    def work(session: DbSession) -> None:
        for model in _EXPIRING:
            session.execute(delete(model).where(model.expires_at <= now))
        if (idle := sessions.idle_time()) is not None:
            session.execute(delete(Session).where(Session.last_used_at <= now - idle))
        avatars.sweep(session)
        limits.sweep(session)
        similar.sweep(session)
        setup_links.sweep(session)
        session.execute(delete(Idempotency).where(Idempotency.created_at <= now - KEEP_ANSWERS))

    transaction.write(work)
    transaction.write(outbox_rows.sweep)
    transaction.write(tries.sweep)
    transaction.write(subscriptions.sweep)
    transaction.write(webmentions.sweep)
    erased = erasing.sweep()
    transaction.write(pictures.sweep)
    if erased:
        database.forget(db.engine)
    avatars.catch_up()
