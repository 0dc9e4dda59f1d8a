"""The weekly letter to those who look after a site: what was said, by how many, and what wants an answer."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session, aliased

from widget.core import plot
from widget.core.letters import Block, Figures, Image, Letter, Link, Links, Quote, Title, Words
from widget.models import Comment, Reaction, Subscription, Thread
from widget.services import sites
from widget.services.mail import facts, letters, links, owners, recipients
from widget.services.mail.letters import Draft
from widget.services.mail.voice import Voice
from widget.services.outbox import Claimed

WEEK = timedelta(days=7)
SHOWN = 5
LONGEST = 300


def write(session: Session, claimed: Claimed) -> Draft | None:
    """The letter of a row; None on a week in which nobody wrote and nothing waits, unless the site wants it all the
    same."""
    to = session.get(Subscription, claimed.payload["subscription"])
    if to is None or to.how == "off":
        return None
    site = sites.by_id(to.site_id)
    if not recipients.still_owner(session, site, to):
        return None
    until = datetime.fromisoformat(claimed.payload["until"])
    voice, week = Voice(to.lang), _Week(session, site.id, until)
    number, waiting = week.comments(), week.waiting()
    if not number and not waiting and not site.settings.mail_letter_empty:
        return None
    period = voice("letter.period", **{"from": voice.day(week.since.date()), "to": voice.day(week.last.date())})
    blocks: list[Block] = [Title(voice("letter.title", site=site.name)), Words(period, dim=True)]
    blocks += _figures(voice, week) if number else [Words(voice("letter.none"))]
    if waiting:
        blocks.append(Title(voice("letter.waiting")))
        for one in waiting:
            blocks += _said(session, voice, to, one)
        blocks.append(Words(voice.counted("owner.links", links.DECIDE_LIFE.days, host=links.host()), dim=True))
    blocks += _unanswered(session, voice, to, week.unanswered())
    blocks += _pages(voice, week.pages())
    blocks += _liked(session, voice, week.liked())
    subject = voice.counted("letter.subject", number, site=site.name)
    footer = (Words(voice("letter.why", site=site.name)), *letters.footer(session, voice, to, site.name)[1:])
    return Draft(to, Letter(subject if number else voice("letter.subject.none", site=site.name), tuple(blocks), footer))


class _Week:
    """The numbers of one week of one site."""

    def __init__(self, session: Session, site_id: int, until: datetime) -> None:
        self._session, self._site = session, site_id
        self.until, self.since, self.last = until, until - WEEK, until - timedelta(minutes=1)

    def comments(self, weeks: int = 0) -> int:
        """Published comments of this week, or of one before."""
        return self._count(func.count(), *self._in(weeks))

    def people(self, weeks: int = 0) -> int:
        """Those who wrote them."""
        return self._count(func.count(Comment.user_id.distinct()), *self._in(weeks))

    def newcomers(self) -> int:
        """Those of them who had not written before."""
        earlier = aliased(Comment)
        before = select(earlier.id).where(
            earlier.user_id == Comment.user_id, earlier.site_id == self._site, earlier.created_at < self.since
        )
        return self._count(func.count(Comment.user_id.distinct()), *self._in(), ~before.exists())

    def spam(self) -> int:
        """What was kept away."""
        return self._count(func.count(), *self._in(state="spam"))

    def likes(self) -> int:
        """Likes of comments and pages in the week."""
        liked = select(func.count()).select_from(Reaction).join(Thread, Thread.id == Reaction.thread_id)
        when = Reaction.created_at >= self.since, Reaction.created_at < self.until
        return self._session.scalar(liked.where(Thread.site_id == self._site, Reaction.kind == "like", *when)) or 0

    def days(self) -> list[tuple[datetime, int]]:
        """Published comments on each of the seven days."""
        found = []
        for day in range(7):
            start = self.since + timedelta(days=day)
            when = Comment.created_at >= start, Comment.created_at < start + timedelta(days=1)
            found.append((start, self._count(func.count(), Comment.site_id == self._site, *_published(), *when)))
        return found

    def waiting(self) -> list[Comment]:
        """What nobody has decided about yet, the oldest first, whenever it came."""
        query = select(Comment).where(Comment.site_id == self._site, Comment.state == "pending")
        return list(self._session.scalars(query.order_by(Comment.created_at, Comment.id).limit(SHOWN)))

    def unanswered(self) -> list[Comment]:
        """First comments of conversations without an answer; those with a question first."""
        alone = Comment.parent_id.is_(None), Comment.child_count == 0
        query = select(Comment).where(*self._in(), *alone).order_by(Comment.raw.contains("?").desc(), Comment.id.desc())
        return list(self._session.scalars(query.limit(SHOWN)))

    def pages(self) -> list[tuple[Thread, int]]:
        """Where most was said."""
        number = func.count().label("number")
        query = select(Thread, number).join(Comment, Comment.thread_id == Thread.id).where(*self._in())
        rows = self._session.execute(query.group_by(Thread.id).order_by(number.desc(), Thread.id).limit(SHOWN))
        return [(row[0], row[1]) for row in rows]

    def liked(self) -> list[tuple[Comment, int]]:
        """What was liked most in the week."""
        number = func.count().label("number")
        when = Reaction.created_at >= self.since, Reaction.created_at < self.until, Reaction.kind == "like"
        query = select(Reaction.comment_id, number).join(Comment, Comment.id == Reaction.comment_id)
        query = query.where(Comment.site_id == self._site, *_published(), *when).group_by(Reaction.comment_id)
        rows = self._session.execute(query.order_by(number.desc(), Reaction.comment_id).limit(3)).all()
        return [(self._session.get_one(Comment, row[0]), row[1]) for row in rows]

    def _in(self, weeks: int = 0, *, state: str = "published") -> tuple[ColumnElement[bool], ...]:
        since = self.since - weeks * WEEK
        when = Comment.created_at >= since, Comment.created_at < since + WEEK
        return Comment.site_id == self._site, Comment.state == state, *when

    def _count(self, what: Any, *rules: ColumnElement[bool]) -> int:
        return self._session.scalar(select(what).select_from(Comment).where(*rules)) or 0


def _published() -> tuple[ColumnElement[bool], ...]:
    return (Comment.state == "published",)


def _figures(voice: Voice, week: _Week) -> list[Block]:
    before = voice("letter.before", n=week.comments(1))
    rows = [
        (voice("letter.comments"), str(week.comments()), before),
        (voice("letter.people"), str(week.people()), voice("letter.before", n=week.people(1))),
        (voice("letter.newcomers"), str(week.newcomers()), ""),
        (voice("letter.likes"), str(week.likes()), ""),
    ]
    if spam := week.spam():
        rows.append((voice("letter.spam"), str(spam), ""))
    days = week.days()
    named = [(voice.day(day.date(), "EEE"), number) for day, number in days]
    said = ", ".join(voice("letter.day", day=day, n=number) for day, number in named)
    picture = plot.bars([number for _, number in days])
    image = Image(picture.png, voice("letter.plot", days=said), picture.width, picture.height)
    return [Figures(tuple(rows)), image]


def _said(session: Session, voice: Voice, to: Subscription, comment: Comment) -> list[Block]:
    """A comment with what can be done about it."""
    said = facts.said(session, comment, longest=LONGEST)
    by = voice("letter.said", name=said.name, title=said.title)
    return [Quote(said.text, by=by), *owners.actions(voice, to, said)]


def _unanswered(session: Session, voice: Voice, to: Subscription, comments: Iterable[Comment]) -> list[Block]:
    blocks: list[Block] = []
    for comment in comments:
        said = facts.said(session, comment, longest=LONGEST)
        made = [Link(voice("read", host=said.host), said.url)]
        if to.user_id is not None:
            made.insert(0, Link(voice("owner.reply"), links.decide(to, comment, "reply"), strong=True))
        by = voice("letter.said", name=said.name, title=said.title)
        blocks += [Quote(said.text, by=by), Links(tuple(made))]
    return [Title(voice("letter.unanswered")), *blocks] if blocks else []


def _pages(voice: Voice, pages: list[tuple[Thread, int]]) -> list[Block]:
    if not pages:
        return []
    told = [voice.counted("letter.page", number, title=facts.title_of(thread)) for thread, number in pages]
    made = tuple(Link(words, thread.url) for words, (thread, _) in zip(told, pages, strict=True))
    return [Title(voice("letter.pages")), Links(made)]


def _liked(session: Session, voice: Voice, found: list[tuple[Comment, int]]) -> list[Block]:
    blocks: list[Block] = []
    for comment, number in found:
        said = facts.said(session, comment, longest=LONGEST)
        likes = voice.counted("letter.liked.by", number)
        by = f"{voice('letter.said', name=said.name, title=said.title)} {likes}"
        blocks += [Quote(said.text, by=by), Links((Link(voice("read", host=said.host), said.url),))]
    return [Title(voice("letter.liked")), *blocks] if blocks else []
