"""What happened on sites in a span of time, from what is stored anyway: no reader is followed for it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from statistics import median
from typing import Any

from sqlalchemy import BigInteger, ColumnElement, func, select, type_coerce
from sqlalchemy.orm import aliased

from widget.core import clock
from widget.core.spans import Span
from widget.extensions import db
from widget.models import Comment, Reaction, SigninDay, Thread

TOP = 10
_DAY = 86_400_000_000  # microseconds


@dataclass(frozen=True)
class Series:
    """Numbers for each step of a span; a step without an answer (of the times to one) is None."""

    name: str
    numbers: tuple[float | None, ...]

    @property
    def total(self) -> float:
        """All of them."""
        return sum(number or 0 for number in self.numbers)


@dataclass(frozen=True)
class TopPage:
    """A page and what was published there in the span."""

    title: str | None
    url: str
    site_id: int
    comments: int


@dataclass(frozen=True)
class Figures:
    """`people` are those who wrote in each step, each once a step; `everybody` once in all. Minutes are medians."""

    comments: Series
    people: Series
    everybody: int
    likes: Series
    held: Series
    answer_minutes: Series
    answer_median: float | None
    signins: tuple[Series, ...]
    pages: tuple[TopPage, ...]


def read(sites: Sequence[int], span: Span) -> Figures:
    """All figures of these sites (row ids) together."""
    published = _comments(sites, span, "published")
    answers = _answers(sites, span)
    per_step: list[list[float]] = [[] for _ in range(span.steps)]
    for place, minutes in answers:
        per_step[place].append(minutes)
    return Figures(
        comments=_counted("comments", span, _by_step(span, Comment.created_at, func.count(), published)),
        people=_counted(
            "people", span, _by_step(span, Comment.created_at, func.count(Comment.user_id.distinct()), published)
        ),
        everybody=db.session.scalar(select(func.count(Comment.user_id.distinct())).where(*published)) or 0,
        likes=_counted("likes", span, _likes(sites, span)),
        held=_counted(
            "held", span, _by_step(span, Comment.created_at, func.count(), _comments(sites, span, "pending", "spam"))
        ),
        answer_minutes=Series("answer_minutes", tuple(median(found) if found else None for found in per_step)),
        answer_median=median(minutes for _, minutes in answers) if answers else None,
        signins=_signins(sites, span),
        pages=_pages(published),
    )


def _comments(sites: Sequence[int], span: Span, *states: str) -> list[ColumnElement[bool]]:
    """The rows of the index `ix_comment_site` that are meant."""
    return [Comment.site_id.in_(sites), Comment.state.in_(states), *_within(Comment.created_at, span)]


def _within(column: Any, span: Span) -> tuple[ColumnElement[bool], ...]:
    return column >= span.begins, column < span.ends


def _step(column: Any, span: Span) -> ColumnElement[int]:
    """In which step of the span a moment is."""
    begins = clock.microseconds(span.begins)
    return (type_coerce(column, BigInteger) - begins) // (span.days * _DAY)


def _by_step(span: Span, column: Any, what: ColumnElement[int], rules: Sequence[ColumnElement[bool]]) -> Any:
    step = _step(column, span).label("step")
    return select(step, what).where(*rules).group_by(step)


def _likes(sites: Sequence[int], span: Span) -> Any:
    """Every reaction, whatever its kind: a site may offer another one in the like's place."""
    rules = [*_within(Reaction.created_at, span), Thread.site_id.in_(sites)]
    query = _by_step(span, Reaction.created_at, func.count(), rules)
    return query.join(Thread, Thread.id == Reaction.thread_id)


def _counted(name: str, span: Span, query: Any) -> Series:
    numbers: list[float | None] = [0] * span.steps
    for step, count in db.session.execute(query):
        numbers[int(step)] = count
    return Series(name, tuple(numbers))


def _answers(sites: Sequence[int], span: Span) -> list[tuple[int, float]]:
    """(step, minutes to the first answer by somebody else) of each comment of the span that has one."""
    answer = aliased(Comment)
    first = func.min(type_coerce(answer.created_at, BigInteger))
    query = (
        select(Comment.created_at, first)
        .join(answer, answer.root_id == Comment.id)
        .where(
            *_comments(sites, span, "published"),
            Comment.parent_id.is_(None),
            answer.state == "published",
            answer.user_id != Comment.user_id,
        )
        .group_by(Comment.id, Comment.created_at)
    )
    return [(span.place(asked), _minutes(asked, answered)) for asked, answered in db.session.execute(query)]


def _minutes(asked: datetime, answered: int) -> float:
    return max(0.0, round((clock.from_microseconds(answered) - asked).total_seconds() / 60, 1))


def _signins(sites: Sequence[int], span: Span) -> tuple[Series, ...]:
    """By provider, those with the most first."""
    last = span.first_day + (span.last - span.first).days
    query = (
        select(SigninDay.provider, SigninDay.day, func.sum(SigninDay.count))
        .where(SigninDay.site_id.in_(sites), SigninDay.day.between(span.first_day, last))
        .group_by(SigninDay.provider, SigninDay.day)
    )
    found: dict[str, list[float | None]] = {}
    for provider, day, count in db.session.execute(query):
        numbers = found.setdefault(provider, [0] * span.steps)
        place = (day - span.first_day) // span.days
        numbers[place] = (numbers[place] or 0) + int(count)
    series = [Series(provider, tuple(numbers)) for provider, numbers in found.items()]
    return tuple(sorted(series, key=lambda one: (-one.total, one.name)))


def _pages(rules: Sequence[ColumnElement[bool]]) -> tuple[TopPage, ...]:
    count = func.count().label("count")
    most = select(Comment.thread_id, count).where(*rules).group_by(Comment.thread_id)
    top = most.order_by(count.desc(), Comment.thread_id).limit(TOP).subquery("top")
    query = (
        select(Thread.title, Thread.url, Thread.site_id, top.c.count)
        .join(top, top.c.thread_id == Thread.id)
        .order_by(top.c.count.desc(), Thread.id)
    )
    return tuple(TopPage(*row) for row in db.session.execute(query))
