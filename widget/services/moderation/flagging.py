"""When readers' flags send a comment back to the queue."""

from sqlalchemy import exists, func, select
from sqlalchemy.orm import Session

from widget.models import Comment, Flag, Identity
from widget.services.moderation import decisions
from widget.services.sites import SiteInfo


def hold(session: Session, site: SiteInfo, comment: Comment) -> None:
    """Have a published comment (locked, with its thread) wait, once enough people flagged it.

    Only people with an account count: one and the same guest may come back as many. What a moderator let through as it
    stands is not held again. The log is locked after this.
    """
    most = site.settings.flags_to_hold
    if not most or comment.state != "published" or comment.approved == (comment.edited_at or comment.created_at):
        return
    known = exists().where(Identity.user_id == Flag.user_id)
    open_ = Flag.comment_id == comment.id, Flag.settled_at.is_(None), known
    if (session.scalar(select(func.count()).select_from(Flag).where(*open_)) or 0) >= most:
        held = decisions.change(session, comment, "hold", by=None, version=decisions.version_of(comment))
        decisions.logged(session, [held])
