"""Killed amid sixteen writers, the server has all that it acknowledged, and nothing by half (`--kills 200`)."""

import random
import threading
from pathlib import Path

import msgspec
from sqlalchemy import func, select, text

from tests.support import live, stores
from tests.support.api import Page, add_site
from tests.support.waiting import free_port, until
from tests.support.writers import BLOG, Writer
from widget import create_app
from widget.extensions import db
from widget.models import Comment, Idempotency, Reaction, Thread

WRITERS = 16
HASTY = str(Path(live.__file__).with_name("hasty.py"))


def _killed(url: str, folder: Path, *launcher: str, after: int) -> tuple[list[str], dict[str, str]]:
    """Kill a server after so many acknowledgements; what is wrong afterwards, and how to start another."""
    port = free_port()
    env = live.settings(folder, database_url=url, port=port, WORKERS="2", THREADS="8", BUSY_TIMEOUT="30")
    app = create_app({"DATABASE_URL": url, "SECRET_KEY": "x" * 40})
    with app.app_context():
        if db.session.scalar(text("SELECT count(*) FROM site")) == 0:
            db.session.remove()
            add_site(app, origins=(BLOG,))
    people = [Page(app.test_client()).be_person(f"P{number} {port}") for number in range(WRITERS)]
    writers = [Writer(env["WIDGET_PUBLIC_URL"], person.token or "") for person in people]
    heard, stop, change = [0], threading.Event(), threading.Lock()

    def one_more() -> None:
        with change:
            heard[0] += 1

    with live.running(env, folder / f"server-{port}.log", launcher=launcher or ("-m", "widget", "serve")) as server:
        threads = [threading.Thread(target=writer.write, args=(one_more, stop)) for writer in writers]
        for thread in threads:
            thread.start()
        try:
            until(lambda: heard[0] >= after, seconds=60, what="enough answers")
        finally:
            server.kill()
            stop.set()
            for thread in threads:
                thread.join(60)
    with app.app_context():
        try:
            return [*_broken(writers), *_uneven()], env
        finally:
            db.session.remove()
            db.engine.dispose()


def _broken(writers: list[Writer]) -> list[str]:
    """What was promised and is not so."""
    wrong = []
    kept = {row.public_id: row for row in db.session.execute(select(Comment.public_id, Comment.raw, Comment.state))}
    liked = set(
        db.session.execute(select(Comment.public_id, Reaction.user_id).join(Comment, Comment.id == Reaction.comment_id))
    )
    liked_ids = {public_id for public_id, _ in liked}
    known = set(db.session.scalars(select(Idempotency.key)))
    for writer in writers:
        wrong += [f"key {key}" for key in writer.keys if key not in known]
        what, subject, new = writer.open or ("", None, None)
        for public_id, said in writer.texts.items():
            row = kept.get(public_id)
            if row is None:
                wrong.append(f"comment {public_id} is gone")
            elif said is None or (what == "delete" and subject == public_id and row.state == "deleted"):
                wrong += [] if row.state == "deleted" else [f"comment {public_id} is back"]
            elif (row.raw, row.state) not in {
                (said, "published"),
                (new if subject == public_id else said, "published"),
            }:
                wrong.append(f"comment {public_id}: {row.state} {row.raw!r}, not {said!r}")
        for public_id, given in writer.likes.items():
            if (what, subject) not in {("like", public_id), ("delete", public_id)}:
                wrong += [] if (public_id in liked_ids) == given else [f"like of {public_id}"]
    return wrong


def _uneven() -> list[str]:
    """What was done by half: counts that do not say what the rows say, writes without their keys."""
    wrong = []
    thread = db.session.scalars(select(Thread)).one()
    published = select(func.count()).select_from(Comment).where(Comment.state == "published")
    if (found := db.session.scalar(published)) != thread.comment_count:
        wrong.append(f"{found} comments, counted {thread.comment_count}")
    rows = select(Comment.public_id, Comment.reactions, func.count(Reaction.id)).outerjoin(
        Reaction, Reaction.comment_id == Comment.id
    )
    for public_id, counts, number in db.session.execute(rows.group_by(Comment.id)):
        if sum(msgspec.json.decode(counts, type=dict[str, int]).values()) != number:
            wrong.append(f"{public_id} has {number} likes, counted {counts}")
    named = set(db.session.scalars(select(Idempotency.subject)))
    ids = set(db.session.scalars(select(Comment.public_id)))
    wrong += [f"comment {public_id} without its key" for public_id in ids - named]
    newest = db.session.scalar(select(func.max(Comment.changed)))
    if newest is not None and newest > thread.version:
        wrong.append(f"version {thread.version}, but a comment of {newest}")
    if db.engine.name == "sqlite" and (said := db.session.scalar(text("PRAGMA integrity_check"))) != "ok":
        wrong.append(f"integrity: {said}")
    return wrong


def test_what_was_acknowledged_is_there_after_a_kill(store: stores.Store, tmp_path: Path, kills: int) -> None:
    dice = random.Random()  # noqa: S311 - no secret
    with store.fresh(tmp_path) as url:
        for _ in range(kills):
            wrong, env = _killed(url, tmp_path, after=dice.randint(20, 120))
            assert wrong == []
        with live.running(env, tmp_path / "again.log"):  # it starts as it was left
            pass


def test_answers_before_the_commit_are_found_out(sqlite_store: stores.SQLite, tmp_path: Path) -> None:
    """The control: were this to pass unseen, the test above would show nothing."""
    for attempt in range(5):
        folder = tmp_path / str(attempt)
        folder.mkdir()
        with sqlite_store.on_disk(folder) as url:
            wrong, _ = _killed(url, folder, HASTY, after=40)
        if wrong:
            break
    assert wrong
