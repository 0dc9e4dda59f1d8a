"""A new comment's row, stored by one statement; everything that is not said of it is as the model has it."""

from typing import cast

from sqlalchemy import Table, insert
from sqlalchemy.orm import Session
from sqlalchemy.sql.schema import ScalarElementColumnDefault

from widget.core import ids
from widget.models import Comment
from widget.statements import Statement

_ROWS = cast("Table", Comment.__table__)
_GIVEN = tuple(column.name for column in _ROWS.columns if not column.primary_key)
_INSERT = Statement(insert(_ROWS).returning(_ROWS.c.id), columns=_GIVEN)
_USUAL = {
    column.name: column.default.arg
    for column in _ROWS.columns
    if isinstance(column.default, ScalarElementColumnDefault)
}


def store(session: Session, comment: Comment) -> None:
    """Give a comment, which the session does not know and will not, its row, its `id` and its `public_id`."""
    said = {name: value for name, value in vars(comment).items() if name in _ROWS.c}
    comment.public_id = said["public_id"] = said.get("public_id") or ids.public_id()
    values = dict.fromkeys(_GIVEN) | _USUAL | said
    comment.id = _INSERT.one(session, **values).id
