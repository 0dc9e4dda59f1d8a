"""Deciding about one comment: let it through, call it spam, take it away, take that back.

Whatever door a decision comes through (the desk, the page itself, a mail), it comes here. Listeners of services.events
are told "comment.published", ".spam", ".deleted" or ".held", with the state before.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

import msgspec
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from widget.core import clock, ids
from widget.core.errors import Problem
from widget.models import Comment, Flag, LogEntry
from widget.services import branches, events, learning, threads, transaction
from widget.services.moderation import log, moderators
from widget.services.moderation.log import Draft
from widget.services.moderation.moderators import Moderator
from widget.services.threads import Moved

ACTS = ("approve", "spam", "delete", "restore")


@dataclass(frozen=True)
class Decision:
    """What became of a comment (public id): its states before and now; `moved` where readers see something else now.

    `entry` is its number in the log; None: it was so already, and nothing was done. `draft` is what was logged.
    """

    comment: str
    before: str
    after: str
    thread_id: int
    moved: Moved | None
    draft: Draft | None = None
    entry: int | None = None


def decide(moderator: Moderator, public_id: str, act: str, *, version: str | None = None, why: str = "") -> Decision:
    """Do one of ACTS, in a transaction of its own. `version` is the time of the text that the moderator saw (RFC 3339).

    Raises Problem: role.missing, comment.not_found, comment.gone (by its author, or erased), comment.changed: it says
    something else by now; to approve without a version is to approve nothing that was seen, and refused as that, too.
    """
    return transaction.write(
        partial(apply, moderator=moderator, public_id=public_id, act=act, version=version, why=why)
    )


def apply(
    session: Session, *, moderator: Moderator, public_id: str, act: str, version: str | None = None, why: str = ""
) -> Decision:
    """The same within a transaction that writes. The log is locked until its end: lock nothing after this."""
    found = find(session, moderator, public_id)
    moderators.require(session, moderator, found.site_id, f"comment.{act}")
    threads.lock(session, found.thread_id)
    done = change(
        session, locked(session, [found.id])[found.id], act, by=moderator.user_id, version=version, why=log.reason(why)
    )
    return logged(session, [done])[0]


def find(session: Session, moderator: Moderator, public_id: str) -> Any:
    """The comment's id, thread_id and site_id. Raises Problem("comment.not_found"), also for another site's."""
    query = select(Comment.id, Comment.thread_id, Comment.site_id).where(Comment.public_id == public_id)
    found = session.execute(query).first() if ids.is_public_id(public_id) else None
    if found is None or not moderator.reaches(found.site_id):
        raise Problem("comment.not_found")
    return found


def logged(session: Session, decisions: list[Decision]) -> list[Decision]:
    """Log what was done, and say under which numbers."""
    done = [one for one in decisions if one.draft]
    entries = log.append(session, [one.draft for one in done if one.draft])
    numbers = {one.comment: entry for one, entry in zip(done, entries, strict=True)}
    return [Decision(**(vars(one) | {"entry": numbers.get(one.comment)})) for one in decisions]


def change(
    session: Session,
    comment: Comment,
    act: str,
    *,
    by: int | None,
    version: str | None = None,
    why: str = "",
    batch: str | None = None,
) -> Decision:
    """Do it to a comment that is locked, and its thread before it; what is to be logged is in the answer.

    Raises as `decide` does.
    """
    if version != version_of(comment) and (version is not None or act == "approve"):
        raise Problem("comment.changed")
    before = snapshot(comment)
    moved = _ACTS[act](session, comment, by)
    if by is not None:
        _teach(session, comment, act)
    after = snapshot(comment)
    draft = None
    if before != after:
        about = (f"comment.{act}", comment.site_id, by, comment.user_id, comment.id, before, after, why, batch)
        draft = Draft(*about)
    return Decision(comment.public_id, before["state"], after["state"], comment.thread_id, moved, draft)


def _teach(session: Session, comment: Comment, act: str) -> None:
    """What moderators decide, and take back, says something about the words of spam on their site."""
    if act in {"approve", "spam"}:
        learning.learn(session, comment, spam=act == "spam")
    elif act in {"hold", "restore"}:
        learning.unlearn(session, comment)


def locked(session: Session, rows: Sequence[int]) -> dict[int, Comment]:
    """Comments by row id, kept from other writers; their threads are locked already."""
    query = select(Comment).where(Comment.id.in_(rows)).order_by(Comment.id).with_for_update()
    found = session.scalars(query.execution_options(populate_existing=True))
    return {comment.id: comment for comment in found}


def version_of(comment: Comment) -> str:
    """The version of a comment's text, as every public answer has it: its `edited`, or else its `time`."""
    return clock.rfc3339(comment.edited_at or comment.created_at)


def snapshot(comment: Comment) -> dict[str, Any]:
    """What a decision changes of a comment, as the log keeps it: never a word of its text."""
    found: dict[str, Any] = {"state": comment.state, "version": version_of(comment)}
    if comment.deleted_from:
        found["deleted_from"] = comment.deleted_from
    if comment.approved:
        found["approved"] = clock.rfc3339(comment.approved)
    if comment.flag_count:
        found["flags"] = comment.flag_count
    return found | ({"shadow": True} if comment.shadow else {})


def settle(session: Session, comment: Comment) -> None:
    """Its flags have been seen and decided about."""
    if comment.flag_count:
        comment.flag_count = 0
        open_ = Flag.comment_id == comment.id, Flag.settled_at.is_(None)
        session.execute(update(Flag).where(*open_).values(settled_at=clock.now()))


def put(session: Session, comment: Comment, state: str, by: int | None) -> Moved | None:
    """Bring a comment into this state, whatever it was in, and tell of it."""
    before = comment.state
    if before == state:
        return None
    settle(session, comment)
    moved = None
    if before == "published":
        moved = branches.take_out(session, comment, state)
    elif state == "published":
        moved = branches.put_back(session, comment, state)
    else:  # no reader sees anything else
        comment.state, comment.deleted_at = state, clock.now() if state == "deleted" else None
    comment.deleted_from = None
    events.of_comment(session, _TOLD[state], comment, by=by, before=before)
    return moved


def _approve(session: Session, comment: Comment, by: int | None) -> Moved | None:
    if comment.state == "deleted":
        raise Problem("comment.gone")
    comment.approved, comment.shadow = comment.edited_at or comment.created_at, False
    settle(session, comment)
    return put(session, comment, "published", by)


def _spam(session: Session, comment: Comment, by: int | None) -> Moved | None:
    if comment.state == "deleted":
        raise Problem("comment.gone")
    comment.shadow = False
    settle(session, comment)
    return put(session, comment, "spam", by)


def _delete(session: Session, comment: Comment, by: int | None) -> Moved | None:
    if comment.deleted_from:
        raise Problem("comment.gone")
    return put(session, comment, "deleted", by)


def _hold(session: Session, comment: Comment, by: int | None) -> Moved | None:
    """Readers' flags stay open: they are why it waits."""
    flags, comment.flag_count = comment.flag_count, 0
    moved = put(session, comment, "pending", by)
    comment.flag_count = flags
    return moved


def _restore(session: Session, comment: Comment, by: int | None) -> Moved | None:
    """Undo what moderators did; what a check called spam, and no moderator has seen, goes to the queue."""
    if comment.state not in {"deleted", "spam"}:
        return None
    if comment.deleted_from or not comment.raw:
        raise Problem("comment.gone")
    comment.shadow = False
    return put(session, comment, state_before(session, comment), by)


def state_before(session: Session, comment: Comment) -> str:
    """The state from which moderators took a comment into the one it is in."""
    query = select(LogEntry.before, LogEntry.after).where(LogEntry.comment_id == comment.id)
    last = session.execute(query.order_by(LogEntry.id.desc()).limit(1)).first()
    if last and msgspec.json.decode(last.after).get("state") == comment.state:
        state: str = msgspec.json.decode(last.before)["state"]
        return state if state != comment.state else "pending"
    if comment.state == "deleted":
        raise Problem("comment.gone")
    return "pending"


_ACTS = {"approve": _approve, "spam": _spam, "delete": _delete, "restore": _restore, "hold": _hold}
_TOLD = {
    "published": "comment.published",
    "pending": "comment.held",
    "spam": "comment.spam",
    "deleted": "comment.deleted",
}
