"""Where one is signed in on a site: seen from there, ended from there, one by one and all at once."""

from datetime import timedelta
from typing import Any, cast

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select

from tests.support.api import Page, add_site, code
from tests.support.keys import BrowserKey, KeyedClient
from widget.core import clock, ids, tokens
from widget.core.errors import Problem
from widget.extensions import db
from widget.models import AccountSession, Identity, KnownBrowser, Session, Site, Ticket, User
from widget.services import housekeeping, sessions, sites, transaction

SHOP = "https://shop.test"


@pytest.fixture
def ada(app: Flask, page: Page) -> Page:
    """Ada on the blog, who is also signed in on the shop (`shop`) and on the blog in another browser (`phone`)."""
    add_site(app, "shop", (SHOP,))
    made = {name: tokens.secret() for name in ("here", "phone", "shop")}
    with app.app_context():

        def work(session: Any) -> None:
            user = User(name="Ada")
            session.add(user)
            session.flush()
            identity = Identity(user_id=user.id, provider="oidc", issuer="https://id.test", subject="a", name="Ada")
            session.add(identity)
            session.flush()
            for name, token in made.items():
                site = sites.by_key("shop" if name == "shop" else "blog")
                ago = ["here", "shop", "phone"].index(name)
                with clock.freeze(clock.now() - timedelta(minutes=ago)):
                    sessions.open_session(session, site, (user.id, identity.id), token, thumbprint=None)
                    session.flush()
            soon = clock.now() + timedelta(minutes=1)
            site_id = session.scalar(select(Site.id).where(Site.key == "blog"))
            session.add(KnownBrowser(token_hash="h", user_id=user.id, identity_id=identity.id, expires_at=soon))
            session.add(AccountSession(token_hash="h", user_id=user.id, identity_id=identity.id, expires_at=soon))
            session.add(
                Ticket(
                    code_hash="h",
                    tx="t",
                    site_id=site_id,
                    origin="o",
                    challenge="c",
                    user_id=user.id,
                    identity_id=identity.id,
                    expires_at=soon,
                )
            )

        transaction.write(work)
    return Page(page.client, token=made["here"], extra={"X-Phone": made["phone"], "X-Shop": made["shop"]})


def phone(ada: Page) -> Page:
    return Page(ada.client, token=ada.extra["X-Phone"])


def shop(ada: Page) -> Page:
    return Page(ada.client, site="shop", origin=SHOP, url=f"{SHOP}/x", token=ada.extra["X-Shop"])


def listed(page: Page) -> list[dict[str, Any]]:
    answer = page.client.get("/api/v1/me/sessions", headers=page.headers())
    assert answer.status_code == 200, answer.text
    assert answer.headers["Cache-Control"] == "no-store"
    return cast("list[dict[str, Any]]", answer.json["sessions"])


def test_my_sessions(app: Flask, ada: Page) -> None:
    found = listed(ada)
    assert [one["current"] for one in found] == [True, False]  # the shop's is not shown
    assert all(set(one) == {"id", "created", "used", "expires", "current", "provider"} for one in found)
    assert {one["provider"] for one in found} == {"oidc"}
    assert all(ids.is_public_id(one["id"]) for one in found)
    assert [one["used"] for one in found] == sorted((one["used"] for one in found), reverse=True)
    with app.app_context():
        text = str(found)
        for row in db.session.scalars(select(Session)):
            assert row.token_hash not in text
    phone(ada).posted("Hello")
    assert [one["current"] for one in listed(ada)][:2] == [False, True]  # the last used comes first


def test_a_site_does_not_learn_of_others(ada: Page) -> None:
    answer = ada.client.get("/api/v1/me/sessions", headers=ada.headers())
    assert "shop" not in answer.text
    assert [one["current"] for one in listed(shop(ada))] == [True]
    assert not {one["id"] for one in listed(shop(ada))} & {one["id"] for one in listed(ada)}


def test_ended_sessions_are_not_shown(app: Flask, ada: Page) -> None:
    with app.app_context():
        over = {"expires_at": clock.now()}
        transaction.write(
            lambda session: (
                session.query(Session).filter(Session.token_hash == tokens.digest(ada.extra["X-Phone"])).update(over)
            )
        )
    assert [one["current"] for one in listed(ada)] == [True]


def test_one_session_is_ended_in_another_browser(ada: Page) -> None:
    elsewhere = next(one for one in listed(ada) if not one["current"])
    path = f"/api/v1/me/sessions/{elsewhere['id']}"
    assert ada.client.delete(path, headers=ada.headers()).status_code == 204
    assert code(phone(ada).post()) == "session.invalid"
    assert ada.post().status_code == shop(ada).post().status_code == 201
    again = ada.client.delete(path, headers=ada.headers())
    assert (again.status_code, code(again)) == (404, "session.not_found")


def test_a_site_ends_nothing_on_another(ada: Page) -> None:
    (theirs,) = listed(shop(ada))
    answer = ada.client.delete(f"/api/v1/me/sessions/{theirs['id']}", headers=ada.headers())
    assert (answer.status_code, code(answer)) == (404, "session.not_found")
    assert shop(ada).post().status_code == 201


def test_a_session_can_end_itself(ada: Page) -> None:
    mine = next(one for one in listed(ada) if one["current"])
    assert ada.client.delete(f"/api/v1/me/sessions/{mine['id']}", headers=ada.headers()).status_code == 204
    assert code(ada.post()) == "session.invalid"


@pytest.mark.parametrize("public_id", ["0" * 20, "x", "1", "%00"])
def test_there_is_no_such_session(ada: Page, public_id: str) -> None:
    assert ada.client.delete(f"/api/v1/me/sessions/{public_id}", headers=ada.headers()).status_code == 404


def test_nobody_sees_or_ends_sessions_of_somebody_else(ada: Page, bob: Page) -> None:
    assert [one["current"] for one in listed(bob)] == [True]
    for one in listed(ada):
        answer = bob.client.delete(f"/api/v1/me/sessions/{one['id']}", headers=bob.headers())
        assert (answer.status_code, code(answer)) == (404, "session.not_found")
    assert len(listed(ada)) == 2


def test_logging_out_of_the_site_in_all_browsers(app: Flask, ada: Page, bob: Page) -> None:
    answer = ada.client.delete("/api/v1/session?everywhere=1", headers=ada.headers())
    assert answer.status_code == 204
    for page in (ada, phone(ada)):
        assert code(page.post()) == "session.invalid"
    assert shop(ada).post().status_code == 201  # a site's bearer ends nothing elsewhere
    assert bob.post().status_code == 201
    with app.app_context():
        for model in (KnownBrowser, AccountSession, Ticket):
            assert db.session.scalar(select(func.count()).select_from(model)) == 0


@pytest.mark.parametrize("word", ["", "?everywhere=0", "?everywhere="])
def test_logging_out_here_alone(ada: Page, word: str) -> None:
    assert ada.client.delete(f"/api/v1/session{word}", headers=ada.headers()).status_code == 204
    assert code(ada.post()) == "session.invalid"
    assert phone(ada).post().status_code == shop(ada).post().status_code == 201


@pytest.mark.parametrize("word", ["?everywhere=yes", "?everywhere=1&everywhere=0", "?everywhere=2"])
def test_what_is_not_understood_ends_nothing(ada: Page, word: str) -> None:
    answer = ada.client.delete(f"/api/v1/session{word}", headers=ada.headers())
    assert (answer.status_code, code(answer)) == (422, "request.bad_field")
    assert ada.post().status_code == 201


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", "/api/v1/me/sessions"),
        ("DELETE", "/api/v1/me/sessions/" + "0" * 20),
        ("DELETE", "/api/v1/session?everywhere=1"),
    ],
)
def test_all_of_it_needs_the_session_its_origin_and_its_key(page: Page, ada: Page, method: str, path: str) -> None:
    answer = page.client.open(path, method=method, headers=page.headers())
    assert (answer.status_code, code(answer)) == (401, "session.missing")
    answer = page.client.open(path, method=method, headers=ada.headers(Origin="https://evil.test"))
    assert (answer.status_code, code(answer)) == (403, "origin.foreign")
    answer = page.client.open(path, method=method, headers=ada.headers(Origin=SHOP))
    assert (answer.status_code, code(answer)) == (403, "origin.foreign")
    browser = BrowserKey()
    keyed = Page(cast("FlaskClient", KeyedClient(page.client, browser)))
    token = keyed.open_session(guest={"name": "Ann"}, jwk=browser.jwk).json["token"]
    stolen = Page(page.client, token=token)
    answer = page.client.open(path, method=method, headers=stolen.headers())
    assert (answer.status_code, code(answer)) == (401, "session.bad_proof")
    assert ada.post().status_code == 201


def test_a_session_that_nobody_uses_ends(app: Flask, ann: Page) -> None:
    app.config["SESSION_HOURS"] = 24 * 365
    kept, left = Page(ann.client).be_guest("Kept"), Page(ann.client).be_guest("Left")
    day = timedelta(days=1)
    with clock.freeze(clock.now() + 29 * day):
        assert len(kept.client.get("/api/v1/me/sessions", headers=kept.headers()).json["sessions"]) == 1
    with clock.freeze(clock.now() + 31 * day):
        assert kept.post("Still here").status_code == 201
        assert code(left.post("Too late")) == "session.invalid"
        with app.app_context():
            housekeeping.sweep()
            assert db.session.scalar(select(func.count()).select_from(Session)) == 1
    with clock.freeze(clock.now() + 62 * day):
        assert code(kept.post("Too late")) == "session.invalid"


def test_idleness_can_be_no_matter(app: Flask, page: Page) -> None:
    app.config |= {"SESSION_HOURS": 24 * 365, "SESSION_IDLE_DAYS": 0}
    ann = Page(page.client).be_guest("Ann")
    with clock.freeze(clock.now() + timedelta(days=364)):
        with app.app_context():
            housekeeping.sweep()
        assert ann.post("Still here").status_code == 201


def test_a_look_notes_the_use_but_seldom(app: Flask, ann: Page) -> None:
    def used() -> Any:
        with app.app_context():
            return db.session.scalar(select(Session.last_used_at))

    begun = used()
    for hours, noted in ((1, False), (5, False), (7, True)):
        moment = begun + timedelta(hours=hours)
        with clock.freeze(moment):
            assert ann.client.get("/api/v1/session", headers=ann.headers()).status_code == 200
        assert used() == (moment if noted else begun)


def test_a_busy_database_keeps_nobody_from_reading(app: Flask, ann: Page, monkeypatch: pytest.MonkeyPatch) -> None:
    def busy(_work: object) -> None:
        raise Problem("server.busy")

    monkeypatch.setattr(transaction, "write", busy)
    with clock.freeze(clock.now() + timedelta(hours=7)):
        assert ann.client.get("/api/v1/session", headers=ann.headers()).status_code == 200
