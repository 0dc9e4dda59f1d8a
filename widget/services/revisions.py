"""What a comment said before it was edited, for the curious. Only what everybody could read once is kept."""

from typing import Any

import msgspec
from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from widget.core import clock
from widget.extensions import db
from widget.models import Comment, Revision

MOST = 50


def keep(session: Session, comment: Comment) -> None:
    """Keep the comment's present text before it is changed; of more than 50 the oldest but the first goes."""
    kept = select(Revision.id).where(Revision.comment_id == comment.id).order_by(Revision.id)
    ids = list(session.scalars(kept))
    if surplus := ids[1 : max(0, len(ids) + 1 - MOST) + 1]:
        session.execute(delete(Revision).where(Revision.id.in_(surplus)))
    session.add(
        Revision(
            comment_id=comment.id,
            raw=comment.raw,
            markup=comment.markup,
            html=comment.html,
            tree=comment.tree,
            renderer=comment.renderer,
            written_at=comment.edited_at or comment.created_at,
        )
    )


def history(comment_id: int) -> dict[str, Any]:
    """{"versions": [{"time", "body"}]}, the oldest first and the present one last."""
    comment = db.session.get_one(Comment, comment_id)
    earlier = select(Revision.written_at, Revision.tree).where(Revision.comment_id == comment_id).order_by(Revision.id)
    rows = [(row.written_at, row.tree) for row in db.session.execute(earlier)]
    rows.append((comment.edited_at or comment.created_at, comment.tree))
    return {"versions": [{"time": clock.rfc3339(time), "body": msgspec.Raw(tree.encode())} for time, tree in rows]}
