"""Changing one conversation: open or closed, its title, the page it is of, and the names that lead to it."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import delete, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from widget.core import urls
from widget.core.errors import Problem
from widget.models import Thread, ThreadAlias
from widget.services import threads
from widget.services.conversations import changes, finding
from widget.services.sites import SiteInfo


@dataclass(frozen=True)
class Hand:
    """Who changes which conversation of a site."""

    site: SiteInfo
    thread_id: int
    by: int


def set_open(session: Session, hand: Hand, *, open_: bool) -> None:
    """Let people write there, or no longer."""
    _set(session, hand, "open" if open_ else "close", "open", open_)


def rename(session: Session, hand: Hand, title: str) -> None:
    """Another title; none: the page's own, with the next comment that is written there."""
    _set(session, hand, "rename", "title", " ".join(title.split())[: threads.MAX_TITLE] or None)


def move(session: Session, hand: Hand, url: str) -> None:
    """It is the conversation of another page now; the old address leads there, too.

    Raises Problem("page.bad_url"), ("page.foreign") or ("thread.taken").
    """
    page = threads.named_page(hand.site, url)
    thread = threads.lock(session, hand.thread_id)
    if thread.url == page.url:
        return
    before = thread.url
    added = lead_here(session, hand.site.id, page.key, thread.id)
    thread.url = page.url
    session.flush()
    threads.bump(session, thread.id)
    _note(session, hand, "move", {"url": before}, {"url": page.url}, added=added)


def add_name(session: Session, hand: Hand, text: str) -> None:
    """Another address, or an explicit id that pages name, leads here. Raises the Problems of `move`."""
    thread = threads.lock(session, hand.thread_id)
    is_address = text.strip().lower().startswith(("http:", "https:"))
    page = threads.named_page(hand.site, text if is_address else thread.url, None if is_address else text)
    added = lead_here(session, hand.site.id, page.key, thread.id)
    if added is None:
        raise Problem("thread.taken", field="name")
    threads.bump(session, thread.id)
    _note(session, hand, "name", {}, {"name": page.key}, added=added)


def drop_name(session: Session, hand: Hand, alias_id: int) -> None:
    """A name leads here no more; the address of the page itself and the last name stay. Raises thread.last_name."""
    thread = threads.lock(session, hand.thread_id)
    names = dict(finding.aliases(session, thread.id))
    key = names.get(alias_id)
    if key is None:
        raise Problem("thread.changed")
    if len(names) == 1 or key == f"url:{thread.url}":
        raise Problem("thread.last_name")
    session.execute(delete(ThreadAlias).where(ThreadAlias.id == alias_id))
    threads.bump(session, thread.id)
    _note(session, hand, "unname", {"name": key}, {})


def lead_here(session: Session, site_id: int, key: str, thread_id: int) -> int | None:
    """Have a name lead to a thread; its row id, None if it did already. Raises Problem("thread.taken")."""
    found = session.scalar(select(ThreadAlias.thread_id).filter_by(site_id=site_id, key=key))
    if found == thread_id:
        return None
    try:
        with session.begin_nested():
            alias = ThreadAlias(site_id=site_id, key=key, thread_id=thread_id)
            session.add(alias)
    except IntegrityError:
        raise Problem("thread.taken", field="url") from None
    return alias.id


def put_url_back(session: Session, thread_id: int, before: str, after: str, added: int | None) -> None:
    """Undo a move, as far as nobody moved it since. Raises Problem("thread.changed")."""
    thread = threads.lock(session, thread_id)
    if thread.url != after:
        raise Problem("thread.changed")
    thread.url = before
    if added is not None:
        session.execute(delete(ThreadAlias).where(ThreadAlias.id == added, ThreadAlias.thread_id == thread_id))
    session.flush()
    threads.bump(session, thread_id)


def _set(session: Session, hand: Hand, act: str, field: str, value: Any) -> None:
    thread = threads.lock(session, hand.thread_id)
    before = getattr(thread, field)
    if before == value:
        return
    setattr(thread, field, value)
    session.flush()
    threads.bump(session, thread.id)
    _note(session, hand, act, {field: before}, {field: value})


def _note(
    session: Session, hand: Hand, act: str, before: Mapping[str, Any], after: Mapping[str, Any], **data: Any
) -> None:
    place = changes.Place(hand.by, hand.site.id, hand.thread_id)
    public_id = session.scalar(select(Thread.public_id).where(Thread.id == hand.thread_id))
    named = {"thread": public_id}
    changes.note(session, act, place, before=named | dict(before), after=named | dict(after), data=data)


def _put_back(field: str) -> changes.Undo:
    def undo(session: Session, thread_id: int | None, data: Mapping[str, Any]) -> None:
        thread = threads.lock(session, thread_id or 0)
        if getattr(thread, field) != data["after"][field]:
            raise Problem("thread.changed")
        setattr(thread, field, data["before"][field])
        session.flush()
        threads.bump(session, thread.id)

    return undo


def _move_back(session: Session, thread_id: int | None, data: Mapping[str, Any]) -> None:
    put_url_back(session, thread_id or 0, data["before"]["url"], data["after"]["url"], data["added"])


def _name_back(session: Session, thread_id: int | None, data: Mapping[str, Any]) -> None:
    thread = threads.lock(session, thread_id or 0)
    mine = (ThreadAlias.thread_id == thread.id, ThreadAlias.key == data["after"]["name"])
    if urls.canonical(thread.url) == data["after"]["name"].removeprefix("url:"):
        raise Problem("thread.changed")
    if session.scalar(delete(ThreadAlias).where(*mine).returning(ThreadAlias.id)) is None:
        raise Problem("thread.changed")
    threads.bump(session, thread.id)


def _unname_back(session: Session, thread_id: int | None, data: Mapping[str, Any]) -> None:
    thread = threads.lock(session, thread_id or 0)
    lead_here(session, thread.site_id, data["before"]["name"], thread.id)
    threads.bump(session, thread.id)


changes.UNDO |= {
    "open": _put_back("open"),
    "close": _put_back("open"),
    "rename": _put_back("title"),
    "move": _move_back,
    "name": _name_back,
    "unname": _unname_back,
}
