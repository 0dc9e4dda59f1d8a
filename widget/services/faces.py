"""Who reacted: the faces beside a like. Read by searches of one index, the same for every reader."""

from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, select

from widget.core import ids, payload
from widget.core.errors import Problem
from widget.extensions import db
from widget.models import Reaction, Thread, User
from widget.services import views
from widget.services.threads import Held

MOST_OF_PAGE = 8
A_PART = 20


class People(NamedTuple):
    """People with the kind of their reaction, the last first; and the cursor of what follows."""

    people: list[dict[str, Any]]
    next: str | None


def of_page(thread: Thread | Held) -> list[dict[str, Any]]:
    """Up to 8 people who last reacted to the page itself."""
    return [payload.author(row) for row in _rows(thread, None, MOST_OF_PAGE)]


def people(thread: Thread | Held, comment_id: int | None, after: str | None) -> People:
    """A part of those who reacted to a comment, or to the page (None), behind the person that `after` names.

    Raises Problem("thread.bad_cursor"): also when that person took their reaction back since.
    """
    bound = _place(thread, comment_id, after) if after else None
    rows = _rows(thread, comment_id, A_PART + 1, *([] if bound is None else [Reaction.id < bound]))
    shown = [payload.author(row) | {"kind": row.kind} for row in rows[:A_PART]]
    return People(shown, shown[-1]["id"] if len(rows) > A_PART else None)


def _rows(thread: Thread | Held, comment_id: int | None, limit: int, *more: ColumnElement[bool]) -> list[Any]:
    query = views.with_author(select(*views.AUTHOR, Reaction.kind).select_from(Reaction), Reaction, thread.site_id)
    query = query.where(*_target(thread, comment_id), *more).order_by(Reaction.id.desc()).limit(limit)
    return list(db.session.execute(query))


def _target(thread: Thread | Held, comment_id: int | None) -> tuple[ColumnElement[bool], ColumnElement[bool]]:
    return Reaction.thread_id == thread.id, Reaction.comment_id == comment_id


def _place(thread: Thread | Held, comment_id: int | None, after: str) -> int:
    query = select(Reaction.id).join(User, User.id == Reaction.user_id)
    found = db.session.scalar(query.where(*_target(thread, comment_id), User.public_id == after))
    if found is None or not ids.is_public_id(after):
        raise Problem("thread.bad_cursor")
    return found
