"""Taking decisions back by their entry in the log: one, or the whole batch it belongs to; that is logged, too."""

from collections import Counter
from collections.abc import Sequence
from functools import partial
from typing import Any

import msgspec
from sqlalchemy import select
from sqlalchemy.orm import Session

from widget.core import ids
from widget.core.errors import Problem
from widget.extensions import db
from widget.models import Comment, LogEntry
from widget.services import learning, transaction
from widget.services.moderation import bulk, decisions, log, moderators, people
from widget.services.moderation.bulk import Done
from widget.services.moderation.log import Draft
from widget.services.moderation.moderators import Moderator


def undo(moderator: Moderator, number: int) -> Done:
    """Undo an entry, and with it all of its batch; what was decided anew since is left as it is, and counted.

    Raises Problem: log.not_found, role.missing, log.not_undoable (where nothing of it could be).
    """
    first = db.session.execute(_entries(LogEntry.id == number)).first()
    if first is None or not moderator.reaches(first.site_id):
        raise Problem("log.not_found")
    moderators.require(db.session(), moderator, first.site_id, "log.undo")
    done, last = Done(ids.public_id()), 0
    which = LogEntry.id == number if first.batch is None else LogEntry.batch == first.batch
    while rows := db.session.execute(_entries(which, LogEntry.id > last).limit(bulk.BATCH)).all():
        work = partial(_some, moderator=moderator, site_id=first.site_id, entries=rows, batch=done.batch)
        count, refused = transaction.write(work)
        done.count += count
        done.refused += refused
        last = rows[-1].id
    if not done.count:
        raise Problem("log.not_undoable")
    return done


def entry_of(batch: str) -> int | None:
    """The first entry of a batch, by which it can be undone; None where nothing was done."""
    return db.session.scalar(select(LogEntry.id).where(LogEntry.batch == batch).order_by(LogEntry.id).limit(1))


def _entries(*rules: Any) -> Any:
    columns = (LogEntry.id, LogEntry.site_id, LogEntry.act, LogEntry.comment_id, LogEntry.user_id, LogEntry.batch)
    return select(*columns, LogEntry.before, LogEntry.after).where(*rules).order_by(LogEntry.id)


def _some(
    session: Session, *, moderator: Moderator, site_id: int | None, entries: Sequence[Any], batch: str
) -> tuple[int, Counter[str]]:
    moderators.require(session, moderator, site_id, "log.undo")
    comments = [entry.comment_id for entry in entries if entry.comment_id is not None]
    bulk.lock_threads(session, comments)
    held = decisions.locked(session, comments)
    drafts, refused = [], Counter[str]()
    for entry in entries:
        draft = None
        if entry.site_id == site_id and is_last(session, entry):
            if entry.comment_id is None:
                draft = _person_back(session, moderator, entry, batch)
            else:
                draft = _comment_back(session, moderator, entry, held[entry.comment_id], batch)
        if draft:
            drafts.append(draft)
        else:
            refused["log.not_undoable"] += 1
    log.append(session, drafts)
    return len(drafts), refused


def is_last(session: Session, entry: Any) -> bool:
    """Whether nothing was decided since about the same comment, or about how the same person stands there."""
    if entry.act.startswith(("thread.", "role.", "hook.")):
        return False  # the pages of conversations, roles and hooks take those back
    same = (
        LogEntry.comment_id == entry.comment_id
        if entry.comment_id is not None
        else (LogEntry.user_id == entry.user_id)
        & LogEntry.comment_id.is_(None)
        & (LogEntry.site_id.is_(None) if entry.site_id is None else LogEntry.site_id == entry.site_id)
    )
    return session.scalar(select(LogEntry.id).where(same, LogEntry.id > entry.id).limit(1)) is None


def _comment_back(session: Session, moderator: Moderator, entry: Any, comment: Comment, batch: str) -> Draft | None:
    before, after = msgspec.json.decode(entry.before), msgspec.json.decode(entry.after)
    if comment.state != after["state"] or comment.deleted_from or not comment.raw:
        return None  # its author deleted it meanwhile, or it was judged anew when they edited it
    now = decisions.snapshot(comment)
    decisions.put(session, comment, before["state"], moderator.user_id)
    if "approved" in before:
        learning.learn(session, comment, spam=False)
    else:
        comment.approved = None
        learning.unlearn(session, comment)
    comment.shadow = before.get("shadow", False)
    about = ("comment.undo", entry.site_id, moderator.user_id, comment.user_id, comment.id)
    return Draft(*about, before=now, after=decisions.snapshot(comment), batch=batch, undoes=entry.id)


def _person_back(session: Session, moderator: Moderator, entry: Any, batch: str) -> Draft | None:
    everywhere = entry.site_id is None
    before, after = msgspec.json.decode(entry.before), msgspec.json.decode(entry.after)
    if people.as_json(people.current(session, entry.site_id, entry.user_id)) != after:
        return None
    stands = people.from_json(before, everywhere=everywhere)
    draft = people.change(session, entry.site_id, entry.user_id, stands, act="undo", by=moderator.user_id)
    return Draft(**(vars(draft) | {"batch": batch, "undoes": entry.id})) if draft else None
