"""Those who want mail of a conversation, when it becomes part of another."""

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from widget.models import Subscription


def move(session: Session, thread_id: int, into_id: int, only: Sequence[int] | None = None) -> list[int]:
    """Have them follow the other one (of `only` these row ids); which ones do.

    Who follows both already follows the other once; what they asked for here stays with the empty one.
    """
    rows = list(session.scalars(select(Subscription).where(Subscription.thread_id == thread_id)))
    there = set(session.scalars(select(Subscription.key).where(Subscription.thread_id == into_id)))
    moved = []
    for row in rows:
        key = row.key.removesuffix(f":t{thread_id}") + f":t{into_id}"
        if key in there or (only is not None and row.id not in only):
            continue
        row.key, row.thread_id = key, into_id
        moved.append(row.id)
    session.flush()
    return moved
