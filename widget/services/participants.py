"""The people of a conversation, who can be named in it: those who wrote in it, the last first."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from widget.core.mentions import Mentions, fold
from widget.extensions import db
from widget.models import Comment, Identity, Mention, User
from widget.services import views

MOST = 200
LOOKED_AT = 1_000  # of the thread's comments, the last ones: what this costs does not grow with the conversation
SUGGESTED = 8


@dataclass(frozen=True)
class Participant:
    """Somebody under a name that stands beside a comment of theirs; `avatar` is an address of ours."""

    user_id: int
    id: str
    name: str
    avatar: str | None
    provider: str | None

    def public(self) -> dict[str, Any]:
        """As everyone sees them."""
        shown = {"id": self.id, "name": self.name, "avatar": self.avatar, "provider": self.provider}
        return {name: value for name, value in shown.items() if value is not None}


def of_thread(thread_id: int) -> list[Participant]:
    """Up to 200 people under the names they wrote with."""
    recent = (
        select(Comment.id, Comment.user_id, Comment.identity_id)
        .where(Comment.thread_id == thread_id, Comment.state == "published")
        .order_by(Comment.changed.desc(), Comment.id.desc())
        .limit(LOOKED_AT)
        .subquery()
    )
    last = func.max(recent.c.id).label("last")
    who = select(recent.c.user_id, recent.c.identity_id, last).group_by(recent.c.user_id, recent.c.identity_id)
    people = who.order_by(last.desc()).limit(MOST).subquery()
    shown = {column.name: column for column in views.AUTHOR}
    columns = [shown[f"author_{name}"].label(name) for name in ("id", "name", "avatar", "provider")]
    query = (
        select(User.id.label("user_id"), *columns)
        .select_from(people)
        .join(User, User.id == people.c.user_id)
        .outerjoin(Identity, Identity.id == people.c.identity_id)
        .order_by(people.c.last.desc())
    )
    return [Participant(**row._mapping) for row in db.session.execute(query)]


def suggest(thread_id: int, beginning: str) -> list[dict[str, Any]]:
    """Up to 8 of them, each once, whose name or a word of it begins so; the last to write first."""
    start = fold(" ".join(beginning.split()))
    found: dict[str, dict[str, Any]] = {}
    for one in of_thread(thread_id):
        name = fold(one.name)
        if name.startswith(start) or f" {start}" in name:
            found.setdefault(one.id, one.public())
    return list(found.values())[:SUGGESTED]


def mentions_in(thread_id: int | None, raw: str) -> Mentions:
    """Who may be named in a text of this thread; nobody is looked up for one without an @."""
    people = of_thread(thread_id) if thread_id is not None and "@" in raw else []
    return Mentions((one.name, one.user_id) for one in people)


def mentioned_by(comment_id: int) -> Mentions:
    """Those whom the comment names already, under any name of theirs."""
    names = select(User.name, User.id).join(Mention, Mention.user_id == User.id)
    others = select(Identity.name, Identity.user_id).join(Mention, Mention.user_id == Identity.user_id)
    query = names.where(Mention.comment_id == comment_id).union(others.where(Mention.comment_id == comment_id))
    return Mentions((name, user_id) for name, user_id in db.session.execute(query))


def keep(session: Session, comment: Comment, mentions: Mentions) -> None:
    """Note whom the comment names now, besides its author, in the place of those whom it did before."""
    named = mentions.found.keys() - {comment.user_id}
    there = set(session.scalars(select(User.id).where(User.id.in_(named))))
    before = set(session.scalars(select(Mention.user_id).where(Mention.comment_id == comment.id)))
    if gone := before - there:
        session.execute(delete(Mention).where(Mention.comment_id == comment.id, Mention.user_id.in_(gone)))
    session.add_all(Mention(comment_id=comment.id, user_id=user_id) for user_id in sorted(there - before))
    session.flush()
