"""Whom one may mean while a name is being typed, and who is noted as named."""

import re
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import event, select

from tests.support import stores
from tests.support.api import BLOG, Page, add_site, code
from widget import create_app
from widget.extensions import db
from widget.models import Comment, Mention, User
from widget.services import participants, transaction


def people(page: Page, q: str = "", **params: Any) -> list[str]:
    query = {"site": page.site, "url": page.url, "q": q, **params}
    answer = page.client.get("/api/v1/threads/people", query_string=query)
    assert answer.status_code == 200, answer.text
    return [one["name"] for one in answer.json["people"]]


def guest(page: Page, name: str, text: str | None = "Hello") -> Page:
    somebody = Page(page.client, url=page.url).be_guest(name)
    if text:
        somebody.posted(text)
    return somebody


def named(app: Flask, text: str) -> list[str]:
    """The names of those whom the comment with this source names."""
    with app.app_context():
        query = select(User.name).join(Mention).join(Comment).where(Comment.raw == text).order_by(Mention.id)
        return list(db.session.scalars(query))


def test_those_who_wrote_here_the_last_first(page: Page) -> None:
    assert people(page) == []
    for name in ("Ada Lovelace", "Bruno", "Adam", "Ångström"):
        guest(page, name)
    guest(page, "Adele", None)
    guest(Page(page.client, url=f"{BLOG}/elsewhere"), "Adrian")
    assert people(page) == ["Ångström", "Adam", "Bruno", "Ada Lovelace"]
    assert people(page, "ad") == ["Adam", "Ada Lovelace"]
    assert people(page, "LOVE") == ["Ada Lovelace"]
    assert people(page, "ada  l") == ["Ada Lovelace"]
    assert people(page, "\uff21\uff24") == ["Adam", "Ada Lovelace"]
    assert people(page, "ån") == ["Ångström"]
    assert people(page, "da") == []
    assert people(page, "%") == people(page, "_") == []


def test_eight_at_most_and_everyone_once(page: Page) -> None:
    for number in range(10):
        guest(page, f"P{number}").posted("again")
    assert people(page) == [f"P{number}" for number in reversed(range(2, 10))]


def test_what_is_said_of_them_is_public(page: Page) -> None:
    guest(page, "Ann")
    answer = page.client.get("/api/v1/threads/people", query_string={"site": "blog", "url": page.url})
    (ann,) = answer.json["people"]
    assert ann.keys() == {"id", "name"}
    assert ann["id"] == page.comments()[0]["author"]["id"]
    assert answer.headers["Cache-Control"] == "public, max-age=30"
    assert answer.headers["Access-Control-Allow-Origin"] == "*"


def test_those_of_deleted_comments_are_not_there(page: Page) -> None:
    ann = Page(page.client).be_guest("Ann")
    ann.delete(ann.posted()["id"])
    assert people(page) == []


@pytest.mark.parametrize(
    ("params", "refusal"),
    [
        ({"site": "none"}, "site.unknown"),
        ({"url": "https://evil.test/"}, "page.foreign"),
        ({"q": "\x01"}, "request.bad_field"),
    ],
)
def test_what_is_refused(page: Page, params: dict[str, str], refusal: str) -> None:
    query = {"site": "blog", "url": page.url, **params}
    assert code(page.client.get("/api/v1/threads/people", query_string=query)) == refusal


# -- named in a comment


def test_a_name_of_the_thread_is_marked_and_noted(app: Flask, page: Page) -> None:
    guest(page, "Ada")
    guest(page, "Ada Lovelace")
    bruno = guest(page, "Bruno", None)
    body = bruno.posted("Hi @ada lovelace, and @Nobody")["body"]
    assert body == [["p", "Hi ", ["span", {"class": "at"}, "@ada lovelace"], ", and @Nobody"]]
    assert named(app, "Hi @ada lovelace, and @Nobody") == ["Ada Lovelace"]


def test_only_those_of_this_thread(app: Flask, page: Page) -> None:
    guest(Page(page.client, url=f"{BLOG}/elsewhere"), "Ada")
    bruno = guest(page, "Bruno", None)
    assert bruno.posted("@Ada")["body"] == [["p", "@Ada"]]
    assert named(app, "@Ada") == []


def test_of_two_with_one_name_the_last_to_write(app: Flask, page: Page) -> None:
    guest(page, "Ada", "first")
    second = guest(page, "ADA", "second")
    ids = {one["body"][0][1]: one["author"]["id"] for one in second.comments()}
    guest(page, "Bruno", "@ada")
    with app.app_context():
        user = db.session.scalar(select(User.public_id).join(Mention))
    assert user == ids["second"]


def test_an_edit_changes_who_is_named(app: Flask, page: Page) -> None:
    guest(page, "Ada")
    guest(page, "Bruno")
    carla = guest(page, "Carla")
    comment = carla.posted("@Ada and @Carla")
    assert named(app, "@Ada and @Carla") == ["Ada"]  # nobody calls themselves
    edited = carla.edit(comment["id"], "@Bruno @Ada")
    assert edited.status_code == 200
    assert edited.json["comment"]["body"] == [
        ["p", ["span", {"class": "at"}, "@Bruno"], " ", ["span", {"class": "at"}, "@Ada"]]
    ]
    assert named(app, "@Bruno @Ada") == ["Ada", "Bruno"]
    carla.edit(comment["id"], "nobody")
    assert named(app, "nobody") == []


def test_the_same_key_again_names_nobody_twice(app: Flask, page: Page) -> None:
    guest(page, "Ada")
    bruno = guest(page, "Bruno", None)
    for _ in range(2):
        assert bruno.post("@Ada", headers={"Idempotency_Key": "k" * 20}).status_code == 201
    assert named(app, "@Ada") == ["Ada"]


def test_who_is_gone_by_then_is_not_noted(app: Flask, page: Page) -> None:
    with app.app_context():
        guest(page, "Ada")
        mentions = participants.mentions_in(db.session.scalar(select(Comment.thread_id)), "@Ada")
        assert list(mentions.mark("@Ada"))
        mentions.found[10**9] = None
        guest(page, "Bruno")
        comment = db.session.scalars(select(Comment).order_by(Comment.id.desc())).first()
        assert comment is not None
        comment_id = comment.id
        transaction.write(lambda session: participants.keep(session, session.get_one(Comment, comment_id), mentions))
        assert db.session.scalars(select(Mention.comment_id)).all() == [comment_id]


def test_nobody_is_looked_up_where_nobody_is_named(app: Flask, client: FlaskClient) -> None:
    add_site(app)
    ann = Page(client).be_guest("Ann")
    seen: list[str] = []
    with app.app_context():
        event.listen(db.engine, "before_cursor_execute", lambda _c, _u, statement, *_: seen.append(statement))
    ann.posted("Hello")
    assert not [statement for statement in seen if re.search(r"LIMIT.*\n.*GROUP BY|max\(", statement)]
    ann.posted("Hello @Ann")
    assert [statement for statement in seen if "max(" in statement]


def test_a_long_conversation_costs_no_more(sqlite_store: stores.SQLite, tmp_path: Path) -> None:
    """Its last comments are found by an index; it is not read from the beginning."""
    with sqlite_store.fresh(tmp_path) as url:
        app = create_app({"DATABASE_URL": url, "SECRET_KEY": "x" * 40})
        add_site(app)
        Page(app.test_client()).be_guest("Ann").posted("Hello")
        seen: list[tuple[str, Any]] = []
        with app.app_context():
            event.listen(
                db.engine, "before_cursor_execute", lambda _c, _u, query, values, *_: seen.append((query, values))
            )
            assert len(participants.of_thread(1)) == 1
            query, values = seen[-1]
            plan = [row[3] for row in db.session.connection().exec_driver_sql(f"EXPLAIN QUERY PLAN {query}", values)]
            db.session.remove()
            db.engine.dispose()
    assert any("comment USING INDEX ix_comment_changed" in step for step in plan), plan
    assert not any(step.startswith("SCAN comment") for step in plan), plan
