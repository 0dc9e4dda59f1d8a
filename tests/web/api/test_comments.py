"""Posting, editing and deleting."""

from datetime import timedelta

import pytest
from flask import Flask

from tests.support.api import BLOG, Page, add_site, code, key
from tests.web.api.test_threads import rows
from widget.core import clock
from widget.extensions import db
from widget.models import Comment, Thread


def test_the_answer_is_ones_own_comment(ann: Page) -> None:
    answer = ann.post("**Hi**\nthere")
    assert answer.status_code == 201
    assert answer.headers["Cache-Control"] == "no-store"
    assert answer.headers["Access-Control-Allow-Origin"] == BLOG
    comment = answer.json["comment"]
    assert comment["author"]["name"] == "Ann"
    assert comment["raw"] == "**Hi**\nthere"
    assert comment["body"] == [["p", ["strong", "Hi"], ["br"], "there"]]
    assert answer.json["thread"] == {"url": ann.url, "title": None, "count": 1, "version": 1, "open": True}
    assert [one["id"] for one in ann.comments()] == [comment["id"]]


def test_raw_html_and_renderer_are_stored(app: Flask, ann: Page) -> None:
    ann.posted("a <b>c</b> [x](javascript:alert(1)) <script>alert(1)</script>")
    with app.app_context():
        row = db.session.query(Comment).one()
        assert row.raw == "a <b>c</b> [x](javascript:alert(1)) <script>alert(1)</script>"
        assert "<b>" not in row.html
        assert "<script" not in row.html
        assert "href" not in row.html
        assert row.renderer >= 1
        assert row.markup == "markdown"


def test_the_same_key_twice_is_one_comment_and_the_same_answer(ann: Page) -> None:
    again = key()
    first = ann.post("once", headers={"Idempotency_Key": again})
    second = ann.post("once", headers={"Idempotency_Key": again})
    assert (first.status_code, second.status_code) == (201, 201)
    assert first.data == second.data
    assert len(ann.comments()) == 1
    other = ann.post("twice", headers={"Idempotency_Key": again})
    assert (other.status_code, code(other)) == (409, "idempotency.mismatch")
    elsewhere = ann.post("once", page={"url": f"{BLOG}/other"}, headers={"Idempotency_Key": again})
    assert code(elsewhere) == "idempotency.mismatch"
    assert len(ann.comments()) == 1


def test_a_repeat_is_answered_even_when_its_parent_is_gone(ann: Page) -> None:
    parent = ann.posted("parent")["id"]
    again = key()
    first = ann.post("reply", parent, headers={"Idempotency_Key": again})
    assert ann.delete(first.json["comment"]["id"]).status_code == 200
    assert ann.delete(parent).status_code == 200
    assert ann.post("reply", parent, headers={"Idempotency_Key": again}).data == first.data
    assert ann.comments() == []


def test_keys_are_everyones_own(ann: Page, bob: Page) -> None:
    shared = key()
    mine = ann.post("mine", headers={"Idempotency_Key": shared}).json["comment"]
    theirs = bob.post("mine", headers={"Idempotency_Key": shared}).json["comment"]
    assert mine["id"] != theirs["id"]
    assert (mine["author"]["name"], theirs["author"]["name"]) == ("Ann", "Bob")


def test_edit(ann: Page) -> None:
    comment = ann.posted("before")
    again = key()
    answer = ann.edit(comment["id"], "after", Idempotency_Key=again)
    assert answer.status_code == 200
    assert answer.json["comment"]["raw"] == "after"
    assert answer.json["thread"]["version"] == 2
    [shown] = ann.comments()
    assert shown["body"] == [["p", "after"]]
    assert "edited" in shown
    assert ann.edit(comment["id"], "after", Idempotency_Key=again).data == answer.data
    assert ann.read().json["thread"]["version"] == 2


def test_delete_leaves_nothing_without_replies(ann: Page) -> None:
    comment = ann.posted()["id"]
    again = key()
    answer = ann.delete(comment, Idempotency_Key=again)
    assert answer.json["thread"]["count"] == 0
    assert ann.comments() == []
    assert ann.delete(comment, Idempotency_Key=again).data == answer.data
    assert code(ann.delete(comment)) == "comment.gone"
    assert code(ann.edit(comment, "x")) == "comment.gone"


def test_delete_with_replies_leaves_a_tombstone_until_they_go(ann: Page, bob: Page) -> None:
    root = ann.posted("secret")["id"]
    middle = bob.posted("middle", root)["id"]
    leaf = ann.posted("leaf", middle)["id"]
    ann.delete(root)
    bob.delete(middle)
    stone, second, last = ann.comments()
    assert set(stone) == {"id", "time", "state", "replies"}
    assert (stone["state"], stone["replies"]) == ("deleted", 1)
    assert (second["id"], second["state"], last["id"]) == (middle, "deleted", leaf)
    assert "secret" not in ann.read().text
    assert ann.read().json["thread"]["count"] == 1
    ann.delete(leaf)
    assert ann.comments() == []


def test_a_parent_must_be_there(app: Flask, ann: Page) -> None:
    elsewhere = ann.posted("x", page={"url": f"{BLOG}/other"})["id"]
    gone = ann.posted()["id"]
    ann.delete(gone)
    before = rows(app)
    for parent in (elsewhere, gone, "0" * 20, "nonsense"):
        answer = ann.post("reply", parent)
        assert (answer.status_code, code(answer)) == (422, "comment.bad_parent")
        assert answer.json["error"]["field"] == "parent"
    assert rows(app) == before


def test_a_failed_post_leaves_no_thread(app: Flask, ann: Page) -> None:
    assert code(ann.post("x", "0" * 20)) == "comment.bad_parent"
    assert rows(app)["thread"] == 0
    assert rows(app)["thread_alias"] == 0


def test_only_its_author_and_only_in_time(ann: Page, bob: Page) -> None:
    comment = ann.posted()["id"]
    for attempt in (bob.edit(comment, "x"), bob.delete(comment)):
        assert (attempt.status_code, code(attempt)) == (403, "comment.not_yours")
    with clock.freeze(clock.now() + timedelta(seconds=901)):
        for attempt in (ann.edit(comment, "x"), ann.delete(comment)):
            assert (attempt.status_code, code(attempt)) == (403, "comment.window_closed")
    assert [one["body"] for one in ann.comments()] == [[["p", "Hello"]]]


def test_a_comment_of_another_site_does_not_exist_here(app: Flask, ann: Page) -> None:
    add_site(app, "other", ("https://other.test",))
    stranger = Page(ann.client, site="other", origin="https://other.test", url="https://other.test/").be_guest("Eve")
    comment = ann.posted()["id"]
    for attempt in (stranger.edit(comment, "x"), stranger.delete(comment)):
        assert (attempt.status_code, code(attempt)) == (404, "comment.not_found")
    assert code(ann.edit("0" * 20, "x")) == "comment.not_found"


def test_a_closed_conversation(app: Flask, ann: Page) -> None:
    ann.posted()
    with app.app_context():
        engine = db.engine
        with engine.connect().execution_options(widget_write=True) as connection, connection.begin():
            connection.execute(Thread.__table__.update().values(open=False))
    answer = ann.post("late")
    assert (answer.status_code, code(answer)) == (403, "thread.closed")
    assert ann.read().json["thread"]["open"] is False


BODIES = [
    ({"text": ""}, 422, "comment.empty"),
    ({"text": " \n\t"}, 422, "comment.empty"),
    ({"text": "\u200b\u2060\ufeff"}, 422, "comment.empty"),
    ({"text": "[](https://x.example/)"}, 422, "comment.empty"),
    ({"text": "&#8203;"}, 422, "comment.empty"),
    ({"text": "x" * 10_001}, 422, "comment.too_long"),
    ({"text": 5}, 422, "request.bad_field"),
    ({"text": None}, 422, "request.bad_field"),
    ({"text": "a\x00b"}, 422, "request.bad_field"),
    ({"page": {"url": "https://elsewhere.test/"}}, 403, "page.foreign"),
    ({"page": {"url": "javascript:1"}}, 422, "page.bad_url"),
    ({"page": {"url": BLOG, "id": "x" * 600}}, 422, "request.bad_field"),
    ({"page": "x"}, 422, "request.bad_field"),
    ({"page": {}}, 422, "request.bad_field"),
    ({"parent": {}}, 422, "request.bad_field"),
    ({"site": "none"}, 404, "site.unknown"),
    ({"site": ["blog"]}, 422, "request.bad_field"),
]


@pytest.mark.parametrize(("change", "status", "expected"), BODIES)
def test_bad_fields(app: Flask, ann: Page, change: dict[str, object], status: int, expected: str) -> None:
    before = rows(app)
    answer = ann.post(**({"text": "Hello"} | change))
    assert (answer.status_code, code(answer)) == (status, expected)
    assert rows(app) == before


def test_limits_are_said(ann: Page) -> None:
    assert ann.post("x" * 10_001).json["error"]["limit"] == 10_000
    assert ann.post("x" * 10_000).status_code == 201


def test_guards(app: Flask, ann: Page) -> None:
    before = rows(app)
    cases = [
        ({"Authorization": None}, 401, "session.missing"),
        ({"Authorization": "Basic x"}, 401, "session.invalid"),
        ({"Authorization": "Bearer " + "x" * 43}, 401, "session.invalid"),
        ({"Authorization": "Bearer x"}, 401, "session.invalid"),
        ({"Origin": None}, 403, "origin.foreign"),
        ({"Origin": "null"}, 403, "origin.foreign"),
        ({"Origin": "https://elsewhere.test"}, 403, "origin.foreign"),
        ({"Origin": "https://blog.test."}, 403, "origin.foreign"),
        ({"Origin": "https://BLOG.test"}, 403, "origin.foreign"),
        ({"Origin": "https://blog.test:443"}, 403, "origin.foreign"),
        ({"Origin": "http://blog.test"}, 403, "origin.foreign"),
        ({"Idempotency_Key": None}, 400, "idempotency.missing"),
        ({"Idempotency_Key": "short"}, 400, "idempotency.bad_key"),
        ({"Idempotency_Key": "x" * 65}, 400, "idempotency.bad_key"),
        ({"Idempotency_Key": "spaces are not right"}, 400, "idempotency.bad_key"),
    ]
    for headers, status, expected in cases:
        answer = ann.post("x", headers=headers)
        assert (answer.status_code, code(answer)) == (status, expected), headers
        if expected == "origin.foreign":
            assert "Access-Control-Allow-Origin" not in answer.headers
    assert rows(app) == before


def test_a_bearer_is_good_for_its_own_site_alone(app: Flask, ann: Page) -> None:
    add_site(app, "other", ("https://other.test",))
    there = Page(ann.client, site="other", origin="https://other.test", url="https://other.test/", token=ann.token)
    answer = there.post()
    assert (answer.status_code, code(answer)) in {(401, "session.invalid"), (403, "origin.foreign")}
    add_site(app, "twin")  # two sites that share an origin
    twin = Page(ann.client, site="twin", token=ann.token)
    answer = twin.post()
    assert (answer.status_code, code(answer)) == (401, "session.invalid")
