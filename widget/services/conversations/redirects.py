"""When a site's pages move: all conversations below one address go below another, in one go."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from widget.core.errors import Problem
from widget.models import Thread, ThreadAlias
from widget.services import threads
from widget.services.conversations import changes, editing
from widget.services.sites import SiteInfo

MOST = 5_000
_BATCH = 500


@dataclass(frozen=True)
class Move:
    """A conversation, where it is and where it would be; `refusal` is the code of what stands against that."""

    thread_id: int
    id: str
    title: str | None
    before: str
    after: str
    refusal: str = ""


def plan(session: Session, site: SiteInfo, old: str, new: str) -> list[Move]:
    """What `apply` would do now. `old` and `new` are beginnings of addresses. Raises Problem("thread.bad_prefix")."""
    old, new = old.strip(), new.strip()
    if old == new or not all(text.startswith(("http://", "https://")) for text in (old, new)):
        raise Problem("thread.bad_prefix", field="old")
    query = select(Thread.id, Thread.public_id, Thread.title, Thread.url).where(
        Thread.site_id == site.id, Thread.url.startswith(old, autoescape=True), Thread.merged_id.is_(None)
    )
    rows = [row for row in session.execute(query.order_by(Thread.id).limit(MOST)) if row.url.startswith(old)]
    targets = {f"url:{_target(site, row.url, old, new)[0]}": row.id for row in rows}
    taken = set().union(*(_taken(session, site, dict(part)) for part in _parts(list(targets.items()))))
    moves = []
    for row in rows:
        after, refusal = _target(site, row.url, old, new)
        if not refusal and f"url:{after}" in taken:
            refusal = "thread.taken"
        moves.append(Move(row.id, row.public_id, row.title, row.url, after, refusal))
    return moves


def apply(session: Session, site: SiteInfo, old: str, new: str, *, by: int) -> int:
    """Move all that can be moved; how many. Old addresses lead to their conversations as before."""
    moved = []
    for move in plan(session, site, old, new):
        if move.refusal:
            continue
        thread = threads.lock(session, move.thread_id)
        added = editing.lead_here(session, site.id, f"url:{move.after}", thread.id)
        thread.url = move.after
        session.flush()
        threads.bump(session, thread.id)
        moved.append([move.thread_id, move.before, move.after, added])
    if moved:
        before, after = {"prefix": old.strip()}, {"prefix": new.strip(), "count": len(moved)}
        place = changes.Place(by, site.id, None)
        changes.note(session, "redirect", place, before=before, after=after, data={"moved": moved})
    return len(moved)


def _target(site: SiteInfo, url: str, old: str, new: str) -> tuple[str, str]:
    wished = new + url.removeprefix(old)
    try:
        return threads.named_page(site, wished).url, ""
    except Problem as problem:
        return wished, problem.code


def _taken(session: Session, site: SiteInfo, keys: Mapping[str, int]) -> set[str]:
    """Which of these names lead to another conversation than the one they are meant for."""
    query = select(ThreadAlias.key, ThreadAlias.thread_id).where(
        ThreadAlias.site_id == site.id, ThreadAlias.key.in_(list(keys))
    )
    return {row.key for row in session.execute(query) if row.thread_id != keys[row.key]}


def _parts(items: list[tuple[str, int]]) -> Iterator[list[tuple[str, int]]]:
    return (items[start : start + _BATCH] for start in range(0, len(items), _BATCH))


def _back(session: Session, _thread_id: int | None, data: Mapping[str, Any]) -> None:
    """Those that were moved on since stay where they are; if that is all of them, there is nothing to undo."""
    undone = 0
    for thread_id, before, after, added in data["moved"]:
        if session.scalar(select(Thread.id).where(Thread.id == thread_id, Thread.url == after)) is not None:
            editing.put_url_back(session, thread_id, before, after, added)
            undone += 1
    if not undone:
        raise Problem("thread.changed")


changes.UNDO["redirect"] = _back
