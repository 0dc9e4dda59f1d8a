"""The latest comments of a site: all pages, newest first, never stale."""

from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import event, select

from tests.support.api import BLOG, Page, add_site, code
from tests.web.api.test_history import set_state
from widget.extensions import db
from widget.models import User
from widget.providers import Profile
from widget.services import accounts, roles, sites, transaction


def latest(page: Page, **params: Any) -> list[str]:
    """The ids of one part."""
    answer = page.get("/latest", **params)
    assert answer.status_code == 200, answer.text
    return [one["id"] for one in answer.json["comments"]]


def paged(page: Page, limit: int) -> list[str]:
    """The ids of all parts."""
    found: list[str] = []
    after = {}
    while True:
        answer = page.get("/latest", limit=limit, **after).json
        found += [one["id"] for one in answer["comments"]]
        if not answer["next"]:
            return found
        after = {"after": answer["next"]}


def test_of_all_pages_the_newest_first_and_with_their_pages(app: Flask, ann: Page, bob: Page) -> None:
    first = ann.posted("one", page={"url": f"{BLOG}/a", "title": "About a"})["id"]
    second = bob.posted("two", page={"url": f"{BLOG}/b"})["id"]
    third = bob.posted("three", first, page={"url": f"{BLOG}/a"})
    add_site(app, "other", ("https://other.test",))
    Page(ann.client, site="other", origin="https://other.test", url="https://other.test/").be_guest().posted()
    answer = ann.get("/latest").json
    assert [one["id"] for one in answer["comments"]] == [third["id"], second, first]
    assert answer["next"] is None
    shown = answer["comments"][0]
    assert shown["page"] == {"url": f"{BLOG}/a", "title": "About a"}
    assert (shown["parent"], shown["body"], shown["author"]["name"]) == (first, [["p", "three"]], "Bob")
    assert answer["comments"][1]["page"] == {"url": f"{BLOG}/b", "title": None}
    assert {"raw", "until"}.isdisjoint(shown)


def test_in_parts_nothing_twice_and_nothing_missed(ann: Page) -> None:
    made = [ann.posted(str(number), page={"url": f"{BLOG}/{number % 3}"})["id"] for number in range(12)]
    assert paged(ann, 5) == paged(ann, 4) == paged(ann, 50) == made[::-1]
    assert latest(ann) == made[:1:-1]  # ten, unless more are asked for
    part = ann.get("/latest", limit=3).json
    ann.posted("while somebody reads on")
    ann.delete(part["next"])  # the cursor stays good when its comment goes
    assert latest(ann, limit=3, after=part["next"]) == made[8:5:-1]


def test_only_what_everybody_may_read(app: Flask, ann: Page, bob: Page) -> None:
    made = {state: ann.posted(state)["id"] for state in ("pending", "spam", "deleted", "fine")}
    bob.posted("reply", made["deleted"])
    for state in ("pending", "spam"):
        set_state(app, made[state], state)
    ann.delete(made["deleted"])
    assert set(made.values()) & set(latest(ann)) == {made["fine"]}
    assert "deleted" not in ann.get("/latest").text


Change = Callable[[Flask, Page, str], Any]


def renamed(app: Flask, _page: Page, _comment: str) -> None:
    """Their provider knows Ada by another name now."""
    with app.app_context():
        facts = {"provider": "oidc", "issuer": "https://id.test", "subject": "ada", "name": "Countess"}
        transaction.write(lambda session: accounts.of_profile(session, Profile(**facts)))


def promoted(app: Flask, _page: Page, _comment: str) -> None:
    """Ada runs the site now."""
    with app.app_context():
        who = db.session.scalars(select(User.id)).one()
        blog = sites.by_key("blog")
        transaction.write(lambda session: roles.give(session, blog, who, "owner"))


CHANGES: dict[str, Change] = {
    "a new comment": lambda _app, page, _comment: page.posted(),
    "a reply": lambda _app, page, comment: page.posted("reply", comment),
    "an edit": lambda _app, page, comment: page.edit(comment, "other"),
    "a like": lambda _app, page, comment: page.react(comment),
    "a deletion": lambda _app, page, comment: page.delete(comment),
    "a new name": renamed,
    "a role": promoted,
}


@pytest.mark.parametrize("name", CHANGES)
def test_what_readers_have_is_never_stale(app: Flask, page: Page, name: str) -> None:
    ada = page.be_person("Ada")
    comment = ada.posted()["id"]
    before = ada.get("/latest")
    assert before.status_code == 200
    had = {"If-None-Match": before.headers["ETag"]}
    assert ada.get("/latest", headers=had).status_code == 304
    CHANGES[name](app, ada, comment)
    after = ada.get("/latest", headers=had)
    assert after.status_code == 200
    assert after.data != before.data


def test_an_undone_deletion_is_there_again(ann: Page) -> None:
    comment = ann.posted()["id"]
    ann.delete(comment)
    had = {"If-None-Match": ann.get("/latest").headers["ETag"]}
    ann.restore(comment)
    assert ann.get("/latest", headers=had).json["comments"][0]["id"] == comment


def test_the_same_for_everybody(ann: Page) -> None:
    ann.posted()
    answer = ann.get("/latest")
    assert answer.headers["Access-Control-Allow-Origin"] == "*"
    assert answer.headers["Cache-Control"] == "public, max-age=0, must-revalidate"
    assert "Set-Cookie" not in answer.headers
    assert answer.headers["Vary"] == "Accept-Encoding"
    assert ann.get("/latest", headers={"Authorization": f"Bearer {ann.token}"}).data == answer.data
    assert ann.client.get("/api/v1/latest", query_string={"url": BLOG}).data == answer.data


def test_wrong_questions(app: Flask, ann: Page) -> None:
    ann.posted()
    add_site(app, "other", ("https://other.test",))
    stranger = Page(ann.client, site="other", origin="https://other.test", url="https://other.test/").be_guest()
    elsewhere = stranger.posted()["id"]
    for wrong in (0, 51, -1, "x", "1.5"):
        assert code(ann.get("/latest", limit=wrong)) == "request.bad_field"
    for wrong in ("x", "0" * 20, elsewhere):
        assert code(ann.get("/latest", after=wrong)) == "thread.bad_cursor"
    assert code(ann.get("/latest", site="none")) == "site.unknown"
    assert code(ann.client.get("/api/v1/latest")) == "request.bad_field"
    assert ann.get("/latest", site="other").json["comments"][0]["id"] == elsewhere


def test_it_is_read_from_the_index_in_its_order(app: Flask, ann: Page) -> None:
    if app.config["SQLALCHEMY_DATABASE_URI"].get_backend_name() != "sqlite":
        pytest.skip("it is SQLite's planner that explains itself here")
    for number in range(4):
        ann.posted(str(number))
    after = latest(ann, limit=2)[-1]
    plans: list[str] = []

    def explain(_connection: Any, cursor: Any, statement: str, parameters: Any, *_: Any) -> None:
        if statement.startswith("SELECT"):
            asked = cursor.connection.cursor()
            asked.execute(f"EXPLAIN QUERY PLAN {statement}", parameters)
            plans.extend(row[3] for row in asked.fetchall())

    with app.app_context():
        engine = db.engine
    event.listen(engine, "before_cursor_execute", explain)
    assert len(latest(ann, limit=2, after=after)) == 2
    event.remove(engine, "before_cursor_execute", explain)
    assert [plan for plan in plans if not plan.startswith("SEARCH")] == []
    assert any("ix_comment_site" in plan and "created_at<" in plan for plan in plans), plans
