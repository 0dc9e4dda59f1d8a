"""Providers' answers that came by POST: it has no Lax cookie, so its form waits for the GET that follows."""

from collections.abc import Mapping
from datetime import timedelta

from sqlalchemy import delete
from sqlalchemy.orm import Session

from widget.core import clock, tokens
from widget.models import ParkedForm

LIFE = timedelta(seconds=60)


def park(session: Session, provider: str, form: Mapping[str, str]) -> str:
    """Keep the form; returns the handle that fetches it once."""
    handle = tokens.secret()
    session.add(
        ParkedForm(
            handle_hash=tokens.digest(handle),
            provider=provider,
            form=dict(form),
            expires_at=clock.now() + LIFE,
        )
    )
    return handle


def fetch(session: Session, handle: str) -> tuple[str, dict[str, str]] | None:
    """(provider, form), taken away; None for a wrong, late or used handle."""
    row = session.execute(
        delete(ParkedForm)
        .where(ParkedForm.handle_hash == tokens.digest(handle), ParkedForm.expires_at > clock.now())
        .returning(*ParkedForm.__table__.c)
    ).first()
    return (row.provider, row.form) if row is not None else None
