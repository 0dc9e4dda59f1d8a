"""Comments as everyone sees them: the columns that are read, and what they look like in an answer."""

from collections.abc import Iterable
from dataclasses import replace
from typing import Any

from sqlalchemy import Select, String, and_, bindparam, case, func, literal, select
from sqlalchemy.orm import Session, aliased

from widget.core import payload
from widget.core.nodes import PICTURE
from widget.extensions import db
from widget.models import Comment, Identity, Reaction, Role, Thread, User
from widget.services import avatars, pictures
from widget.statements import Statement

_Parent = aliased(Comment)
_pictures = bindparam("pictures", callable_=pictures.base, type_=String())
# A person as everyone sees them; needs User, and Identity and Role where there are any (`with_author`).
AUTHOR = (
    User.public_id.label("author_id"),
    func.coalesce(Identity.name, User.name).label("author_name"),
    case((Identity.id.is_not(None), Identity.profile_url), else_=User.website).label("author_url"),
    # Our own copy alone: no reader's browser is ever sent to a provider.
    (bindparam("avatars", callable_=avatars.base, type_=String()) + Identity.picture).label("author_avatar"),
    Identity.provider.label("author_provider"),
    Role.role.label("author_role"),
)
COLUMNS = (
    Comment.public_id.label("id"),
    _Parent.public_id.label("parent"),
    Comment.state,
    Comment.kind,
    Comment.created_at,
    Comment.edited_at,
    Comment.tree,
    # Quotes and brackets of people's words are not written so: see core.nodes.
    func.replace(Comment.html, f'<img src="{PICTURE}', literal('<img src="') + _pictures).label("html"),
    Comment.reply_count,
    Comment.reactions,
    *AUTHOR,
)
_FIELDS = tuple(column.name for column in COLUMNS)


def select_views(*more: Any) -> Select[Any]:
    """SELECT of the columns of a CommentView, with `more` columns behind them."""
    query = with_author(select(*COLUMNS, *more).select_from(Comment), Comment, Comment.site_id)
    return query.outerjoin(_Parent, _Parent.id == Comment.parent_id)


def with_author(query: Select[Any], of: type[Comment | Reaction], site_id: Any) -> Select[Any]:
    """A query of a table that says who did it, with whom the columns AUTHOR need."""
    return (
        query.join(User, User.id == of.user_id)
        .outerjoin(Identity, Identity.id == of.identity_id)
        .outerjoin(Role, and_(Role.site_id == site_id, Role.user_id == of.user_id))
    )


_ONE = Statement(select_views().where(Comment.id == bindparam("row")))


def view(session: Session, comment_id: int) -> payload.CommentView:
    """One comment, in whatever state it is."""
    return payload.CommentView(**_ONE.one(session, row=comment_id)._asdict())


def names(thread: Thread, public_ids: Iterable[str]) -> dict[str, str]:
    """The authors' names of published comments of a thread, by the comments' ids."""
    query = select_views().where(Comment.public_id.in_(list(public_ids)), Comment.thread_id == thread.id)
    rows = db.session.execute(query.where(Comment.state == "published")).mappings()
    return {row["id"]: row["author_name"] for row in rows}


def public(row: Any, *, html: bool = False, pinned: bool = False) -> dict[str, Any]:
    """The public form of a row of `select_views`."""
    shown = payload.CommentView(**{name: row[name] for name in _FIELDS}, pinned=pinned)
    if shown.state != "published":  # it waits or is spam, and has replies: nobody is to know which
        shown = replace(shown, state="deleted")
    return payload.comment(shown, html=html)
