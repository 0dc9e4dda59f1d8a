"""Undoing a deletion: everything is as it was, for some minutes; then what the comment said is gone for good."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path as File
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import String, cast, event, make_url, select, update

from tests.support.api import Page, add_site, code, key
from tests.web.api.test_history import set_state
from tests.web.api.test_threads import rows
from widget.core import clock
from widget.extensions import db
from widget.models import Comment, Mention, Thread
from widget.services import branches, erasing, housekeeping, transaction

MARK = "zanzibar"


def later(**time: int) -> Any:
    """The clock moved on."""
    return clock.freeze(clock.now() + timedelta(**time))


def files_of(database_url: str) -> list[File]:
    """The files of SQLite, with what was written ahead; none of another engine."""
    where = make_url(database_url)
    if where.get_backend_name() != "sqlite":
        return []
    assert where.database
    found = [*File(where.database).parent.glob("widget.db*")]
    assert found
    return found


def sweep(app: Flask) -> None:
    """What the server does every hour."""
    with app.app_context():
        housekeeping.sweep()


def counts(app: Flask) -> list[tuple[Any, ...]]:
    """What the writers keep of every comment."""
    with app.app_context():
        columns = (Comment.state, Comment.visible, Comment.reply_count, Comment.child_count, Comment.reply_no)
        return [tuple(row) for row in db.session.execute(select(Comment.public_id, *columns).order_by(Comment.id))]


def test_undone_all_is_as_before(app: Flask, ann: Page, bob: Page) -> None:
    root = ann.posted("root")["id"]
    reply = bob.posted("reply", root)["id"]
    bob.posted("below", reply)
    seen, kept = ann.comments(), counts(app)
    answer = bob.delete(reply)
    assert answer.json["until"] > seen[0]["time"]
    assert [one.get("state") for one in ann.comments()] == [None, "deleted", None]
    back = bob.restore(reply)
    assert back.status_code == 200
    assert (back.json["comment"]["id"], back.json["comment"]["raw"]) == (reply, "reply")
    assert back.json["thread"]["count"] == 3
    assert ann.comments() == seen
    assert counts(app) == kept


def test_a_comment_comes_back_to_those_who_only_ask_for_news(ann: Page) -> None:
    root = ann.posted("root")["id"]
    ann.delete(root)
    since = ann.read().json["thread"]["version"]
    ann.restore(root)
    assert [one["id"] for one in ann.read(since=since).json["comments"]] == [root]


def test_tombstones_above_stand_again(app: Flask, ann: Page, bob: Page) -> None:
    root = ann.posted("root")["id"]
    middle = bob.posted("middle", root)["id"]
    leaf = ann.posted("leaf", middle)["id"]
    bob.delete(middle)
    ann.delete(root)
    seen, kept = ann.comments(), counts(app)
    ann.delete(leaf)
    assert ann.comments() == []
    since = ann.read().json["thread"]["version"]
    assert ann.restore(leaf).status_code == 200
    assert ann.comments() == seen
    assert counts(app) == kept
    assert {one["id"] for one in ann.read(since=since).json["comments"]} == {root, middle, leaf}
    # In the other order: the one above comes back while the one below is gone.
    ann.delete(leaf)
    assert ann.restore(root).status_code == 200
    assert [one["id"] for one in ann.comments()] == [root]
    assert bob.restore(middle).status_code == 200
    assert ann.restore(leaf).status_code == 200
    assert [(one["id"], one.get("state")) for one in ann.comments()] == [(root, None), (middle, None), (leaf, None)]
    assert ann.comments()[0]["replies"] == 2


def test_a_second_time_changes_nothing_and_the_same_key_answers_alike(ann: Page) -> None:
    comment = ann.posted()["id"]
    ann.delete(comment)
    again = key()
    first = ann.restore(comment, Idempotency_Key=again)
    version = ann.read().json["thread"]["version"]
    assert ann.restore(comment).json["comment"] == first.json["comment"]
    assert ann.restore(comment, Idempotency_Key=again).data == first.data
    assert ann.read().json["thread"]["version"] == version


def test_undo_is_not_bound_to_the_edit_window(ann: Page) -> None:
    comment = ann.posted()["id"]
    with later(seconds=890):
        assert ann.delete(comment).status_code == 200
    with later(seconds=1100):
        assert ann.restore(comment).status_code == 200


def test_too_late(app: Flask, ann: Page) -> None:
    comment = ann.posted()["id"]
    ann.delete(comment)
    with later(seconds=301):
        answer = ann.restore(comment)
    assert (answer.status_code, code(answer)) == (403, "comment.undo_over")
    app.config["UNDO_SECONDS"] = 0
    second = ann.posted()["id"]
    assert ann.delete(second).status_code == 200
    assert code(ann.restore(second)) == "comment.undo_over"


def test_refusals(app: Flask, ann: Page, bob: Page) -> None:
    comment, moderated, spam = (ann.posted(str(number))["id"] for number in range(3))
    ann.delete(comment)
    with app.app_context():
        taken = select(Comment).where(Comment.public_id == moderated)
        transaction.write(lambda session: branches.take_out(session, session.scalars(taken).one()))
    set_state(app, spam, "spam")
    add_site(app, "other", ("https://other.test",))
    there = Page(ann.client, site="other", origin="https://other.test", url="https://other.test/").be_guest("Ann")
    cases = [
        (bob.restore(comment), 403, "comment.not_yours"),
        (there.restore(comment), 404, "comment.not_found"),
        (ann.restore("0" * 20), 404, "comment.not_found"),
        (ann.restore(moderated), 403, "comment.undo_over"),  # what others took away is not the author's to bring back
        (ann.restore(spam), 409, "comment.gone"),
        (ann.restore(comment, Idempotency_Key=None), 400, "idempotency.missing"),
        (ann.restore(comment, Authorization=None), 401, "session.missing"),
    ]
    for answer, status, expected in cases:
        assert (answer.status_code, code(answer)) == (status, expected)
    assert ann.comments() == []


def test_what_waited_for_a_moderator_waits_again(app: Flask, ann: Page, bob: Page) -> None:
    root = bob.posted("root")["id"]
    held = ann.posted("held", root)["id"]
    with app.app_context():
        below = update(Comment).where(Comment.public_id == held).values(state="pending", visible=False)
        above = update(Comment).where(Comment.public_id == root).values(child_count=0, reply_count=0)
        transaction.write(lambda session: (session.execute(below), session.execute(above), None)[-1])
        transaction.write(lambda session: session.execute(update(Thread).values(comment_count=1)))
    kept = counts(app)
    assert ann.delete(held).json["thread"]["count"] == 1
    assert [row[3:5] for row in counts(app)] == [row[3:5] for row in kept]  # what was not counted is not taken off
    back = ann.restore(held).json
    assert (back["comment"]["state"], back["thread"]["count"]) == ("pending", 1)
    assert counts(app) == kept
    assert [one["id"] for one in bob.comments()] == [root]
    assert [one["id"] for one in ann.mine()["pending"]] == [held]


def everything(app: Flask) -> str:
    """All that the database holds, as text."""
    found = []
    with app.app_context():
        for table in db.metadata.sorted_tables:
            columns = [cast(column, String) for column in table.columns if column.type.python_type is str]
            found += [str(row) for row in db.session.execute(select(*columns))] if columns else []
    return "\n".join(found)


def test_what_it_said_is_gone_for_good(app: Flask, ann: Page, bob: Page, database_url: str) -> None:
    secret = ann.posted(f"{MARK} one")["id"]
    assert ann.edit(secret, f"{MARK} two").status_code == 200
    stays = bob.posted("reply", secret)["id"]
    ada = Page(ann.client).be_person()
    ada.react(secret)
    with app.app_context():
        ids = db.session.execute(select(Comment.id, Comment.user_id).where(Comment.public_id == secret)).one()
        transaction.write(lambda session: session.add(Mention(comment_id=ids.id, user_id=ids.user_id)))
    again = key()
    assert ann.delete(secret, Idempotency_Key=again).status_code == 200
    with later(seconds=290):
        sweep(app)
    assert MARK in everything(app)  # as long as it can be undone
    files = files_of(database_url)
    assert not files or any(MARK.encode() in file.read_bytes() for file in files)
    before = ann.read()
    assert MARK not in before.text
    with later(seconds=301):
        sweep(app)
    assert MARK not in everything(app)
    assert [rows(app)[table] for table in ("revision", "mention", "reaction")] == [0, 0, 0]
    # Readers see what they saw: the tombstone, and the reply that hangs on it.
    after = ann.read(headers={"If-None-Match": before.headers["ETag"]})
    assert after.status_code == 304
    assert [one["id"] for one in ann.comments()] == [secret, stays]
    assert code(ann.restore(secret)) == "comment.undo_over"
    assert not any(MARK.encode() in file.read_bytes() for file in files)


def test_a_repeat_does_not_bring_it_back(app: Flask, ann: Page) -> None:
    again = key()
    comment = ann.post(MARK, headers={"Idempotency_Key": again}).json["comment"]["id"]
    ann.delete(comment)
    with later(seconds=301):
        sweep(app)
        answer = ann.post(MARK, headers={"Idempotency_Key": again})
        assert (answer.status_code, code(answer)) == (409, "comment.gone")
    assert ann.comments() == []
    assert MARK not in everything(app)


def test_what_is_not_deleted_stays(app: Flask, ann: Page) -> None:
    kept, back = ann.posted(MARK)["id"], ann.posted(f"{MARK} again")["id"]
    ann.delete(back)
    ann.restore(back)
    with later(hours=10):
        sweep(app)
    assert [one["id"] for one in ann.comments()] == [kept, back]
    assert everything(app).count(MARK) >= 4


def test_very_many_go_in_several_transactions(app: Flask, ann: Page, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(erasing, "BATCH", 3)
    for number in range(7):
        ann.delete(ann.posted(f"{MARK} {number}")["id"])
    with later(seconds=301), app.app_context():
        assert erasing.sweep() == 7
        assert erasing.sweep() == 0
    assert MARK not in everything(app)


@pytest.fixture
def plans(app: Flask) -> Iterator[list[str]]:
    """How SQLite finds what the statements of the block are about."""
    found: list[str] = []

    def explain(_connection: Any, cursor: Any, statement: str, parameters: Any, *_: Any) -> None:
        if statement.startswith("UPDATE comment"):
            asked = cursor.connection.cursor()
            asked.execute(f"EXPLAIN QUERY PLAN {statement}", parameters)
            found.extend(row[3] for row in asked.fetchall())

    with app.app_context():
        engine = db.engine
        event.listen(engine, "before_cursor_execute", explain)
        yield found
        event.remove(engine, "before_cursor_execute", explain)


def test_what_is_due_is_found_by_its_index(app: Flask, ann: Page, plans: list[str]) -> None:
    if app.config["SQLALCHEMY_DATABASE_URI"].get_backend_name() != "sqlite":
        pytest.skip("it is SQLite's planner that explains itself here")
    sweep(app)
    assert any("ix_comment_erasable" in plan for plan in plans), plans
    assert not [plan for plan in plans if plan.startswith("SCAN")], plans
