"""Sessions: guests come and go; a bearer is worth something in one place."""

from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from tests.support.api import BLOG, Page, add_site, code, key
from tests.web.api.test_threads import rows
from widget.core import clock, tokens
from widget.extensions import db
from widget.models import Session, User


def test_a_guest_session(app: Flask, page: Page) -> None:
    answer = page.open_session(
        guest={"name": " Ann \u202e Bell ", "email": "Ann@Example.org", "website": "https://a.test"}
    )
    assert answer.status_code == 201
    assert answer.headers["Cache-Control"] == "no-store"
    user = answer.json["user"]
    assert (user["name"], user["guest"], user["url"]) == ("Ann Bell", True, "https://a.test")
    assert "email" not in user
    with app.app_context():
        row = db.session.scalars(select(Session)).one()
        assert row.token_hash == tokens.digest(answer.json["token"])
        assert answer.json["token"] not in repr(vars(row))
        assert db.session.scalars(select(User)).one().email.lower() == "ann@example.org"


def test_who_am_i_and_log_out(page: Page) -> None:
    ann = page.be_guest()
    answer = ann.client.get("/api/v1/session", headers=ann.headers())
    assert (answer.json["user"]["name"], answer.json["site"]) == ("Ann", "blog")
    assert ann.client.delete("/api/v1/session", headers=ann.headers()).status_code == 204
    for attempt in (ann.client.get("/api/v1/session", headers=ann.headers()), ann.post()):
        assert (attempt.status_code, code(attempt)) == (401, "session.invalid")


def test_a_session_ends(page: Page) -> None:
    ann = page.be_guest()
    with clock.freeze(clock.now() + timedelta(hours=12, seconds=1)):
        assert code(ann.post()) == "session.invalid"


def test_the_same_guest_sent_twice_is_one_person(app: Flask, page: Page) -> None:
    again = key()
    first = page.open_session(guest={"name": "Ann"}, idempotency_key=again)
    second = page.open_session(guest={"name": "Ann"}, idempotency_key=again)
    assert first.json == second.json
    assert (rows(app)["user"], rows(app)["session"]) == (1, 1)
    other = page.open_session(guest={"name": "Eve"}, idempotency_key=again)
    assert (other.status_code, code(other)) == (409, "idempotency.mismatch")
    with app.app_context():
        answers = db.session.execute(db.text("SELECT answer FROM idempotency")).scalars().all()
        assert first.json["token"] not in "".join(answers)


GUESTS = [
    ({"name": ""}, "guest.name_missing", "name"),
    ({"name": "\u202e\u200b"}, "guest.name_missing", "name"),
    ({"name": "Ann", "email": "not an address"}, "guest.bad_email", "email"),
    ({"name": "Ann", "website": "javascript:alert(1)"}, "guest.bad_website", "website"),
    ({"name": 5}, "request.bad_field", "guest.name"),
    ({"name": "a\x00"}, "request.bad_field", "guest.name"),
    ({}, "request.bad_field", "guest.name"),
]


@pytest.mark.parametrize(("guest", "expected", "field"), GUESTS)
def test_bad_guests(app: Flask, page: Page, guest: dict[str, object], expected: str, field: str) -> None:
    answer = page.open_session(guest=guest)
    assert (answer.status_code, code(answer), answer.json["error"]["field"]) == (422, expected, field)
    assert rows(app)["user"] == 0


def test_site_rules_for_guests(app: Flask, client: object) -> None:
    add_site(app, guests=False)
    page = Page(client)  # type: ignore[arg-type]
    assert code(page.open_session(guest={"name": "Ann"})) == "guest.not_allowed"
    add_site(app, "strict", ("https://strict.test",), guest_email="required")
    strict = Page(page.client, site="strict", origin="https://strict.test")
    assert code(strict.open_session(guest={"name": "Ann"})) == "guest.email_missing"
    assert strict.open_session(guest={"name": "Ann", "email": "a@b.example"}).status_code == 201
    add_site(app, "off", ("https://off.test",), guest_email="off")
    off = Page(page.client, site="off", origin="https://off.test")
    assert off.open_session(guest={"name": "Ann", "email": "never stored"}).status_code == 201
    with app.app_context():
        assert db.session.scalars(select(User.email)).all() == ["a@b.example", None]


def test_opening_needs_the_sites_origin_a_key_and_a_way(page: Page) -> None:
    stranger = Page(page.client, origin="https://elsewhere.test")
    assert code(stranger.open_session(guest={"name": "Ann"})) == "origin.foreign"
    assert code(page.open_session(guest={"name": "Ann"}, idempotency_key="short")) == "idempotency.bad_key"
    assert code(page.open_session()) == "request.bad_field"
    assert code(page.open_session(tx="x", code="y")) == "request.bad_field"


def test_preflight_names_the_asking_origin_only_when_it_is_listed(page: Page) -> None:
    asked = {
        "Access-Control-Request-Method": "POST",
        "Access-Control-Request-Headers": "authorization, idempotency-key",
    }
    answer = page.client.options("/api/v1/comments", headers={"Origin": BLOG, **asked})
    assert answer.headers["Access-Control-Allow-Origin"] == BLOG
    assert "POST" in answer.headers["Access-Control-Allow-Methods"]
    assert "idempotency-key" in answer.headers["Access-Control-Allow-Headers"].lower()
    assert "Access-Control-Allow-Credentials" not in answer.headers
    assert "Origin" in answer.headers["Vary"]
    for foreign in (
        "https://elsewhere.test",
        "null",
        "https://blog.test.evil.test",
        "http://blog.test",
        "https://BLOG.test",
    ):
        answer = page.client.options("/api/v1/comments", headers={"Origin": foreign, **asked})
        assert "Access-Control-Allow-Origin" not in answer.headers


def test_what_is_mine(ann: Page, bob: Page) -> None:
    mine = ann.posted("*mine*")
    bob.posted("theirs")
    where = {"site": "blog", "url": ann.url}
    answer = ann.client.get("/api/v1/me/comments", query_string=where, headers=ann.headers())
    assert answer.json == {
        "comments": [{"id": mine["id"], "raw": "*mine*", "until": mine["until"]}],
        "pending": [],
        "reactions": {},
        "page": None,
        "flagged": [],
    }
    assert answer.headers["Cache-Control"] == "no-store"
    with clock.freeze(clock.now() + timedelta(hours=1)):
        late = ann.client.get("/api/v1/me/comments", query_string=where, headers=ann.headers())
    assert (late.json["comments"], late.json["pending"]) == ([], [])
    nobody = ann.client.get("/api/v1/me/comments", query_string=where, headers={"Origin": BLOG})
    assert (nobody.status_code, code(nobody)) == (401, "session.missing")
