"""Finding conversations, by what people know of them: a piece of their title or their address."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from widget.core import ids, urls
from widget.core.errors import Problem
from widget.extensions import db
from widget.models import Thread, ThreadAlias

SHOWN = 50


@dataclass(frozen=True)
class Found:
    """One conversation as the desk shows it."""

    row: int
    id: str
    site_id: int
    title: str | None
    url: str
    count: int
    open: bool
    since: datetime


@dataclass(frozen=True)
class Part:
    """Some of them, the newest first, and the id behind which there are more; "" where there are none."""

    threads: tuple[Found, ...]
    more: str


def find(sites: Sequence[int], text: str, *, before: str = "") -> Part:
    """Those of the sites that have the text in their title or address, letter for letter but for capitals."""
    query = _shown().where(Thread.site_id.in_(sites)).order_by(Thread.id.desc()).limit(SHOWN + 1)
    if text := " ".join(text.split()):
        query = query.where(or_(*(one.icontains(text, autoescape=True) for one in (Thread.title, Thread.url))))
    if ids.is_public_id(before):
        query = query.where(Thread.id < select(Thread.id).where(Thread.public_id == before).scalar_subquery())
    rows = [Found(*row) for row in db.session.execute(query)]
    return Part(tuple(rows[:SHOWN]), rows[SHOWN - 1].id if len(rows) > SHOWN else "")


def one(public_id: str) -> Found:
    """Raises Problem("thread.not_found")."""
    query = _shown().where(Thread.public_id == public_id)
    row = db.session.execute(query).first() if ids.is_public_id(public_id) else None
    if row is None:
        raise Problem("thread.not_found")
    return Found(*row)


def named(site_id: int, text: str) -> Found:
    """The conversation of a site that somebody means by an address of its page, or by its id. Raises thread.unknown."""
    text = text.strip()
    found = Thread.public_id == text
    if not ids.is_public_id(text):
        try:
            key = f"url:{urls.canonical(text)}"
        except Problem:
            key = f"id:{text}"
        found = Thread.id == select(ThreadAlias.thread_id).filter_by(site_id=site_id, key=key).scalar_subquery()
    row = db.session.execute(_shown().where(found, Thread.site_id == site_id)).first()
    if row is None:
        raise Problem("thread.unknown", field="into")
    return Found(*row)


def aliases(session: Session, thread_id: int) -> list[tuple[int, str]]:
    """(row id, key) of every name that leads to a conversation, the first one first."""
    query = select(ThreadAlias.id, ThreadAlias.key).where(ThreadAlias.thread_id == thread_id).order_by(ThreadAlias.id)
    return [(row.id, row.key) for row in session.execute(query)]


def _shown() -> Any:
    columns = (Thread.id, Thread.public_id, Thread.site_id, Thread.title, Thread.url, Thread.comment_count)
    return select(*columns, Thread.open, Thread.created_at).where(Thread.merged_id.is_(None))
