"""Deciding from the page itself: with a bearer of the site, and a role on it."""

from typing import Any

import pytest
from flask import Flask

from tests.services.moderation.test_decisions import wait
from tests.support.api import Page, add_site, code, key
from tests.web.api.test_roles import Give, ada, give  # noqa: F401 - fixtures
from tests.web.api.test_threads import rows


def decide(page: Page, comment: str, act: str, headers: dict[str, str | None] | None = None, **more: Any) -> Any:
    """POST …/moderation."""
    return page.send("POST", f"/comments/{comment}/moderation", {"act": act, **more}, **(headers or {}))


def judge(page: Page, person: str, act: str, **more: Any) -> Any:
    """POST …/moderation."""
    return page.send("POST", f"/people/{person}/moderation", {"act": act, **more})


def test_a_decision_from_the_page(app: Flask, give: Give, ann: Page, ada: Page) -> None:  # noqa: F811
    give("Ada", "moderator")
    made = ann.posted()
    wait(app, made["id"])
    since = ann.read().json["thread"]["version"]
    again = key()
    asked = {"version": made["time"]}
    answer = decide(ada, made["id"], "approve", {"Idempotency_Key": again}, **asked)
    assert answer.status_code == 200
    assert (answer.json["before"], answer.json["state"], answer.json["thread"]["count"]) == ("pending", "published", 1)
    assert decide(ada, made["id"], "approve", {"Idempotency_Key": again}, **asked).data == answer.data
    [news] = ann.read(since=since).json["comments"]
    assert news["id"] == made["id"]
    gone = decide(ada, made["id"], "spam", why="a wave")
    assert gone.json["state"] == "spam"
    assert ann.read(since=answer.json["thread"]["version"]).json["gone"] == [made["id"]]
    assert decide(ada, made["id"], "restore").json["state"] == "published"
    assert decide(ada, made["id"], "delete").json["thread"]["count"] == 0


def test_a_ban_from_the_page(give: Give, ann: Page, ada: Page) -> None:  # noqa: F811
    give("Ada", "moderator")
    person = ann.posted()["author"]["id"]
    answer = judge(ada, person, "ban", days=3, why="rude")
    assert (answer.status_code, answer.json["stands"]) == (200, "banned")
    refused = ann.post()
    assert (refused.status_code, code(refused)) == (403, "person.banned")
    assert refused.json["error"]["until"] == answer.json["until"]
    assert judge(ada, person, "pardon").json == {"person": person, "stands": None, "until": None}
    assert ann.post().status_code == 201
    assert judge(ada, person, "trust").json["stands"] == "trusted"


def test_refusals(app: Flask, give: Give, ann: Page, bob: Page, ada: Page) -> None:  # noqa: F811
    made = ann.posted()
    person = made["author"]["id"]
    add_site(app, "other", ("https://other.test",))
    there = Page(ada.client, site="other", origin="https://other.test", url="https://other.test/").be_person("Ada")
    give("Ada", "owner", "other")
    before = rows(app)
    for page in (ann, bob, ada):
        assert code(decide(page, made["id"], "delete")) == "role.missing"
        assert code(judge(page, person, "ban")) == "role.missing"
    assert code(decide(there, made["id"], "delete")) == "comment.not_found"
    give("Ada", "moderator")
    mine = ada.posted()["author"]["id"]
    cases = [
        (decide(ada, made["id"], "approve"), 409, "comment.changed"),
        (decide(ada, made["id"], "approve", version="2020-01-01T00:00:00Z"), 409, "comment.changed"),
        (decide(ada, "0" * 20, "delete"), 404, "comment.not_found"),
        (decide(ada, made["id"], "hold"), 422, "request.bad_field"),
        (decide(ada, made["id"], "undo"), 422, "request.bad_field"),
        (decide(ada, made["id"], "spam", why="x" * 501), 422, "request.bad_field"),
        (decide(ada, made["id"], "spam", {"Idempotency_Key": None}), 400, "idempotency.missing"),
        (decide(ada, made["id"], "spam", {"Authorization": None}), 401, "session.missing"),
        (decide(ada, made["id"], "spam", {"Origin": "https://other.test"}), 403, "origin.foreign"),
        (judge(ada, person, "anything"), 422, "request.bad_field"),
        (judge(ada, person, "ban", days=0), 422, "request.bad_field"),
        (judge(ada, person, "ban", days=99_999), 422, "request.bad_field"),
        (judge(ada, "0" * 20, "ban"), 404, "user.not_found"),
        (judge(ada, mine, "ban"), 403, "person.protected"),
    ]
    for answer, status, expected in cases:
        assert (answer.status_code, code(answer)) == (status, expected)
    after = rows(app)
    changed = {name for name in after if after[name] != before[name]}
    assert changed <= {"role", "comment", "idempotency"}
    assert next(one["id"] for one in ann.comments()) == made["id"]


@pytest.mark.parametrize("act", ["approve", "spam", "delete", "restore"])
def test_deleted_by_its_author(give: Give, ann: Page, ada: Page, act: str) -> None:  # noqa: F811
    give("Ada", "moderator")
    made = ann.posted()
    ann.delete(made["id"])
    answer = decide(ada, made["id"], act, version=made["time"])
    assert (answer.status_code, code(answer)) == (409, "comment.gone")
