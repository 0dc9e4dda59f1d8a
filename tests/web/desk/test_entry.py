"""Who comes in at the desk, how, and for how long."""

import re
from collections.abc import Callable
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from tests.support.desk import Desk, known, person, refused, target
from tests.support.oidc import DemoId
from tests.support.people import csrf, sign_in
from tests.support.visitor import SERVER, Visitor, query
from widget.core import clock, tokens
from widget.extensions import db
from widget.models import DeskSession
from widget.services import housekeeping, people, roles, sites, transaction

Make = Callable[[], Desk]


def test_somebody_with_a_role_comes_in(app: Flask, desk: Make) -> None:
    person(app, "ada", blog="moderator")
    ada = desk()
    answer = ada.sign_in("ada")
    assert target(answer) == f"{SERVER}/admin/"
    (cookie,) = [one for one in answer.headers.getlist("Set-Cookie") if "cw_desk" in one]
    assert re.fullmatch(r"__Host-cw_desk=[\w-]{43}; Secure; HttpOnly; Path=/; SameSite=Strict", cookie)
    with app.app_context():
        assert db.session.scalars(select(DeskSession)).one().token_hash == tokens.digest(ada.cookie or "")
    assert ada.get("/sites").status_code == 200
    assert ada.get("/").headers["Location"] == f"{SERVER}/admin/queue"


def test_strangers_and_people_without_a_role_do_not(app: Flask, desk: Make, demo: DemoId) -> None:
    sign_in(app, demo, "bruno")
    before = known(app)
    for subject in ("bruno", "ada"):
        visitor = desk()
        answer = visitor.sign_in(subject)
        assert query(answer.headers["Location"])["why"] == "desk.no_role"
        assert "has no role here" in visitor.visitor.get(answer.headers["Location"]).text
        assert visitor.cookie is None
    assert known(app) == before


def test_who_is_not_signed_in_is_led_to_the_door_and_back(app: Flask, desk: Make) -> None:
    person(app, "ada", administrator=True)
    ada = desk()
    answer = ada.get("/leave?x=1")
    assert answer.status_code == 405
    answer = ada.get("/?x=1&lang=it")
    assert answer.headers["Location"] == f"{SERVER}/admin/signin?back=%2F%3Fx%3D1%26lang%3Dit"
    assert 'name="back" value="/?x=1&amp;lang=it"' in ada.visitor.get(answer.headers["Location"]).text
    assert target(ada.sign_in("ada", back="/?x=1&lang=it")) == f"{SERVER}/admin/?x=1&lang=it"


@pytest.mark.parametrize("back", ["https://evil.test/", "//evil.test", "\\evil", "/\n/evil", "@evil.test", "x" * 600])
def test_the_way_back_leads_nowhere_else(app: Flask, desk: Make, back: str) -> None:
    person(app, "ada", administrator=True)
    assert target(desk().sign_in("ada", back=back)).startswith(f"{SERVER}/admin/")


def test_a_link_from_elsewhere_goes_round_once(app: Flask, desk: Make) -> None:
    """A browser keeps a Strict cookie back there; it sends it with what a page of ours begins."""
    for site in ("cross-site", "same-site"):
        answer = desk().get("/?x=1", headers={"Sec-Fetch-Site": site})
        assert answer.status_code == 200
        assert target(answer) == f"{SERVER}/admin/?x=1"
    assert desk().get("/", headers={"Sec-Fetch-Site": "same-origin"}).status_code == 303


def test_the_account_pages_cookie_is_none_of_the_desks(app: Flask, desk: Make, demo: DemoId) -> None:
    person(app, "ada", administrator=True)
    here = sign_in(app, demo, "ada").entered("ada")
    wrong = desk()
    wrong.visitor.http.set_cookie("__Host-cw_desk", here.me or "", domain="comments.test")
    assert wrong.get("/sites").status_code == 303
    right = desk().entered("ada")
    account = Visitor(app)
    account.http.set_cookie("__Host-cw_me", right.cookie or "", domain="comments.test")
    assert "Sign in with" in account.get("/account?lang=en").text


def test_logging_out(app: Flask, desk: Make) -> None:
    person(app, "ada", blog="owner")
    ada = desk().entered("ada")
    old = ada.cookie or ""
    assert ada.press("/leave", on="/sites").status_code == 303
    assert ada.cookie is None
    ada.visitor.http.set_cookie("__Host-cw_desk", old, domain="comments.test")
    assert ada.get("/sites").headers["Location"].startswith(f"{SERVER}/admin/signin")


def test_it_ends_by_itself(app: Flask, desk: Make) -> None:
    person(app, "ada", blog="owner")
    ada = desk().entered("ada")
    word, start = csrf(ada.get("/sites")), clock.now()
    with clock.freeze(start + timedelta(minutes=119)):
        assert ada.get("/sites").status_code == 200
    with clock.freeze(start + timedelta(minutes=230)):
        assert ada.get("/sites").status_code == 200
    with clock.freeze(start + timedelta(minutes=351)):
        assert ada.get("/sites").status_code == 303
        refused(ada.send("/leave", word), "desk.signed_out", 403)
        with app.app_context():
            housekeeping.sweep()
            assert db.session.scalars(select(DeskSession)).all() == []
    with clock.freeze(start):
        busy = desk().entered("ada")
    for minutes in range(0, 720, 60):
        with clock.freeze(start + timedelta(minutes=minutes)):
            assert busy.get("/sites").status_code == 200
    with clock.freeze(start + timedelta(minutes=721)):
        assert busy.get("/sites").status_code == 303


def test_who_lost_the_role_or_is_blocked_is_out_at_once(app: Flask, desk: Make, demo: DemoId) -> None:
    user_id = person(app, "ada", blog="owner")
    ada = desk().entered("ada")
    with app.app_context():
        transaction.write(lambda session: roles.give(session, sites.by_key("blog"), user_id, None))
    refused(ada.get("/sites"), "desk.no_role", 403)
    with app.app_context():
        transaction.write(lambda session: roles.give(session, sites.by_key("blog"), user_id, "owner"))
    assert ada.get("/sites").status_code == 200
    public_id = sign_in(app, demo, "ada").user["id"]
    with app.app_context():
        transaction.write(lambda session: people.block(session, public_id))
    assert ada.get("/sites").status_code == 303
    answer = ada.sign_in("ada")
    assert query(answer.headers["Location"])["why"] == "user.blocked"


def test_coming_in_makes_a_new_cookie(app: Flask, desk: Make) -> None:
    person(app, "ada", blog="owner")
    planted = tokens.secret()
    ada = desk()
    ada.visitor.http.set_cookie("__Host-cw_desk", planted, domain="comments.test")
    old = ada.entered("ada").cookie
    assert old != planted
    assert ada.entered("ada").cookie != old
    ada.visitor.http.set_cookie("__Host-cw_desk", old or "", domain="comments.test")
    assert ada.get("/sites").status_code == 303


def test_a_sign_in_ends_in_the_browser_where_it_began(app: Flask, desk: Make, demo: DemoId) -> None:
    person(app, "ada", administrator=True)
    attacker, victim = desk(), desk()
    begun = attacker.press("/signin", on="/signin", provider="oidc")
    answer = victim.visitor.get(demo.sign_in(begun.headers["Location"], "ada"))
    assert answer.status_code == 403
    assert (attacker.cookie, victim.cookie) == (None, None)


def test_saying_no_and_what_is_not_offered(desk: Make) -> None:
    ada = desk()
    begun = ada.press("/signin", on="/signin", provider="oidc")
    state_of = query(begun.headers["Location"])["state"]
    answer = ada.visitor.get(f"/auth/callback/oidc?error=access_denied&state={state_of}")
    assert query(answer.headers["Location"])["why"] == "signin.denied"
    refused(ada.press("/signin", on="/signin", provider="nobody"), "signin.unknown_provider", 404)
    for why in ("<script>", "nonsense", "problem"):
        assert "<script>" not in ada.get(f"/signin?why={why}").text.replace("<script nonce", "")


class TestPlainHttp:
    """Only the machine itself has no way between browser and server."""

    @pytest.fixture
    def desk_settings(self, request: pytest.FixtureRequest) -> dict[str, object]:
        return {"PUBLIC_URL": request.param}

    @pytest.mark.parametrize("desk_settings", ["http://comments.test", "http://10.0.0.7:8080"], indirect=True)
    def test_elsewhere_it_stays_closed(self, app: Flask) -> None:
        for path in ("/", "/signin", "/setup"):
            answer = app.test_client().get(f"/admin{path}")
            refused(answer, "desk.insecure", 403)
            assert "WIDGET_PUBLIC_URL" in answer.text

    @pytest.mark.parametrize(
        "desk_settings", ["http://127.0.0.1:8080", "http://localhost:8080", "http://[::1]:8080"], indirect=True
    )
    def test_on_the_machine_it_opens(self, app: Flask) -> None:
        assert app.test_client().get("/admin/signin").status_code == 200
