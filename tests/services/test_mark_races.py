"""Many people at the same comment at once: nothing is lost, nothing is counted twice."""

import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

import msgspec
import pytest
from flask import Flask
from sqlalchemy import func, select

from tests.conftest import SECRET_KEY
from tests.support.api import Page, add_site
from widget import create_app
from widget.core import ranking
from widget.extensions import db
from widget.models import Comment, Flag, Reaction, Revision, Thread

T = TypeVar("T")
VOTERS, REPEATS, COMMENTS = 10, 8, 4


@pytest.fixture
def app(database_url: str) -> Iterator[Flask]:
    """An application with enough connections for everybody at once."""
    app = create_app({"DATABASE_URL": database_url, "SECRET_KEY": SECRET_KEY, "THREADS": 40, "BUSY_TIMEOUT": 60})
    add_site(app, reactions=["like", "dislike"], flags_to_hold=0)
    yield app
    with app.app_context():
        db.session.remove()
        db.engine.dispose()


def at_once(number: int, work: Callable[[int], T]) -> list[T]:
    """What `work(0)` … `work(number - 1)` return, begun together."""
    gate = threading.Barrier(number)

    def one(place: int) -> T:
        gate.wait(30)
        return work(place)

    with ThreadPoolExecutor(number) as pool:
        return list(pool.map(one, range(number)))


def counted(app: Flask) -> tuple[dict[str, dict[str, int]], dict[str, dict[str, int]]]:
    """Reactions by comment: as the writers count them, and as there are rows."""
    with app.app_context():
        kept = {row.public_id: msgspec.json.decode(row.reactions) for row in db.session.scalars(select(Comment))}
        found: dict[str, dict[str, int]] = {public_id: {} for public_id in kept}
        query = select(Comment.public_id, Reaction.kind, func.count()).join(Reaction, Reaction.comment_id == Comment.id)
        for public_id, kind, number in db.session.execute(query.group_by(Comment.public_id, Reaction.kind)):
            found[public_id][kind] = number
        return kept, found


def test_ten_voters_eight_times_each(app: Flask) -> None:
    ann = Page(app.test_client()).be_guest()
    comments = [ann.posted(str(number))["id"] for number in range(COMMENTS)]
    voters = [Page(app.test_client()).be_person(f"P{number}") for number in range(VOTERS)]

    def vote(place: int) -> list[int]:
        """Everybody likes every comment eight times, in an order of their own."""
        order = comments[place % COMMENTS :] + comments[: place % COMMENTS]
        return [voters[place].react(comment).status_code for comment in order * REPEATS]

    assert at_once(VOTERS, vote) == [[200] * COMMENTS * REPEATS] * VOTERS
    kept, found = counted(app)
    assert kept == found == {comment: {"like": VOTERS} for comment in comments}
    with app.app_context():
        assert set(db.session.scalars(select(Comment.best))) == {ranking.best({"like": VOTERS})}
        # Every one of them moved the version, and what changed nothing did not.
        assert db.session.scalar(select(Thread.version)) == COMMENTS + VOTERS * COMMENTS


def test_minds_that_change_at_the_same_moment(app: Flask) -> None:
    comment = Page(app.test_client()).be_guest().posted()["id"]
    voters = [Page(app.test_client()).be_person(f"P{number % 5}") for number in range(10)]  # two browsers each

    def change(place: int) -> set[int]:
        moods = [(kind, method) for method in ("PUT", "DELETE") for kind in ("like", "dislike")]
        moods = (moods[place % 4 :] + moods[: place % 4]) * 3
        return {voters[place].react(comment, kind, method=method).status_code for kind, method in moods}

    assert set().union(*at_once(10, change)) == {200}
    kept, found = counted(app)
    assert kept == found
    assert sum(kept[comment].values()) <= 5


def test_the_first_reactions_to_a_page_make_one_thread(app: Flask) -> None:
    voters = [Page(app.test_client()).be_person(f"P{number}") for number in range(12)]
    assert at_once(12, lambda place: voters[place].react_to_page().status_code) == [200] * 12
    with app.app_context():
        thread = db.session.scalars(select(Thread)).one()
        assert (thread.reactions, thread.version, thread.comment_count) == ('{"like":12}', 12, 0)


def test_without_the_lock_votes_are_lost(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    """The control: the counts above are right because of the thread's lock, not by luck."""
    if app.config["SQLALCHEMY_DATABASE_URI"].get_backend_name() == "sqlite":
        pytest.skip("SQLite has one writer at a time")
    from widget.services import subjects

    def unlocked(session: object, site: object, public_id: str) -> tuple[Comment, Thread]:
        found = db.session.scalars(select(Comment).where(Comment.public_id == public_id)).one()
        thread = db.session.get_one(Thread, found.thread_id)
        gate.wait(30)
        return found, thread

    comment = Page(app.test_client()).be_guest().posted()["id"]
    voters = [Page(app.test_client()).be_person(f"P{number}") for number in range(2)]
    gate = threading.Barrier(2)
    monkeypatch.setattr(subjects, "locked", unlocked)
    assert at_once(2, lambda place: voters[place].react(comment).status_code) == [200, 200]
    kept, found = counted(app)
    assert found[comment] == {"like": 2}
    assert kept[comment] == {"like": 1}


def recounted(app: Flask) -> list[tuple[str, int, int, bool]]:
    """Of every comment: its state, published replies below a root, visible direct replies, and whether it is shown."""
    with app.app_context():
        all_rows = db.session.scalars(select(Comment).order_by(Comment.id)).all()
    below: dict[int | None, list[Comment]] = {}
    for row in all_rows:
        below.setdefault(row.parent_id, []).append(row)
    shown: dict[int, bool] = {}
    for row in reversed(all_rows):  # what is below was stored later
        children = sum(shown[child.id] for child in below.get(row.id, []))
        shown[row.id] = row.state == "published" or children > 0
    found = []
    for row in all_rows:
        replies = sum(one.root_id == row.id and one.state == "published" for one in all_rows)
        children = sum(shown[child.id] for child in below.get(row.id, []))
        found.append((row.state, 0 if row.root_id else replies, children, shown[row.id]))
    return found


def test_deleting_undoing_and_answering_at_once(app: Flask) -> None:
    ann, bob = (Page(app.test_client()).be_guest(name) for name in ("Ann", "Bob"))
    root = ann.posted("root")["id"]
    middle = bob.posted("middle", root)["id"]
    leaf = ann.posted("leaf", middle)["id"]

    def act(place: int) -> set[int]:
        who, comment = [(ann, root), (bob, middle), (ann, leaf), (bob, middle)][place % 4]
        page = Page(app.test_client(), token=who.token)
        found = set()
        for _ in range(4):
            found |= {page.delete(comment).status_code, page.restore(comment).status_code}
            found.add(page.post("reply", [root, middle, leaf][place % 3]).status_code)
        return found

    # Gone already; deleted meanwhile, so that nobody can answer it. No order of these ends otherwise.
    assert set().union(*at_once(8, act)) <= {200, 201, 409, 422}
    with app.app_context():
        query = select(Comment.state, Comment.reply_count, Comment.child_count, Comment.visible).order_by(Comment.id)
        kept = [tuple(row) for row in db.session.execute(query)]
        published = db.session.scalar(select(func.count()).where(Comment.state == "published"))
        assert db.session.scalar(select(Thread.comment_count)) == published
    assert kept == recounted(app)


def test_of_many_edits_of_the_same_version_one_wins(app: Flask) -> None:
    ann = Page(app.test_client()).be_guest()
    comment = ann.posted("before")

    def edit(place: int) -> int:
        page = Page(app.test_client(), token=ann.token)
        return page.edit(comment["id"], f"by {place}", comment["time"]).status_code

    assert sorted(at_once(8, edit)) == [200] + [409] * 7
    with app.app_context():
        assert db.session.scalars(select(Revision.raw)).all() == ["before"]


def test_flags_pressed_again_and_again_are_one_a_person(app: Flask) -> None:
    comment = Page(app.test_client()).be_guest().posted()["id"]
    readers = [Page(app.test_client()).be_person(f"P{number % 4}") for number in range(8)]  # two browsers each
    assert at_once(8, lambda place: {readers[place].flag(comment).status_code for _ in range(5)}) == [{200}] * 8
    with app.app_context():
        assert db.session.scalar(select(func.count()).select_from(Flag)) == 4
        assert db.session.scalar(select(Comment.flag_count)) == 4
