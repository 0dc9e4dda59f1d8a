"""Deciding about many comments in one go: those that were picked, all of a person's, all with a link.

In batches, each a transaction of its own, so that nobody waits long for the write lock; every comment has its entry in
the log, under one batch by which all of it can be undone (services.moderation.undoing).
"""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial
from itertools import islice
from typing import Any

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session

from widget.core import clock, ids, outbound
from widget.core.errors import Problem
from widget.extensions import db
from widget.models import Comment
from widget.services import threads, transaction
from widget.services.moderation import decisions, log, moderators
from widget.services.moderation.moderators import Moderator

BATCH = 25
MOST = 1_000  # in one go by a person or a link; what follows is asked for again
_SCAN = 500
STATES = {
    "approve": ("pending", "spam"),
    "spam": ("pending", "published"),
    "delete": ("pending", "published", "spam"),
}


@dataclass(frozen=True)
class Wish:
    """A comment by row id, and the time of the text that was seen; None: any that was there when it was asked."""

    comment_id: int
    version: str | None = None


@dataclass
class Done:
    """How many were decided about, and how many not, by the code of the Problem; by `batch` it can be undone.

    `more`: there are others, which were not looked at yet.
    """

    batch: str
    count: int = 0
    refused: Counter[str] = field(default_factory=Counter)
    more: bool = False


def of_picked(moderator: Moderator, act: str, picked: Sequence[tuple[str, str | None]], *, why: str = "") -> Done:
    """Those that were picked, as (public id, version); what is not there or another site's is refused one by one."""
    done = Done(ids.public_id())
    query = select(Comment.id, Comment.public_id, Comment.site_id)
    rows = db.session.execute(query.where(Comment.public_id.in_([one for one, _ in picked]))).all()
    sites = {row.public_id: row for row in rows}
    wishes: dict[int, list[Wish]] = {}
    for public_id, version in picked:
        if (row := sites.get(public_id)) is None:
            done.refused["comment.not_found"] += 1
        else:
            wishes.setdefault(row.site_id, []).append(Wish(row.id, version))
    for site_id, some in wishes.items():
        _run(moderator, site_id, act, iter(some), done, why=why)
    return done


def of_person(moderator: Moderator, site_id: int, act: str, person: str, *, why: str = "") -> Done:
    """All of a person's (public id) on a site, as they stand now, MOST of them at a time.

    Raises Problem("user.not_found").
    """
    done = Done(ids.public_id())
    user_id = moderators.person(db.session(), person)
    moderators.require(db.session(), moderator, site_id, f"comment.{act}")
    found = _walk(act, Comment.user_id == user_id, Comment.site_id == site_id)
    _run(moderator, site_id, act, _first((Wish(row.id) for row in found), done), done, why=why)
    return done


def with_link(moderator: Moderator, site_id: int, act: str, link: str, *, why: str = "") -> Done:
    """All with a link to a host (`spam.example`, and what is below it) or to one address, on a site, as they stand now,
    MOST of them at a time.

    Raises Problem("request.bad_field") for what is neither.
    """
    done = Done(ids.public_id())
    wanted = outbound.wanted(link)
    moderators.require(db.session(), moderator, site_id, f"comment.{act}")
    # A host of other letters than these may be written in two ways: then all links are looked at.
    rough = '"href":' if "xn--" in wanted.host else wanted.host
    found = _walk(act, Comment.site_id == site_id, Comment.tree.icontains(rough, autoescape=True))
    some = (row.id for row in found if outbound.leads_to(row.tree, wanted))
    _run(moderator, site_id, act, _first(map(Wish, some), done), done, why=why)
    return done


def _walk(act: str, *rules: ColumnElement[bool]) -> Iterator[Any]:
    """Rows of (id, tree) that the act would change, in the order they were stored; nothing is held between them."""
    last = 0
    query = select(Comment.id, Comment.tree).where(Comment.state.in_(STATES[act]), *rules).order_by(Comment.id)
    while rows := db.session.execute(query.where(Comment.id > last).limit(_SCAN)).all():
        db.session.rollback()
        yield from rows
        last = rows[-1].id


def _first(wishes: Iterator[Wish], done: Done) -> Iterator[Wish]:
    """MOST of them; whether there are more is noted."""
    yield from islice(wishes, MOST)
    done.more = next(wishes, None) is not None


def _run(moderator: Moderator, site_id: int, act: str, wishes: Iterator[Wish], done: Done, *, why: str) -> None:
    why, asked = log.reason(why), clock.now()
    while some := list(islice(wishes, BATCH)):
        work = partial(_some, moderator=moderator, site_id=site_id, act=act, wishes=some, asked=asked)
        count, refused = transaction.write(partial(work, why=why, batch=done.batch))
        done.count += count
        done.refused += refused


def _some(
    session: Session,
    *,
    moderator: Moderator,
    site_id: int,
    act: str,
    wishes: Sequence[Wish],
    asked: datetime,
    why: str,
    batch: str,
) -> tuple[int, Counter[str]]:
    """How many were changed; the Problems of the others. A role that was taken away meanwhile ends it."""
    moderators.require(session, moderator, site_id, f"comment.{act}")
    lock_threads(session, [wish.comment_id for wish in wishes])
    comments = decisions.locked(session, [wish.comment_id for wish in wishes])
    made, refused = [], Counter[str]()
    for wish in wishes:
        comment = comments[wish.comment_id]
        seen = wish.version
        if seen is None and (comment.edited_at or comment.created_at) <= asked:
            seen = decisions.version_of(comment)
        try:
            made.append(
                decisions.change(session, comment, act, by=moderator.user_id, version=seen, why=why, batch=batch)
            )
        except Problem as problem:
            refused[problem.code] += 1
    return sum(one.entry is not None for one in decisions.logged(session, made)), refused


def lock_threads(session: Session, comments: Sequence[int]) -> None:
    """Lock the threads of these comments, in the order in which everybody takes several."""
    query = select(Comment.thread_id).where(Comment.id.in_(comments)).distinct().order_by(Comment.thread_id)
    for thread_id in session.scalars(query).all():
        threads.lock(session, thread_id)
