"""A comment's place in its conversation: given when it is written, left when it goes, taken again when it comes back.

All of it keeps the counts that spare readers the counting (models.Comment); the thread must be locked.
"""

from sqlalchemy import update
from sqlalchemy.orm import Session

from widget.core import clock
from widget.models import Comment
from widget.services import threads
from widget.services.threads import Moved


def place_below(session: Session, comment: Comment, parent: Comment) -> None:
    """Give a new comment its place under `parent`."""
    root_id = parent.root_id or parent.id
    published = comment.state in {None, "published"}
    place = session.execute(
        update(Comment)
        .where(Comment.id == root_id)
        .values(last_reply_no=Comment.last_reply_no + 1, reply_count=Comment.reply_count + int(published))
        .returning(Comment.last_reply_no)
    ).scalar_one()
    comment.parent_id, comment.root_id = parent.id, root_id
    comment.reply_no, comment.depth = place, parent.depth + 1
    if published:
        session.execute(
            update(Comment).where(Comment.id == parent.id).values(child_count=Comment.child_count + 1, visible=True)
        )


def take_out(session: Session, comment: Comment, state: str = "deleted") -> Moved:
    """Take a comment from its readers, and with it any tombstone above that has nothing left to hold.

    It is in `state` now: deleted, spam or pending; with visible replies readers see a tombstone in its place.
    """
    was_published, was_shown = comment.state == "published", comment.visible
    comment.state, comment.deleted_at = state, clock.now() if state == "deleted" else None
    comment.visible = was_shown and comment.child_count > 0
    _count_below_root(session, comment, -1 if was_published else 0)
    changed = [comment.id] if was_published else []
    below = comment
    while was_shown and not below.visible and (above := _above(session, below)):
        above.child_count -= 1
        if above.state == "published" or above.child_count:
            break
        above.visible = False
        changed.append(above.id)
        below = above
    session.flush()
    return threads.bump(session, comment.thread_id, comments=-1 if was_published else 0, changed=changed)


def put_back(session: Session, comment: Comment, state: str) -> Moved:
    """Undo `take_out`: the comment is in `state` again, and the tombstones above it stand again, too.

    The same lets through what has waited: whatever could not be seen before is told to readers as new.
    """
    published, was_shown = state == "published", comment.visible
    appeared = [comment.id] if published and not was_shown else []
    comment.state, comment.deleted_at = state, None
    comment.visible = was_shown or published
    _count_below_root(session, comment, 1 if published else 0)
    changed = [comment.id] if published else []
    below = comment
    while published and not was_shown and (above := _above(session, below)):
        above.child_count += 1
        was_shown = above.visible
        if not was_shown:
            above.visible = True
            changed.append(above.id)
            appeared.append(above.id)
        below = above
    session.flush()
    moved = threads.bump(session, comment.thread_id, comments=1 if published else 0, changed=changed)
    if appeared:
        session.execute(update(Comment).where(Comment.id.in_(appeared)).values(appeared=moved.version))
    return moved


def _count_below_root(session: Session, comment: Comment, step: int) -> None:
    session.flush()
    if step and comment.root_id:
        root = update(Comment).where(Comment.id == comment.root_id)
        session.execute(root.values(reply_count=Comment.reply_count + step))


def _above(session: Session, comment: Comment) -> Comment | None:
    session.flush()
    return session.get_one(Comment, comment.parent_id, populate_existing=True) if comment.parent_id else None
