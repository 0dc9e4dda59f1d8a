"""Measures what the checks hold and what they let through, and writes docs/spam.md: `python -m bench.spam`."""

import json
import os
import random
import re
import tempfile
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import click
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from bench import corpus, spam_page
from bench.corpus import Corpus
from bench.spam_page import AN_HOUR, KINDS, Result
from tests.support import stores
from tests.support.api import BLOG, Page
from tests.support.processes import ROOT
from widget import create_app
from widget.checks import learned
from widget.core import bayes, clock, similar, verdicts
from widget.extensions import db
from widget.models import Comment
from widget.services import learning, sites, transaction
from widget.services.moderation import floods

START = datetime(2026, 3, 1, tzinfo=UTC)
PAGES = 40
PEOPLE = ("guests", "accounts")  # kinds of floods that look like people


@contextmanager
def site(folder: Path, name: str) -> Iterator[Flask]:
    """A new server with a site under the default policy."""
    file = folder / f"{name}.db"
    stores.migrate(f"sqlite:///{file}")
    app = create_app({"DATABASE_URL": f"sqlite:///{file}", "SECRET_KEY": "b" * 40, "LIMITS": 100})
    with app.app_context():
        transaction.write(lambda session: sites.add(session, "blog", "The blog", [BLOG]))
    yield app
    with app.app_context():
        db.session.remove()
        db.engine.dispose()


class Writer:
    """Somebody with an address of their own, who opens the page's form and sends it some seconds later."""

    def __init__(self, app: Flask, number: int, *, account: bool, page: int) -> None:
        """Each has a name of their own; `page` is the number of the page."""
        address = f"2001:db8:{number // 65_536:x}:{number % 65_536:x}::1"
        client = app.test_client()
        client.environ_base["REMOTE_ADDR"] = address
        self.page = Page(client, url=f"{BLOG}/{page}")
        self._name = f"Person {number}" if account else f"Guest {number}"
        self._account = account

    def _enter(self) -> str:
        """Be somebody; the code of what refuses that, as the limits do in a flood."""
        if self._account:
            self.page.be_person(self._name)
            return ""
        answer = self.page.open_session(guest={"name": self._name})
        if answer.status_code != 201:
            return str(answer.json["error"]["code"])
        self.page.token = answer.json["token"]
        return ""

    def write(self, said: str, *, after: float = 20, form: bool = True, **more: str) -> tuple[bool, str]:
        """Whether it was shown at once, and else the first reason why not."""
        brings: dict[str, object] = dict(more)
        if form and not self._account:
            with clock.freeze(clock.now() - timedelta(seconds=after)):
                brings["token"] = self.page.get("/form").json["token"]
        if self.page.token is None and (refused := self._enter()):
            return False, refused
        answer = self.page.post(said, form=brings)
        if answer.status_code != 201:
            return False, str(answer.json["error"]["code"])
        if "state" not in answer.json["comment"]:
            return True, ""
        with self.page.client.application.app_context():
            judged = db.session.scalar(select(Comment.judged).where(Comment.public_id == answer.json["comment"]["id"]))
            return False, verdicts.read(judged or "[]").verdicts[0].code


def good(app: Flask, texts: tuple[str, ...], number: int, *, name: str = "good comments") -> Result:
    """People who write some comments each, of either sort, ten minutes apart; people with accounts also link."""
    rng = random.Random(1)  # noqa: S311 - the same every time
    found: list[tuple[bool, str]] = []
    writers: list[Writer] = []
    used = [said for one in texts if (said := corpus.first_words(one))]
    used = list(dict.fromkeys(used))[:number]
    for at, said in enumerate(used):
        with clock.freeze(START + timedelta(minutes=10 * at)):
            if not writers or rng.random() < 0.4:
                writers = writers[-30:]
                writers.append(Writer(app, len(found), account=rng.random() < 0.4, page=at % PAGES))
            who = rng.choice(writers)
            link = f"\n\nSee https://example{at}.org/" if who._account and rng.random() < 0.2 else ""
            who.page.token = None  # sessions of guests last for hours only
            found.append(who.write(said + link, after=rng.uniform(4, 300)))
    return _result(name, found)


def flood(app: Flask, kind: str, texts: tuple[str, ...], number: int) -> Result:
    """So many comments at 10,000 an hour, each by somebody new with an address of their own."""
    rng = random.Random(kind)  # noqa: S311 - the same every time
    plain = list(dict.fromkeys(said for one in texts if (said := corpus.first_words(one))))
    found = []
    for at in range(number):
        said = f"{rng.choice(plain)} {rng.choice(plain)[:60]} {at}"
        who = Writer(app, 100_000 + at, account=kind == "accounts", page=at % PAGES)
        more: dict[str, str] = {}
        after, form = 5.0, True
        if kind == "links":
            said += f" https://spam{at % 50}.example/{at}"
        elif kind == "the same text, changed":
            words = next(one for one in plain if len(one) >= 2 * similar.SHORTEST).split()
            words[rng.randrange(len(words))] = rng.choice(rng.choice(plain).split())
            said = f"{' '.join(words)} {at}"
        elif kind == "no form":
            form = False
        elif kind == "forms filled in at once":
            after = 0.5
        elif kind == "the hidden field":
            more = {"trap": "https://spam.example"}
        with clock.freeze(START + timedelta(days=60, seconds=at * 3600 / AN_HOUR)):
            found.append(who.write(said, after=after, form=form, **more))
    return _still(app, _result(kind, found))


def drip(app: Flask, name: str, texts: tuple[str, ...], number: int, *, taught: Corpus | None = None) -> Result:
    """One text without any link an hour, with all that a person's form brings; after `taught` was decided about."""
    if taught:
        teach(app, taught)
    found = []
    plain = list(dict.fromkeys(said for one in texts if (said := corpus.first_words(one))))[:number]
    for at, said in enumerate(plain):
        with clock.freeze(START + timedelta(days=90, hours=at)):
            found.append(Writer(app, 200_000 + at, account=False, page=at % PAGES).write(said))
    return _result(name, found)


def teach(app: Flask, taught: Corpus) -> None:
    """Have a moderator decide about these texts, which stood on the site."""

    Writer(app, 1, account=True, page=0).write("The first comment")

    def work(session: Session) -> None:
        author = session.scalars(select(Comment).limit(1)).one()
        for texts, spam in ((taught.good, False), (taught.spam, True)):
            for said in filter(None, map(corpus.first_words, texts)):
                made = Comment(
                    **{name: getattr(author, name) for name in ("thread_id", "site_id", "user_id", "renderer")},
                    raw=said,
                    html="",
                    tree=json.dumps([["p", said]]),
                    state="deleted",
                    visible=False,
                )
                session.add(made)
                session.flush()
                learning.learn(session, made, spam=spam)

    with app.app_context():
        transaction.write(work)


def classified(taught: Corpus, judged: Corpus, number: int) -> tuple[int, float, float]:
    """After `number` decisions of either kind (how many there were), which shares of spam and of good are held."""
    counts: dict[int, list[int]] = {}
    totals = [0, 0]
    for kind, texts in enumerate((taught.spam[:number], taught.good[:number])):
        for said in texts:
            totals[kind] += 1
            for token in bayes.tokens(said, _links(said), ""):
                counts.setdefault(token, [0, 0])[kind] += 1

    def held(texts: tuple[str, ...]) -> float:
        scores = (
            bayes.score(
                [(counts[one][0], counts[one][1]) for one in bayes.tokens(said, _links(said), "") if one in counts],
                *totals,
            )
            for said in texts
        )
        return sum(one is not None and one >= learned.DOUBT for one in scores) / len(texts)

    return sum(totals), held(judged.spam), held(judged.good)


def _good(folder: Path, name: str, texts: tuple[str, ...], number: int) -> Result:
    with site(folder, f"good-{name}") as app:
        return good(app, texts, number, name=name)


def _flood(folder: Path, kind: str, texts: tuple[str, ...], number: int) -> Result:
    with site(folder, f"flood-{KINDS.index(kind)}") as app:
        return flood(app, kind, texts, number)


def _drip(folder: Path, name: str, texts: tuple[str, ...], number: int, taught: Corpus | None) -> Result:
    with site(folder, f"drip-{bool(taught)}") as app:
        return drip(app, name, texts, number, taught=taught)


def _links(said: str) -> list[str]:
    return re.findall(r"https?://[^\s<>\"]+", said)


def _result(name: str, found: list[tuple[bool, str]]) -> Result:
    through = sum(shown for shown, _ in found)
    return Result(name, len(found), through, Counter(why for shown, why in found if not shown))


def _still(app: Flask, result: Result) -> Result:
    """What became of it in the end: what was shown at once may have been taken back since."""
    since = START + timedelta(days=60)
    with app.app_context():
        query = select(Comment.state, Comment.judged).where(Comment.created_at >= since)
        rows = db.session.execute(query).all()
    through = sum(row.state == "published" for row in rows)
    back = Counter(
        code
        for row in rows
        if row.state == "pending"
        for code in [one.code for one in verdicts.read(row.judged).verdicts]
        if code == floods.CODE
    )
    return Result(result.name, result.number, through, result.why + back, first=result.through)


@click.command()
@click.option("--good", "good_number", default=2_000, show_default=True, help="How many good comments.")
@click.option("--each", default=2_000, show_default=True, help="How many comments each flood has.")
@click.option("--people", default=6_000, show_default=True, help="How many those have that look like people.")
@click.option("--drips", default=300, show_default=True, help="How many comments the drip has.")
@click.option("--jobs", default=os.cpu_count(), show_default="processors", help="How many are measured at a time.")
@click.option("--write/--no-write", default=True, help="Whether docs/spam.md is written.")
def main(good_number: int, each: int, people: int, drips: int, jobs: int, *, write: bool) -> None:
    """Measure, print the tables, and write them down."""
    with tempfile.TemporaryDirectory(prefix="bench-") as name, ProcessPoolExecutor(jobs) as pool:
        folder = Path(name)
        texts, reviews = corpus.public(folder), corpus.reviews(folder)
        taught, judged = texts.halves()
        parts = {
            "good": [
                pool.submit(_good, folder, "reviews", reviews, good_number),
                pool.submit(_good, folder, "mails", texts.good, good_number),
            ],
            "floods": [
                pool.submit(_flood, folder, kind, texts.spam, people if kind in PEOPLE else each)
                for kind in sorted(KINDS, key=lambda kind: kind not in PEOPLE)
            ],
            "drip": [
                pool.submit(_drip, folder, "nothing decided", judged.spam, drips, None),
                pool.submit(_drip, folder, "learned from the other half", judged.spam, drips, taught),
            ],
        }
        lessons = [classified(taught, judged, number) for number in (30, 50, 200, 10_000)]
        results = {part: [one.result() for one in made] for part, made in parts.items()}
    table = spam_page.page(texts, results, lessons)
    click.echo(table)
    if write:
        (ROOT / "docs/spam.md").write_text(table, encoding="utf-8")


if __name__ == "__main__":
    main()
