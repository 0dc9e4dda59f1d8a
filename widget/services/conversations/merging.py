"""Two conversations become one, and two again.

A comment keeps its id, its place below its root and its reactions; what is moved is the root with everything below it.
The one that was merged stays as an empty row that leads on (`merged_id`), so that its page of its own goes on.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import msgspec
from sqlalchemy import func, or_, select, update
from sqlalchemy.orm import Session

from widget.core.errors import Problem
from widget.models import Comment, Reaction, Thread, ThreadAlias
from widget.services import threads
from widget.services.conversations import changes, finding, followers
from widget.services.sites import SiteInfo

_BATCH = 500


@dataclass(frozen=True)
class Parts:
    """What would be moved: published comments, and marks on the page by those who have none on the other."""

    comments: int
    reactions: int
    twice: int  # people with a mark on both pages, of which the one on the page that stays counts


def look(session: Session, thread_id: int, into_id: int) -> Parts:
    """What `merge` would do now."""
    count = session.scalar(select(Thread.comment_count).where(Thread.id == thread_id)) or 0
    moved, twice = _marks(session, thread_id, into_id)
    return Parts(count, len(moved), len(twice))


def merge(session: Session, site: SiteInfo, thread_id: int, into_id: int, *, by: int) -> None:
    """Put one conversation into another of the same site. Raises Problem("thread.same") or ("thread.changed")."""
    if thread_id == into_id:
        raise Problem("thread.same", field="into")
    first, second = (threads.lock(session, id_, follow=False) for id_ in sorted((thread_id, into_id)))
    thread, into = (first, second) if first.id == thread_id else (second, first)
    if thread.merged_id or into.merged_id or {thread.site_id, into.site_id} != {site.id}:
        raise Problem("thread.changed")
    moved, twice = _marks(session, thread.id, into.id)
    roots = list(session.scalars(select(Comment.id).where(Comment.thread_id == thread.id, Comment.root_id.is_(None))))
    data = {
        "into": into.id,
        "roots": roots,
        "names": [id_ for id_, _ in finding.aliases(session, thread.id)],
        "marks": [row.id for row in moved],
        "kinds": [row.kind for row in moved],
        "twice": [[row.user_id, row.identity_id, row.kind] for row in twice],
        "reactions": msgspec.json.decode(thread.reactions),
        "pins": [thread.pinned_id, into.pinned_id],
    }
    given = _minus(data["reactions"], [row.kind for row in twice])
    into.reactions = _written(_plus(msgspec.json.decode(into.reactions), given))
    into.pinned_id = into.pinned_id or thread.pinned_id
    into.title = into.title or thread.title
    count = thread.comment_count
    thread.reactions, thread.pinned_id, thread.merged_id = "{}", None, into.id
    session.flush()
    session.execute(update(Comment).where(Comment.thread_id == thread.id).values(thread_id=into.id))
    session.execute(update(ThreadAlias).where(ThreadAlias.thread_id == thread.id).values(thread_id=into.id))
    for row in twice:
        session.delete(row)
    session.flush()
    session.execute(update(Reaction).where(Reaction.thread_id == thread.id).values(thread_id=into.id))
    session.execute(update(Thread).where(Thread.merged_id == thread.id).values(merged_id=into.id))
    data["followers"] = followers.move(session, thread.id, into.id)
    threads.bump(session, thread.id, comments=-count)
    _show_all(session, into.id, count, beyond=thread.version)
    before = {"thread": thread.public_id, "url": thread.url, "count": count}
    after = {"thread": into.public_id, "url": into.url}
    place = changes.Place(by, site.id, into.id)
    changes.note(session, "merge", place, before=before, after=after, data={**data, "from": thread.id})


def _marks(session: Session, thread_id: int, into_id: int) -> tuple[list[Reaction], list[Reaction]]:
    """The marks on the page that move along, and those of people who have one on the other page already."""
    there = select(Reaction.user_id).where(Reaction.thread_id == into_id, Reaction.comment_id.is_(None))
    known = set(session.scalars(there))
    mine = session.scalars(select(Reaction).where(Reaction.thread_id == thread_id, Reaction.comment_id.is_(None))).all()
    return [row for row in mine if row.user_id not in known], [row for row in mine if row.user_id in known]


def _show_all(session: Session, thread_id: int, count: int, *, beyond: int) -> None:
    """Have readers of both pages see everything there is now, whichever version they hold."""
    moved = threads.bump(session, thread_id, comments=count, beyond=beyond)
    shown = update(Comment).where(Comment.thread_id == thread_id, Comment.changed > 0)
    session.execute(shown.values(changed=moved.version))


def _part(session: Session, data: Mapping[str, Any], into: Thread, thread: Thread) -> None:
    """Undo: the roots that were moved go back with all that was written below them since."""
    count = sum(_roots_back(session, into.id, thread.id, batch) for batch in _batches(data["roots"]))
    kept: list[Reaction] = []
    for batch in _batches(data["marks"]):
        kept += session.scalars(select(Reaction).where(Reaction.id.in_(batch), Reaction.thread_id == into.id))
    twice = [kind for _, _, kind in data["twice"]]
    given = _minus(data["reactions"], twice)
    rows = [row.kind for row in kept]
    # What was counted without a row (an import) goes back whole; of what has rows, as many as are still there.
    back = _less(given, _minus(_tally(data["kinds"]), rows))
    into.reactions = _written(_less(msgspec.json.decode(into.reactions), back))
    thread.reactions = _written(_plus(back, _tally(twice)))
    for row in kept:
        row.thread_id = thread.id
    for user_id, identity_id, kind in data["twice"]:
        session.add(Reaction(user_id=user_id, identity_id=identity_id, thread_id=thread.id, comment_id=None, kind=kind))
    session.execute(update(ThreadAlias).where(ThreadAlias.id.in_(data["names"])).values(thread_id=thread.id))
    followers.move(session, into.id, thread.id, data["followers"])
    thread.pinned_id, before = data["pins"]
    if before is None and into.pinned_id == thread.pinned_id:
        into.pinned_id = None
    thread.merged_id = None
    session.flush()
    _show_all(session, into.id, -count, beyond=0)
    _show_all(session, thread.id, count, beyond=into.version)


def _roots_back(session: Session, into_id: int, thread_id: int, roots: Sequence[int]) -> int:
    """Some of the roots; how many published comments that is."""
    belongs = (Comment.thread_id == into_id, or_(Comment.id.in_(roots), Comment.root_id.in_(roots)))
    count = session.scalar(select(func.count()).where(*belongs, Comment.state == "published")) or 0
    moving = Reaction.comment_id.in_(select(Comment.id).where(*belongs))
    session.execute(update(Reaction).where(Reaction.thread_id == into_id, moving).values(thread_id=thread_id))
    session.execute(update(Comment).where(*belongs).values(thread_id=thread_id))
    return count


def _batches(ids: Sequence[int]) -> Iterator[Sequence[int]]:
    return (ids[start : start + _BATCH] for start in range(0, len(ids), _BATCH))


def _back(session: Session, thread_id: int | None, data: Mapping[str, Any]) -> None:
    first, second = (threads.lock(session, id_, follow=False) for id_ in sorted((data["from"], data["into"])))
    thread, into = (first, second) if first.id == data["from"] else (second, first)
    if thread.merged_id != into.id or into.merged_id or into.id != thread_id:
        raise Problem("thread.changed")
    _part(session, data, into, thread)


def _tally(kinds: list[str]) -> dict[str, int]:
    return {kind: kinds.count(kind) for kind in kinds}


def _plus(one: Mapping[str, int], other: Mapping[str, int]) -> dict[str, int]:
    return {kind: one.get(kind, 0) + other.get(kind, 0) for kind in {**one, **other}}


def _less(one: Mapping[str, int], other: Mapping[str, int]) -> dict[str, int]:
    return {kind: number - other.get(kind, 0) for kind, number in one.items()}


def _minus(counts: Mapping[str, int], kinds: list[str]) -> dict[str, int]:
    return _less(counts, _tally(kinds))


def _written(counts: Mapping[str, int]) -> str:
    return msgspec.json.encode({kind: number for kind, number in counts.items() if number > 0}).decode()


changes.UNDO["merge"] = _back
