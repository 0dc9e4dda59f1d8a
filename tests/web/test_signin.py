"""The whole sequence of a sign-in, over HTTP, with a real provider."""

import re
from collections.abc import Iterator
from datetime import timedelta
from urllib.parse import urlencode, urlsplit

import pytest
from flask import Flask
from sqlalchemy import func, select
from werkzeug.test import TestResponse

from tests.support.api import put_site
from tests.support.oidc import DemoId, demo_id
from tests.support.visitor import BLOG, SERVER, Page, Visitor, data, handle, local, query
from widget import create_app
from widget.core import clock
from widget.extensions import db
from widget.models import Consent, Identity, KnownBrowser, Login, ParkedForm, Session, Ticket, User
from widget.services import logins, roles, sites, transaction

SHOP = "https://shop.test"


@pytest.fixture(scope="module")
def demo() -> Iterator[DemoId]:
    with demo_id() as running:
        yield running


@pytest.fixture
def app(database_url: str, demo: DemoId) -> Iterator[Flask]:
    app = create_app({"DATABASE_URL": database_url, "SECRET_KEY": "t" * 40, "PUBLIC_URL": SERVER, **demo.settings})
    with app.app_context():
        transaction.write(lambda session: put_site(session, "blog", "The Blog", [BLOG]))
    yield app
    with app.app_context():
        db.session.remove()
        db.engine.dispose()


@pytest.fixture
def two_sites(app: Flask) -> Flask:
    with app.app_context():
        transaction.write(lambda session: put_site(session, "shop", "The Shop", [SHOP]))
    return app


@pytest.fixture
def visitor(app: Flask) -> Visitor:
    return Visitor(app)


def rows(app: Flask, model: type[db.Model]) -> int:
    with app.app_context():
        return db.session.scalar(select(func.count()).select_from(model)) or 0


def arrive(visitor: Visitor, demo: DemoId, page: Page, subject: str = "ada", **changes: str) -> dict[str, str]:
    """Sign in at the provider; the data of the done page."""
    answer = visitor.get(demo.sign_in(visitor.begin(page, **changes), subject))
    assert answer.status_code == 200, answer.text
    return data(answer)


# -- the good way


def test_from_a_click_to_a_session(app: Flask, visitor: Visitor, demo: DemoId) -> None:
    page = Page()
    done = arrive(visitor, demo, page)
    assert done["tx"] == page.tx
    assert done["origin"] == BLOG
    assert done["home"] == f"{page.address}#cw={page.tx}.{done['code']}"
    opened = visitor.redeem(page, done["code"])
    assert opened.status_code == 201
    session = opened.get_json()
    assert session["user"]["name"] == "Ada Moretti"
    assert session["user"]["provider"] == "oidc"
    assert session["user"]["guest"] is False
    headers = {"Authorization": f"Bearer {session['token']}", "Origin": BLOG}
    assert visitor.http.get("/api/v1/session", headers=headers, base_url=SERVER).get_json()["user"] == session["user"]
    assert rows(app, Login) == rows(app, Ticket) == 0
    assert rows(app, KnownBrowser) == 1


def test_the_provider_is_sent_only_what_is_needed(visitor: Visitor, demo: DemoId) -> None:
    url = visitor.begin(Page())
    sent = query(url)
    assert url.startswith(f"{demo.issuer}/oauth2/authorize?")
    assert sent["redirect_uri"] == f"{SERVER}/auth/callback/oidc"
    assert sent["client_id"] == "comment-widget"
    assert len(sent["state"]) == 43
    assert set(sent) == {
        "response_type",
        "client_id",
        "redirect_uri",
        "scope",
        "state",
        "nonce",
        "code_challenge",
        "code_challenge_method",
    }


def test_the_way_in_one_tab(visitor: Visitor, demo: DemoId) -> None:
    page = Page()
    answer = visitor.get(demo.sign_in(visitor.begin(page, mode="redirect"), "ada"))
    assert answer.status_code == 303
    home, _, code = answer.headers["Location"].rpartition(".")
    assert home == f"{page.address}#cw={page.tx}"
    assert visitor.redeem(page, code).status_code == 201


def test_the_second_sign_in_is_the_same_person_with_what_the_provider_says_now(
    app: Flask, visitor: Visitor, demo: DemoId
) -> None:
    demo.put("zoe", {"name": "Zoe", "email": "zoe@demo.example", "email_verified": "true"})
    first = visitor.redeem(page := Page(), arrive(visitor, demo, page, "zoe")["code"]).get_json()["user"]
    demo.put("zoe", {"name": "Zoë Weber"})
    other = Visitor(app)
    second = other.redeem(page := Page(), arrive(other, demo, page, "zoe")["code"]).get_json()["user"]
    assert second["id"] == first["id"]
    assert (first["name"], second["name"]) == ("Zoe", "Zoë Weber")
    with app.app_context():
        [identity] = db.session.scalars(select(Identity)).all()
        assert (identity.issuer, identity.subject) == (demo.issuer, "zoe")
        assert identity.email is None
        assert identity.email_verified is None


def test_a_name_that_is_given_once_is_kept(visitor: Visitor, demo: DemoId) -> None:
    """Apple says it at the first consent only."""
    shown = []
    for claims in ({"name": "Zoe"}, {}, {"name": "Zoë Weber"}, {"name": "\u202e"}):
        demo.put("once", claims)
        shown.append(visitor.redeem(page := Page(), arrive(visitor, demo, page, "once")["code"]).get_json()["user"])
    assert [user["name"] for user in shown] == ["Zoe", "Zoe", "Zoë Weber", "Zoë Weber"]
    assert len({user["id"] for user in shown}) == 1


def test_the_same_address_at_two_accounts_is_two_people(app: Flask, visitor: Visitor, demo: DemoId) -> None:
    for subject in ("one", "two"):
        demo.put(subject, {"name": "Same", "email": "same@demo.example", "email_verified": True})
        arrive(visitor, demo, Page(), subject)
    assert rows(app, User) == rows(app, Identity) == 2


def test_a_person_without_a_name_gets_a_neutral_one(visitor: Visitor, demo: DemoId) -> None:
    page = Page()
    user = visitor.redeem(page, arrive(visitor, demo, page, "nobody")["code"]).get_json()["user"]
    assert user["name"] == "Demo ID user"


def test_a_hostile_name_is_text(visitor: Visitor, demo: DemoId, two_sites: Flask) -> None:
    demo.put("mallory", {"name": "<script>alert(1)</script>{{7*7}}\"'\u202e{site}"})
    asked = visitor.get(visitor.get(demo.sign_in(visitor.begin(Page()), "mallory")).headers["Location"])
    assert "<script>alert" not in asked.text
    assert "&lt;script&gt;alert(1)&lt;/script&gt;{{7*7}}" in asked.text
    assert "\u202e" not in asked.text


def test_flasks_session_is_never_used(visitor: Visitor, demo: DemoId) -> None:
    answers = [visitor.get((page := Page()).start())]
    answers.append(visitor.get(demo.sign_in(answers[0].headers["Location"], "ada")))
    answers.append(visitor.redeem(page, data(answers[1])["code"]))
    for answer in answers:
        assert all(
            cookie.startswith(("__Host-cw_tx=", "__Host-cw_known=")) for cookie in answer.headers.getlist("Set-Cookie")
        )
        assert "Cookie" not in answer.headers.get("Vary", "")


# -- browsers, replays and strangers


def test_the_cookie_that_binds(visitor: Visitor) -> None:
    [cookie] = visitor.get(Page().start()).headers.getlist("Set-Cookie")
    assert re.fullmatch(
        r"__Host-cw_tx=[\w-]{43}; Expires=[^;]+; Max-Age=600; Secure; HttpOnly; Path=/; SameSite=Lax", cookie
    )


def test_without_https_the_cookie_has_no_prefix(database_url: str, demo: DemoId) -> None:
    plain = create_app({"DATABASE_URL": database_url, "PUBLIC_URL": "http://127.0.0.1:8080", **demo.settings})
    with plain.app_context():
        transaction.write(lambda session: put_site(session, "blog", "The Blog", [BLOG]))
    answer = plain.test_client().get(Page().start())
    [cookie] = answer.headers.getlist("Set-Cookie")
    assert cookie.startswith("cw_tx=")
    assert "Secure" not in cookie
    assert query(answer.headers["Location"])["redirect_uri"] == "http://127.0.0.1:8080/auth/callback/oidc"
    with plain.app_context():
        db.session.remove()
        db.engine.dispose()


def assert_stopped(answer: TestResponse, code: str, status: int) -> None:
    assert answer.status_code == status
    assert "Location" not in answer.headers
    assert data(answer).get("code", code) == code


def test_an_attacker_begins_and_the_victim_finishes(app: Flask, demo: DemoId, monkeypatch: pytest.MonkeyPatch) -> None:
    attacker, victim, page = Visitor(app), Visitor(app), Page()
    back = demo.sign_in(attacker.begin(page), "ada")  # the victim is lured to the provider and signs in there
    assert_stopped(victim.get(back), "signin.expired", 403)
    victim.begin(Page())  # not even with a sign-in of their own under way
    assert_stopped(victim.get(back), "signin.expired", 403)
    assert rows(app, Ticket) == rows(app, User) == 0

    real = logins._named
    monkeypatch.setattr(
        logins, "_named", lambda *args: [rule for rule in real(*args) if "browser_hash" not in str(rule)]
    )
    assert victim.get(back).status_code == 200  # the control: without the cookie's rule it works


def test_an_answer_is_used_once(app: Flask, visitor: Visitor, demo: DemoId) -> None:
    back = demo.sign_in(visitor.begin(Page()), "ada")
    assert visitor.get(back).status_code == 200
    for _ in range(3):
        assert_stopped(visitor.get(back), "signin.expired", 403)
    assert rows(app, Ticket) == 1


@pytest.mark.parametrize("state", ["", "x", "A" * 43, "' OR 1=1 --", "%00", "\u202e"])
def test_foreign_states(visitor: Visitor, state: str) -> None:
    visitor.begin(Page())
    assert_stopped(
        visitor.get(f"/auth/callback/oidc?{urlencode({'code': 'x', 'state': state})}"), "signin.expired", 403
    )


def test_a_missing_or_a_doubled_state(visitor: Visitor, demo: DemoId) -> None:
    back = demo.sign_in(visitor.begin(Page()), "ada")
    assert_stopped(visitor.get("/auth/callback/oidc?code=x"), "signin.expired", 403)
    assert_stopped(visitor.get(f"{back}&state=other"), "signin.bad_request", 400)
    assert visitor.get(back).status_code == 200


def test_an_answer_at_another_providers_address(visitor: Visitor, demo: DemoId) -> None:
    back = demo.sign_in(visitor.begin(Page()), "ada")
    assert_stopped(visitor.get(back.replace("/callback/oidc", "/callback/google")), "signin.expired", 403)
    assert visitor.get(back).status_code == 200


def test_a_late_answer(visitor: Visitor, demo: DemoId) -> None:
    back = demo.sign_in(visitor.begin(Page()), "ada")
    with clock.freeze(clock.now() + timedelta(minutes=10)):
        assert_stopped(visitor.get(back), "signin.expired", 403)
    assert visitor.get(back).status_code == 200


def test_an_answer_of_another_issuer(visitor: Visitor, demo: DemoId) -> None:
    back = demo.sign_in(visitor.begin(Page()), "ada")
    assert_stopped(visitor.get(f"{back}&iss=https%3A%2F%2Fevil.example"), "signin.bad_request", 400)
    assert_stopped(visitor.get(back), "signin.expired", 403)  # that attempt was its last


def test_a_code_of_another_sign_in(visitor: Visitor, demo: DemoId) -> None:
    """Code injection: the nonce of the ID token is not this sign-in's."""
    stolen = query(demo.sign_in(Visitor(visitor.http.application).begin(Page()), "bruno"))["code"]
    mine = query(demo.sign_in(visitor.begin(Page()), "ada"))
    back = f"/auth/callback/oidc?{urlencode({**mine, 'code': stolen})}"
    assert_stopped(visitor.get(back), "signin.provider_failed", 502)


def test_two_tabs_at_once(visitor: Visitor, demo: DemoId) -> None:
    pages = [Page() for _ in range(4)]
    ways = [visitor.begin(page) for page in pages]
    for page, way in zip(pages, ways, strict=True):
        assert visitor.redeem(page, data(visitor.get(demo.sign_in(way, "ada")))["code"]).status_code == 201


def test_a_hundred_abandoned_sign_ins_and_then_a_good_one(app: Flask, visitor: Visitor, demo: DemoId) -> None:
    for _ in range(100):
        visitor.begin(Page())
    assert rows(app, Login) == logins.MOST_AT_ONCE
    arrive(visitor, demo, Page())


def test_a_window_that_is_loaded_again(app: Flask, visitor: Visitor, demo: DemoId) -> None:
    page = Page()
    first, second = visitor.begin(page), visitor.begin(page)
    assert rows(app, Login) == 1
    assert_stopped(visitor.get(demo.sign_in(first, "ada")), "signin.expired", 403)
    assert visitor.get(demo.sign_in(second, "ada")).status_code == 200
    assert_stopped(visitor.get(page.start()), "signin.bad_request", 400)  # its ticket is out


def test_nobody_takes_over_somebody_elses_tx(app: Flask, visitor: Visitor) -> None:
    page = Page()
    visitor.begin(page)
    assert_stopped(Visitor(app).get(page.start()), "signin.bad_request", 400)
    assert_stopped(visitor.get(Page(tx=page.tx).start()), "signin.bad_request", 400)


# -- saying no, and providers that fail


def test_saying_no_at_the_provider(visitor: Visitor, demo: DemoId) -> None:
    page = Page()
    url = visitor.begin(page)
    back = demo.deny(url)
    answer = visitor.get(f"{back}&{urlencode({'state': query(url)['state']})}" if "state=" not in back else back)
    assert_stopped(answer, "signin.denied", 403)
    assert data(answer) == {"tx": page.tx, "code": "signin.denied", "origin": BLOG}
    assert_stopped(visitor.get(back), "signin.expired", 403)


@pytest.mark.parametrize(
    ("error", "code", "status"),
    [
        ("access_denied", "signin.denied", 403),
        ("user_cancelled_authorize", "signin.denied", 403),
        ("server_error", "signin.provider_failed", 502),
        ("<script>", "signin.provider_failed", 502),
    ],
)
@pytest.mark.parametrize("method", ["GET", "POST"])
def test_errors_of_the_provider(visitor: Visitor, error: str, code: str, status: int, method: str) -> None:
    page = Page()
    given = {"error": error, "state": query(visitor.begin(page))["state"], "error_description": "<b>x</b>"}
    if method == "GET":
        answer = visitor.get(f"/auth/callback/oidc?{urlencode(given)}")
    else:
        answer = visitor.get(visitor.post("/auth/callback/oidc", given).headers["Location"])
    assert_stopped(answer, code, status)
    assert data(answer)["code"] == code
    assert "<b>" not in answer.text
    assert "<script>alert" not in answer.text


def test_an_answer_with_neither_code_nor_error(visitor: Visitor) -> None:
    state = query(visitor.begin(Page()))["state"]
    assert_stopped(visitor.get(f"/auth/callback/oidc?state={state}"), "signin.provider_failed", 502)


def test_a_provider_that_is_down(database_url: str) -> None:
    settings = {"OIDC_ISSUER": "http://127.0.0.1:1", "OIDC_CLIENT_ID": "x", "OIDC_CLIENT_SECRET": "y"}
    broken = create_app({"DATABASE_URL": database_url, "PUBLIC_URL": SERVER, **settings})
    with broken.app_context():
        transaction.write(lambda session: put_site(session, "blog", "The Blog", [BLOG]))
    page = Page()
    answer = Visitor(broken).get(page.start(lang="it"))
    assert_stopped(answer, "signin.provider_failed", 502)
    assert data(answer) == {"tx": page.tx, "code": "signin.provider_failed", "origin": BLOG}
    assert "Il servizio di accesso non risponde" in answer.text
    with broken.app_context():
        db.session.remove()
        db.engine.dispose()


def test_threads_are_left_for_readers(app: Flask, visitor: Visitor, demo: DemoId) -> None:
    back = demo.sign_in(visitor.begin(Page()), "ada")
    reception = app.extensions["widget.signin"]
    taken = 0
    while reception.trips.acquire(blocking=False):
        taken += 1
    assert taken == app.config["THREADS"] * 3 // 4 < app.config["THREADS"]
    assert_stopped(visitor.get(back), "server.busy", 503)
    reception.trips.release()
    arrive(visitor, demo, Page())


# -- answers by POST


def test_an_answer_by_post_takes_one_step_more(app: Flask, visitor: Visitor, demo: DemoId) -> None:
    page = Page()
    given = query(demo.sign_in(visitor.begin(page), "ada"))
    stranger = Visitor(app)  # a cross-site POST carries no Lax cookie
    parked = stranger.post("/auth/callback/oidc", {**given, "user": '{"name":{}}', "junk": "x"})
    assert parked.status_code == 303
    assert local(parked.headers["Location"]).startswith("/auth/resume?h=")
    assert "Set-Cookie" not in parked.headers
    with app.app_context():
        assert set(db.session.scalars(select(ParkedForm)).one().form) == {"code", "state", "user"}
    done = visitor.get(parked.headers["Location"])
    assert visitor.redeem(page, data(done)["code"]).status_code == 201
    assert_stopped(visitor.get(parked.headers["Location"]), "signin.expired", 403)


def test_a_parked_form_is_no_use_to_another_browser_nor_later(app: Flask, visitor: Visitor, demo: DemoId) -> None:
    for use in ("stranger", "late"):
        given = query(demo.sign_in(visitor.begin(Page()), "ada"))
        back = visitor.post("/auth/callback/oidc", given).headers["Location"]
        if use == "stranger":
            assert_stopped(Visitor(app).get(back), "signin.expired", 403)
        else:
            with clock.freeze(clock.now() + timedelta(seconds=60)):
                assert_stopped(visitor.get(back), "signin.expired", 403)
    assert rows(app, User) == 0


def test_a_post_for_a_provider_that_is_none(visitor: Visitor, app: Flask) -> None:
    assert_stopped(visitor.post("/auth/callback/evil", {"code": "x"}), "signin.unknown_provider", 404)
    assert rows(app, ParkedForm) == 0


# -- tickets


@pytest.mark.parametrize(
    "changes",
    [
        {"verifier": "A" * 43},
        {"verifier": ""},
        {"verifier": "short"},
        {"tx": "A" * 22},
        {"origin": SHOP},
        {"site": "shop", "origin": SHOP},
    ],
    ids=str,
)
def test_a_ticket_that_does_not_fit_is_burnt(
    two_sites: Flask, visitor: Visitor, demo: DemoId, changes: dict[str, str]
) -> None:
    with two_sites.app_context():  # both sites may ask from both origins, so that the ticket's own rules are seen
        transaction.write(lambda session: sites.change(session, "blog", settings={}, origins=[BLOG, SHOP]))
        transaction.write(lambda session: sites.change(session, "shop", settings={}, origins=[BLOG, SHOP]))
    page = Page()
    asked = visitor.get(visitor.get(demo.sign_in(visitor.begin(page), "ada")).headers["Location"])
    code = data(visitor.post("/auth/consent", {"h": handle(asked), "choice": "yes"}))["code"]
    wrong = visitor.redeem(page, code, **changes)
    assert wrong.status_code in {400, 422}
    if wrong.status_code == 400:
        assert wrong.get_json()["error"]["code"] == "session.bad_ticket"
        assert visitor.redeem(page, code).get_json()["error"]["code"] == "session.bad_ticket"
        assert rows(two_sites, Session) == 0


def test_a_ticket_is_used_once_and_in_time(app: Flask, visitor: Visitor, demo: DemoId) -> None:
    page = Page()
    code = arrive(visitor, demo, page)["code"]
    assert visitor.redeem(page, code).status_code == 201
    assert visitor.redeem(page, code).status_code == 400
    page = Page()
    code = arrive(visitor, demo, page)["code"]
    with clock.freeze(clock.now() + timedelta(seconds=60)):
        assert visitor.redeem(page, code).status_code == 400
    assert visitor.redeem(page, code).status_code == 400
    assert rows(app, Session) == 1


def test_a_ticket_of_a_link_from_elsewhere(app: Flask, demo: DemoId) -> None:
    """The victim's page has no verifier for the attacker's ticket, and any other verifier burns it."""
    attacker, victim, page = Visitor(app), Visitor(app), Page()
    code = arrive(attacker, demo, page)["code"]
    assert victim.redeem(Page(tx=page.tx), code).status_code == 400
    assert attacker.redeem(page, code).status_code == 400


def test_a_bearer_of_one_site_is_none_at_another(two_sites: Flask, visitor: Visitor, demo: DemoId) -> None:
    page = Page()
    asked = visitor.get(visitor.get(demo.sign_in(visitor.begin(page), "ada")).headers["Location"])
    code = data(visitor.post("/auth/consent", {"h": handle(asked), "choice": "yes"}))["code"]
    token = visitor.redeem(page, code).get_json()["token"]
    for origin in (BLOG, SHOP):
        answer = visitor.http.post(
            "/api/v1/comments",
            json={"site": "shop", "page": {"url": f"{origin}/"}, "text": "x"},
            headers={"Authorization": f"Bearer {token}", "Origin": origin, "Idempotency-Key": "k" * 16},
            base_url=SERVER,
        )
        assert answer.status_code in {401, 403}


# -- several sites: consent, and browsers that are known


def test_a_server_with_several_sites_asks_once_for_each(two_sites: Flask, visitor: Visitor, demo: DemoId) -> None:
    page = Page()
    to_question = visitor.get(demo.sign_in(visitor.begin(page), "ada"))
    assert to_question.status_code == 303
    assert rows(two_sites, Ticket) == 0
    asked = visitor.get(to_question.headers["Location"])
    assert "Continue as Ada Moretti" in asked.text
    assert "The Blog" in asked.text
    assert visitor.get(to_question.headers["Location"]).status_code == 200  # it may be loaded again
    done = visitor.post("/auth/consent", {"h": handle(asked), "choice": "yes"})
    assert visitor.redeem(page, data(done)["code"]).status_code == 201
    assert rows(two_sites, Consent) == 1
    assert "__Host-cw_known=" in done.headers["Set-Cookie"]
    assert "Max-Age=2592000; Secure; HttpOnly; Path=/; SameSite=Lax" in done.headers["Set-Cookie"]
    arrive(visitor, demo, Page())  # the second time on this site, nobody asks


def test_a_second_site_costs_one_click_and_no_trip(two_sites: Flask, visitor: Visitor, demo: DemoId) -> None:
    asked = visitor.get(visitor.get(demo.sign_in(visitor.begin(Page()), "ada")).headers["Location"])
    visitor.post("/auth/consent", {"h": handle(asked), "choice": "yes"})
    page = Page(site="shop", origin=SHOP)
    to_question = visitor.get(page.start(lang="it"))
    asked = visitor.get(to_question.headers["Location"])
    assert "Continua come Ada Moretti" in asked.text
    assert "The Shop" in asked.text
    done = data(visitor.post("/auth/consent", {"h": handle(asked), "choice": "yes"}))
    assert done["origin"] == SHOP
    assert visitor.redeem(page, done["code"]).get_json()["user"]["name"] == "Ada Moretti"
    assert rows(two_sites, User) == rows(two_sites, KnownBrowser) == 1
    assert rows(two_sites, Consent) == 2


@pytest.mark.parametrize("choice", ["no", "other", ""])
def test_saying_no_or_another_account_forgets_the_browser(
    two_sites: Flask, visitor: Visitor, demo: DemoId, choice: str
) -> None:
    asked = visitor.get(visitor.get(demo.sign_in(visitor.begin(Page()), "ada")).headers["Location"])
    visitor.post("/auth/consent", {"h": handle(asked), "choice": "yes"})
    page = Page(site="shop", origin=SHOP)
    asked = visitor.get(visitor.get(page.start()).headers["Location"])
    answer = visitor.post("/auth/consent", {"h": handle(asked), "choice": choice})
    if choice == "other":
        assert answer.status_code == 303
        asked = visitor.get(visitor.get(demo.sign_in(answer.headers["Location"], "bruno")).headers["Location"])
        assert "Continue as Bruno Keller" in asked.text
        return
    assert_stopped(answer, "signin.denied", 403)
    assert data(answer)["tx"] == page.tx
    assert rows(two_sites, KnownBrowser) == 0
    assert visitor.get(Page(site="shop", origin=SHOP).start()).headers["Location"].startswith(demo.issuer)


def test_a_question_is_answered_once_by_its_own_browser_in_time(two_sites: Flask, demo: DemoId) -> None:
    visitor, stranger = Visitor(two_sites), Visitor(two_sites)
    url = visitor.get(demo.sign_in(visitor.begin(Page()), "ada")).headers["Location"]
    yes = {"h": query(url)["h"], "choice": "yes"}
    stranger.begin(Page())
    assert_stopped(stranger.get(url), "signin.expired", 403)
    assert_stopped(stranger.post("/auth/consent", yes), "signin.expired", 403)
    assert_stopped(stranger.post("/auth/consent", {**yes, "choice": "other"}), "signin.expired", 403)
    assert_stopped(visitor.get(f"/auth/callback/oidc?code=x&state={yes['h']}"), "signin.expired", 403)
    with clock.freeze(clock.now() + timedelta(minutes=10)):
        assert_stopped(visitor.post("/auth/consent", yes), "signin.expired", 403)
    assert visitor.post("/auth/consent", yes).status_code == 200
    assert_stopped(visitor.post("/auth/consent", yes), "signin.expired", 403)


def test_a_known_browser_is_known_for_thirty_days(two_sites: Flask, visitor: Visitor, demo: DemoId) -> None:
    asked = visitor.get(visitor.get(demo.sign_in(visitor.begin(Page()), "ada")).headers["Location"])
    visitor.post("/auth/consent", {"h": handle(asked), "choice": "yes"})
    with clock.freeze(clock.now() + timedelta(days=30)):
        to = visitor.get(Page(site="shop", origin=SHOP).start()).headers["Location"]
    assert urlsplit(to).netloc == urlsplit(demo.issuer).netloc


def test_whoever_runs_the_site_is_told_so(app: Flask, visitor: Visitor, demo: DemoId) -> None:
    page = Page()
    first = visitor.redeem(page, arrive(visitor, demo, page)["code"])
    assert "role" not in first.json
    with app.app_context():
        user_id = db.session.scalars(select(User.id)).one()
        blog = sites.by_key("blog")
        transaction.write(lambda session: roles.give(session, blog, user_id, "moderator"))
    again = Page()
    assert visitor.redeem(again, arrive(visitor, demo, again)["code"]).json["role"] == "moderator"
