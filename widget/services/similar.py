"""Finds comments of these days that say almost the same: by numbers in an index, then by the texts themselves."""

from datetime import timedelta

import msgspec
from sqlalchemy import delete, insert, select
from sqlalchemy.orm import Session

from widget.checks.case import Similar
from widget.core import clock, similar
from widget.core.nodes import Tree
from widget.extensions import db
from widget.models import Comment, Fingerprint
from widget.statements import Statement

DAYS = timedelta(days=14)
LOOKED_AT = 20
FOUND = 5
_KEEP = Statement(insert(Fingerprint), columns=("site_id", "comment_id", "value", "created_at"))


def find(site_id: int, runs: frozenset[str], *, but: int | None) -> tuple[Similar, ...]:
    """Up to five, the newest first; `but` is the comment itself."""
    values = similar.sketch(runs)
    if not values:
        return ()
    newest = (
        select(Fingerprint.comment_id)
        .where(Fingerprint.site_id == site_id, Fingerprint.value.in_(values))
        .where(Fingerprint.created_at > clock.now() - DAYS)
        .order_by(Fingerprint.id.desc())
        .limit(LOOKED_AT)
    )
    query = (
        select(Comment.id, Comment.public_id, Comment.state, Comment.tree)
        .where(Comment.id.in_(newest), Comment.state != "deleted")
        .order_by(Comment.id.desc())
    )
    found: list[Similar] = []
    for row in db.session.execute(query):
        if row.id != but and similar.alike(runs, runs_of(msgspec.json.decode(row.tree))):
            found.append(Similar(row.public_id, row.state))
            if len(found) == FOUND:
                break
    return tuple(found)


def runs_of(tree: Tree) -> frozenset[str]:
    """Of a comment's body."""
    return similar.shingles(similar.own_words(tree))


def keep(session: Session, site_id: int, comment_id: int, runs: frozenset[str]) -> None:
    """Note the numbers of a comment that is stored already."""
    row = {"site_id": site_id, "comment_id": comment_id, "created_at": clock.now()}
    _KEEP.run_each(session, [{**row, "value": value} for value in similar.sketch(runs)])


def forget(session: Session, comment_id: int) -> None:
    """Before it says something else."""
    session.execute(delete(Fingerprint).where(Fingerprint.comment_id == comment_id))


def sweep(session: Session) -> None:
    """Forget those that nobody looks for any more."""
    session.execute(delete(Fingerprint).where(Fingerprint.created_at <= clock.now() - DAYS))
