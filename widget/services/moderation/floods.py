"""What was shown before a flood was seen to be one goes to the queue, too.

A flood that looks like people is held from some number of comments on; the first of them went through. Once there are
several times as many, that they were a flood is no guess any more.
"""

from dataclasses import replace
from datetime import timedelta
from functools import partial

from sqlalchemy import exists, or_, select
from sqlalchemy.orm import Session, aliased

from widget.core import clock, ids, verdicts
from widget.core.verdicts import Verdict
from widget.extensions import db
from widget.models import Comment, User
from widget.services import transaction
from widget.services.moderation import bulk, decisions
from widget.services.sites import SiteInfo

TIMES = 4  # so many times the number from which new people's comments wait
CODE = "flood.back"


def look_back(site: SiteInfo, crowd: int, *, window: timedelta, new: timedelta) -> int:
    """Hold what new people wrote within the `window`, if their comments in it (`crowd`) are a flood; how many.

    `new`: so long somebody is new. What a moderator decided about stays, and so does what somebody answered who is not
    new. Each is held once: whoever lets it through again, or takes all of it back by the log, has the last word. It is
    told ("comment.held") and logged as the server's own, under one batch. In batches, each its own transaction.
    """
    if not site.settings.flood or crowd < TIMES * site.settings.flood:
        return 0
    since = clock.now() - window
    author, answerer, answer, earlier = aliased(User), aliased(User), aliased(Comment), aliased(Comment)
    answered = (
        exists()
        .where(answer.parent_id == Comment.id, answer.state == "published", answer.user_id != Comment.user_id)
        .where(answerer.id == answer.user_id, answer.identity_id.is_not(None), answerer.created_at <= since - new)
    )
    known = exists().where(
        earlier.user_id == Comment.user_id,
        earlier.site_id == site.id,
        earlier.state == "published",
        earlier.created_at <= since,
    )
    found = (
        select(Comment.id)
        .join(author, author.id == Comment.user_id)
        .where(Comment.site_id == site.id, Comment.state == "published", Comment.created_at > since)
        .where(or_(Comment.identity_id.is_(None), author.created_at > clock.now() - new))
        .where(Comment.approved.is_(None), Comment.kind == "comment")
        .where(Comment.judged.not_like('%"trust.%'), Comment.judged.not_like(f'%"{CODE}"%'))
        .where(~answered, ~known)
        .order_by(Comment.created_at, Comment.id)
        .limit(bulk.BATCH)
    )
    batch, held = ids.public_id(), 0
    while some := db.session.scalars(found).all():
        db.session.rollback()
        count = transaction.write(partial(_hold, some=list(some), crowd=crowd, batch=batch))
        held += count
        if not count:
            break  # others changed all of them meanwhile
    return held


def _hold(session: Session, *, some: list[int], crowd: int, batch: str) -> int:
    bulk.lock_threads(session, some)
    made = []
    for comment in decisions.locked(session, some).values():
        judged = verdicts.read(comment.judged)
        if comment.state != "published" or comment.approved or any(one.code == CODE for one in judged.verdicts):
            continue
        comment.judged = judged.with_(Verdict(CODE, str(crowd))).text()
        version = decisions.version_of(comment)
        held = decisions.change(session, comment, "hold", by=None, version=version, batch=batch)
        made.append(replace(held, draft=held.draft and replace(held.draft, why=CODE)))
    decisions.logged(session, made)
    return len(made)
