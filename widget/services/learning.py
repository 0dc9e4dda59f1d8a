"""What a site's moderators decide teaches which words are spam's: locally, for that site alone."""

from collections.abc import Callable, Iterable

import msgspec
from sqlalchemy import bindparam, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from widget.core import bayes, nodes
from widget.extensions import db
from widget.models import Comment, Identity, Lesson, User, Word
from widget.statements import Statement

ALL = 0  # the token of all comments
_TOTALS = Statement(select(Word.spam, Word.good).where(Word.site_id == bindparam("site"), Word.token == ALL))


def learn(session: Session, comment: Comment, *, spam: bool) -> None:
    """A moderator decided that this comment is spam, or good; a decision of before is forgotten.

    To be called in the transaction of the decision. Comments without any words teach nothing.
    """
    before = session.scalar(select(Lesson).where(Lesson.comment_id == comment.id))
    if before is not None:
        if before.spam == spam:
            return
        unlearn(session, comment)
    if not comment.raw:
        return
    found = sorted(_tokens_of(session, comment))
    _move(session, comment.site_id, found, spam=spam, by=1)
    row = Lesson(site_id=comment.site_id, comment_id=comment.id, spam=spam, tokens=msgspec.json.encode(found).decode())
    session.add(row)
    session.flush()


def unlearn(session: Session, comment: Comment) -> None:
    """The decision about this comment was taken back: what it taught is forgotten, whatever it says by now."""
    lesson = session.scalar(select(Lesson).where(Lesson.comment_id == comment.id))
    if lesson is not None:
        _move(session, lesson.site_id, msgspec.json.decode(lesson.tokens), spam=lesson.spam, by=-1)
        session.delete(lesson)
        session.flush()


def score(site_id: int, tokens: Callable[[], Iterable[int]]) -> float | None:
    """What the decisions so far say about a comment with these tokens: 0 good … 1 spam; None before there are some."""
    session = db.session()
    totals = _TOTALS.first(session, site=site_id)
    if totals is None or min(totals) < bayes.LEAST_OF_EACH:
        return None
    known = select(Word.spam, Word.good).where(Word.site_id == site_id, Word.token.in_(list(tokens())))
    return bayes.score([(row.spam, row.good) for row in session.execute(known)], *totals)


def _tokens_of(session: Session, comment: Comment) -> frozenset[int]:
    identity = session.get(Identity, comment.identity_id) if comment.identity_id else None
    name = identity.name if identity else session.get_one(User, comment.user_id).name
    tree = msgspec.json.decode(comment.tree)
    return bayes.tokens(nodes.text_of(tree), nodes.hrefs(tree), name)


def _move(session: Session, site_id: int, tokens: list[int], *, spam: bool, by: int) -> None:
    """Count the tokens, and one more comment. Whoever teaches first has the row of ALL, and the others wait for it."""
    column = Word.spam if spam else Word.good
    of_site = update(Word).where(Word.site_id == site_id).values({column: column + by})
    plain = {"synchronize_session": False}
    if not session.scalar(of_site.where(Word.token == ALL).returning(Word.id).execution_options(**plain)):
        try:
            with session.begin_nested():
                session.add(Word(site_id=site_id, token=ALL, **{column.key: by}))
        except IntegrityError:  # another one taught first, by a moment
            session.execute(of_site.where(Word.token == ALL).execution_options(**plain))
    there = set(session.scalars(select(Word.token).where(Word.site_id == site_id, Word.token.in_(tokens))))
    session.execute(of_site.where(Word.token.in_(there)).execution_options(**plain))
    session.add_all(
        Word(site_id=site_id, token=token, **{column.key: by}) for token in tokens if token not in there and by > 0
    )
    session.flush()
