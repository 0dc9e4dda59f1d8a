"""Rendering anew what an older release rendered: a correction of the renderer reaches every comment that was written.

In batches, so that writers wait for none of it, and resumable: what is done bears the renderer's new version.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Any, cast

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from widget.core import text
from widget.core.nodes import Image
from widget.core.text import RENDERER_VERSION, Markup, Rendered
from widget.extensions import db
from widget.models import Comment, Revision
from widget.services import bodies, participants, pictures, threads, transaction

BATCH = 200


@dataclass(frozen=True)
class _Done:
    """A source, and what this release makes of it."""

    row: int
    raw: str
    markup: str
    rendered: Rendered


def waiting() -> int:
    """How many comments and earlier texts an older renderer made."""
    counts = (select(func.count()).select_from(table).where(*_old(table)) for table in (Comment, Revision))
    return sum(db.session.scalar(query) or 0 for query in counts)


def run(progress: Callable[[int], None] = lambda _done: None, *, batch: int = BATCH) -> int:
    """Render all of it anew; how many. `progress` is told after each batch how many it had."""
    total = 0
    for table in (Comment, Revision):
        last = 0
        while rows := _next(table, last, batch):
            done = [_render(row) for row in rows]
            db.session.rollback()  # nothing is held while it is written
            store = _comments if table is Comment else _revisions
            transaction.write(partial(store, done=done))
            last = rows[-1].id
            total += len(done)
            progress(len(done))
    return total


def _old(table: type[Comment | Revision]) -> tuple[Any, ...]:
    """What is newer than this release is left alone; a comment that was erased says nothing."""
    return table.renderer < RENDERER_VERSION, table.raw != ""


def _next(table: type[Comment | Revision], last: int, batch: int) -> list[Any]:
    comment_id = table.id if table is Comment else Revision.comment_id
    columns = select(table.id, comment_id.label("comment_id"), table.raw, table.markup)
    return list(db.session.execute(columns.where(table.id > last, *_old(table)).order_by(table.id).limit(batch)))


def _render(row: Any) -> _Done:
    """Nobody is looked for and nothing is fetched: people and pictures are those that are known of this comment."""
    known = pictures.shown_by(row.comment_id) if "![" in row.raw else {}
    images: dict[str, Image] = {address: one.image for address, one in known.items()}
    mentions = participants.mentioned_by(row.comment_id) if "@" in row.raw else None
    markup = cast("Markup", row.markup)
    return _Done(row.id, row.raw, row.markup, text.render(row.raw, markup=markup, mentions=mentions, images=images))


def _comments(session: Session, done: list[_Done]) -> None:
    """Each thread moves on once, and only if a reader sees something else now."""
    rows = [one.row for one in done]
    touched = select(Comment.thread_id).where(Comment.id.in_(rows)).distinct().order_by(Comment.thread_id)
    for thread_id in session.scalars(touched).all():
        threads.lock(session, thread_id)  # in this order, like everybody who takes several
    by_row = {one.row: one for one in done}
    changed: dict[int, list[int]] = {}
    fresh = select(Comment).where(Comment.id.in_(rows)).order_by(Comment.thread_id, Comment.id)
    for comment in session.scalars(fresh.execution_options(populate_existing=True)):
        one = by_row[comment.id]
        if _renew(comment, one) and comment.changed > 0:
            changed.setdefault(comment.thread_id, []).append(comment.id)
    session.flush()
    for thread_id, ids in changed.items():
        threads.bump(session, thread_id, changed=ids)


def _revisions(session: Session, done: list[_Done]) -> None:
    by_row = {one.row: one for one in done}
    for revision in session.scalars(select(Revision).where(Revision.id.in_(by_row))):
        _renew(revision, by_row[revision.id])


def _renew(row: Comment | Revision, one: _Done) -> bool:
    """Whether it looks different now; not if somebody has written another text in the meantime."""
    if (row.raw, row.markup) != (one.raw, one.markup) or row.renderer >= one.rendered.version:
        return False
    before = row.html, row.tree
    row.html, row.tree, row.renderer = one.rendered.html, bodies.tree_json(one.rendered), one.rendered.version
    return (row.html, row.tree) != before
