"""Signing in with a Mastodon instance that the visitor names."""

from datetime import timedelta

import pytest
from flask import Flask, Response, json
from sqlalchemy import select

from tests.support.arrivals import arrive, identities, stopped
from tests.support.fediverse import Instance, settle
from tests.support.street import Street
from tests.support.visitor import SERVER, Page, Visitor, query
from widget.core import clock
from widget.extensions import db
from widget.models import AppRegistration, Login
from widget.providers.rows import mastodon
from widget.services import housekeeping, reception
from widget.services.apps import Registrations


def begin(visitor: Visitor, page: Page, at: str = "one.test") -> str:
    return visitor.begin(page, provider="mastodon", at=at)


def refused(visitor: Visitor, at: str, code: str = "signin.bad_address") -> None:
    stopped(visitor.get(Page().start(provider="mastodon", at=at)), code)


def registrations(app: Flask) -> list[AppRegistration]:
    with app.app_context():
        found = list(db.session.scalars(select(AppRegistration).order_by(AppRegistration.host)))
        db.session.expunge_all()
        return found


def answers(body: object, status: int = 200) -> Response:
    return Response(json.dumps(body), status, mimetype="application/json")


@pytest.fixture
def one(street: Street, house: Flask) -> Instance:
    return settle(street, "one.test")


@pytest.mark.parametrize("modern", [True, False])
def test_a_whole_sign_in(app: Flask, street: Street, modern: bool) -> None:  # noqa: FBT001
    here, visitor, page = settle(street, "one.test", modern=modern), Visitor(app), Page()
    user = arrive(visitor, here.approve(begin(visitor, page)), page)
    assert (user["name"], user["provider"], user["url"]) == ("Ada", "mastodon", "https://one.test/@ada")
    [identity] = identities(app)
    assert (identity.issuer, identity.subject) == ("https://one.test", "14715")
    assert (identity.username, identity.email) == ("@ada@one.test", None)
    assert here.violations == []
    assert here.live == set()  # the token is revoked


@pytest.mark.parametrize(
    "at",
    [
        "one.test",
        " ONE.test ",
        "@ada@one.test",
        "ada@one.test",
        "https://one.test",
        "http://one.test/",
        "https://one.test/@ada",
        "one.test/@ada",
        "https://one.test/@ada/1234?x#y",
        "\u2068@ada@one.test\u2069",
        "acct:ada@one.test",
    ],
)
def test_what_visitors_type(one: Instance, visitor: Visitor, at: str) -> None:
    assert begin(visitor, Page(), at).startswith("https://one.test/oauth/authorize?")


@pytest.mark.parametrize(
    "at",
    [
        "x",
        "@",
        "@ada",
        "localhost",
        "one.test.",
        "one.test:8443",
        "https://one.test:8443/@ada",
        "127.0.0.1",
        "https://127.0.0.1/",
        "2130706433",
        "0x7f.1",
        "[::1]",
        "https://[::1]/",
        "169.254.169.254",
        "https://user@one.test/",
        "https://user:pw@one.test/",
        "ftp://one.test/",
        "javascript:alert(1)",
        "https://one.test\\@evil.test/",
        "one test",
        "<script>",
        "' OR 1=1",
        "..",
        "a" * 300,
    ],
)
def test_what_leads_nowhere(one: Instance, street: Street, visitor: Visitor, at: str) -> None:
    refused(visitor, at)
    assert street.calls == []


@pytest.mark.parametrize("at", ["", " ", "\u200b", "\x00", "a" * 301])
def test_nothing_typed_is_said_before_there_is_anybody_to_tell(one: Instance, visitor: Visitor, at: str) -> None:
    answer = visitor.get(Page().start(provider="mastodon", at=at))
    assert answer.status_code == 400
    assert "Nobody can sign in there" in answer.text


def test_a_host_that_is_not_there(visitor: Visitor) -> None:
    refused(visitor, "nobody-has-this-name.invalid")


def test_a_host_that_is_no_instance(street: Street, visitor: Visitor) -> None:
    street.houses["one.test"] = Flask("a blog")
    refused(visitor, "one.test")


# -- registrations


def test_an_instance_is_asked_once_for_everybody(one: Instance, street: Street, house: Flask) -> None:
    for _ in range(3):
        visitor, page = Visitor(house), Page()
        arrive(visitor, one.approve(begin(visitor, page)), page)
    assert street.asked("one.test").count("POST /api/v1/apps") == 1
    [row] = registrations(house)
    assert row.host == "one.test"
    assert row.client_id in one.apps


def test_no_secret_lies_in_the_database_in_clear(one: Instance, house: Flask, visitor: Visitor) -> None:
    begin(visitor, Page())
    [secret] = [app["client_secret"] for app in one.apps.values()]
    [row] = registrations(house)
    assert secret not in row.client_secret
    with house.app_context():
        kept = json.dumps(db.session.scalars(select(Login.data)).one())
    assert secret not in kept
    assert row.client_id in kept or "app" in kept


def test_two_instances_are_two_registrations_and_equal_ids_are_two_people(
    one: Instance, street: Street, house: Flask
) -> None:
    two = settle(street, "two.test")
    people = []
    for here in (one, two):
        visitor, page = Visitor(house), Page()
        people.append(arrive(visitor, here.approve(begin(visitor, page, here.host)), page)["id"])
    assert len(set(people)) == 2
    assert [(one.issuer, one.subject) for one in identities(house)] == [
        ("https://one.test", "14715"),
        ("https://two.test", "14715"),
    ]
    assert [row.host for row in registrations(house)] == ["one.test", "two.test"]


def test_a_purged_app_is_noticed_before_the_visitor_leaves(one: Instance, house: Flask, visitor: Visitor) -> None:
    begin(visitor, Page())
    one.purge()
    with clock.freeze(clock.now() + mastodon.PROVEN_FOR):
        page = Page()
        url = begin(visitor, page)
        assert one.knows(url)
        arrive(visitor, one.approve(url), page)
    assert len(one.apps) == len(registrations(house)) == 1
    assert one.violations == []


def test_control_without_the_question_the_visitor_would_end_at_a_page_of_the_instance(
    one: Instance, visitor: Visitor, monkeypatch: pytest.MonkeyPatch
) -> None:
    begin(visitor, Page())
    one.purge()
    monkeypatch.setattr(mastodon, "PROVEN_FOR", timedelta(days=9999))
    assert not one.knows(begin(visitor, Page()))


def test_an_app_that_is_known_still_is_kept(one: Instance, street: Street, house: Flask, visitor: Visitor) -> None:
    begin(visitor, Page())
    later = clock.now() + mastodon.PROVEN_FOR
    with clock.freeze(later):
        begin(visitor, Page())
        begin(visitor, Page())
    assert street.asked("one.test").count("POST /api/v1/apps") == 1
    assert street.asked("one.test").count("POST /oauth/token") == 1
    [row] = registrations(house)
    assert row.proven_at == later


def test_an_app_that_is_purged_meanwhile_is_registered_anew_and_the_browser_sent_there_once_more(
    one: Instance, house: Flask, visitor: Visitor
) -> None:
    page = Page()
    back = one.approve(begin(visitor, page))
    one.purge()
    again = visitor.get(back)
    assert again.status_code == 303
    assert again.headers["Location"].startswith("https://one.test/oauth/authorize?")
    assert one.knows(again.headers["Location"])
    arrive(visitor, one.approve(again.headers["Location"]), page)
    assert len(registrations(house)) == 1


def test_but_only_once(one: Instance, visitor: Visitor) -> None:
    back = one.approve(begin(visitor, Page()))
    one.forgets = 2
    again = visitor.get(back).headers["Location"]
    stopped(visitor.get(one.approve(again)), "signin.provider_failed")


def test_two_who_name_a_new_instance_at_the_same_moment_share_one_registration(
    app: Flask, street: Street, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The second finds nothing, registers, and meets the row of the first when it wants to keep its own."""
    one, first, second, page = settle(street, "one.test"), Visitor(app), Visitor(app), Page()
    begin(first, Page())
    real, blind = Registrations.find, [True]

    def find(self: Registrations, host: str) -> object:
        return None if blind and blind.pop() else real(self, host)

    monkeypatch.setattr(Registrations, "find", find)
    url = begin(second, page)
    assert len(one.apps) == 2
    [row] = registrations(app)
    assert query(url)["client_id"] == row.client_id
    arrive(second, one.approve(url), page)


def test_a_new_address_of_ours_is_a_new_registration(one: Instance, house: Flask, visitor: Visitor) -> None:
    begin(visitor, Page())
    house.config["PUBLIC_URL"] = "https://moved.test"
    reception.init_app(house)
    url = visitor.http.get(Page().start(provider="mastodon", at="one.test")).headers["Location"]
    assert query(url)["redirect_uri"] == "https://moved.test/auth/callback/mastodon"
    [row] = registrations(house)
    assert row.client_id == query(url)["client_id"]


def test_a_new_secret_key_is_a_new_registration(one: Instance, house: Flask, visitor: Visitor) -> None:
    page = Page()
    back = one.approve(begin(visitor, page))
    house.config["SECRET_KEY"] = "n" * 40
    reception.init_app(house)
    stopped(visitor.get(back), "signin.provider_failed")  # what was sealed for it cannot be opened
    arrive(visitor, one.approve(begin(visitor, page := Page())), page)
    assert len(registrations(house)) == 1


def test_registrations_that_serve_nobody_are_swept(one: Instance, street: Street, house: Flask) -> None:
    settle(street, "two.test")
    visitor, page = Visitor(house), Page()
    arrive(visitor, one.approve(begin(visitor, page)), page)
    begin(visitor, Page(), "two.test")
    with house.app_context(), clock.freeze(clock.now() + timedelta(days=2)):
        housekeeping.sweep()
    assert [row.host for row in registrations(house)] == ["one.test"]
    with house.app_context(), clock.freeze(clock.now() + timedelta(days=200)):
        housekeeping.sweep()
    assert registrations(house) == []


# -- hostile instances


@pytest.mark.parametrize(
    "page", ["https://two.test/@ada", "https://one.test.evil.test/@ada", "https://evil.test", 5, ""]
)
def test_an_account_that_is_said_to_be_of_another_host(one: Instance, visitor: Visitor, page: object) -> None:
    one.account["url"] = page
    stopped(visitor.get(one.approve(begin(visitor, Page()))), "signin.provider_failed")
    assert one.live == set()


def test_control_without_the_rule_the_link_would_lead_to_the_other_host(
    one: Instance, house: Flask, visitor: Visitor, monkeypatch: pytest.MonkeyPatch
) -> None:
    one.account["url"] = "https://two.test/@ada"
    back = one.approve(begin(visitor, Page()))
    monkeypatch.setattr(mastodon, "origin_of", lambda _url: "https://one.test")
    assert visitor.get(back).status_code == 200
    [identity] = identities(house)
    assert identity.issuer == "https://one.test"  # even then it is nobody else
    assert identity.profile_url == "https://two.test/@ada"


def test_an_account_without_a_page(one: Instance, house: Flask, visitor: Visitor) -> None:
    one.account["url"] = None
    page = Page()
    assert "url" not in arrive(visitor, one.approve(begin(visitor, page)), page)


@pytest.mark.parametrize(
    "metadata",
    [
        {"issuer": "https://two.test/"},
        {"issuer": None},
        {"token_endpoint": "https://evil.test/oauth/token"},
        {"token_endpoint": "http://one.test/oauth/token"},
        {"token_endpoint": "https://one.test:8443/oauth/token"},
        {"token_endpoint": "https://169.254.169.254/latest/meta-data"},
        {"authorization_endpoint": "https://evil.test/oauth/authorize"},
        {"authorization_endpoint": "javascript:alert(1)"},
        {"revocation_endpoint": "https://evil.test/"},
        {"app_registration_endpoint": "https://evil.test/"},
        {"app_registration_endpoint": ["https://one.test/"]},
    ],
)
def test_metadata_that_leads_elsewhere(one: Instance, street: Street, visitor: Visitor, metadata: object) -> None:
    one.metadata = metadata
    refused(visitor, "one.test", "signin.provider_failed")
    assert street.asked("one.test") == ["GET /.well-known/oauth-authorization-server"]
    assert street.asked("evil.test") == street.asked("two.test") == []


def test_a_redirect_is_not_followed(one: Instance, street: Street, visitor: Visitor) -> None:
    settle(street, "two.test")
    one.instead["/.well-known/oauth-authorization-server"] = Response("", 301, {"Location": "https://two.test/"})
    refused(visitor, "one.test")
    assert street.asked("two.test") == []


@pytest.mark.parametrize(
    "path",
    ["/.well-known/oauth-authorization-server", "/api/v1/apps", "/oauth/token", "/api/v1/accounts/verify_credentials"],
)
@pytest.mark.parametrize(
    "answer",
    [
        Response("<!doctype html><title>502</title>", 502),
        Response("", 200),
        answers([]),
        answers("text"),
        answers({}),
        answers({"client_id": 5, "access_token": [], "id": None, "issuer": {}}),
        answers(dict.fromkeys(("client_id", "client_secret", "access_token", "id", "issuer"), "x" * 5000)),
        Response("{" * 100_000, 200, mimetype="application/json"),
        Response("{}" + " " * 2_000_000, 200, mimetype="application/json"),
    ],
    ids=["502", "empty", "list", "text", "object", "types", "long", "deep", "huge"],
)
def test_strange_answers(one: Instance, visitor: Visitor, path: str, answer: Response) -> None:
    one.instead[path] = answer
    first = visitor.get(Page().start(provider="mastodon", at="one.test"))
    if first.status_code != 303:
        assert first.status_code in {400, 502}
        return
    one.instead.pop("/.well-known/oauth-authorization-server", None)
    second = visitor.get(one.approve(first.headers["Location"]))
    if path != "/.well-known/oauth-authorization-server":
        stopped(second, "signin.provider_failed")


def test_another_issuers_answer_is_refused_before_the_code_is_shown_to_anybody(
    one: Instance, street: Street, visitor: Visitor
) -> None:
    back = one.approve(begin(visitor, Page()), iss="https://evil.test/")
    stopped(visitor.get(back), "signin.bad_request")
    assert "POST /oauth/token" not in street.asked("one.test")


def test_the_right_issuer_is_taken(one: Instance, visitor: Visitor) -> None:
    page = Page()
    arrive(visitor, one.approve(begin(visitor, page), iss="https://one.test/"), page)


def test_a_promised_issuer_must_come(one: Instance, visitor: Visitor) -> None:
    one.metadata = {"authorization_response_iss_parameter_supported": True}
    stopped(visitor.get(one.approve(begin(visitor, Page()))), "signin.bad_request")
    page = Page()
    arrive(visitor, one.approve(begin(visitor, page), iss="https://one.test/"), page)


def test_a_code_of_one_instance_is_never_shown_to_another(one: Instance, street: Street, visitor: Visitor) -> None:
    """Mix-up: the answer of a sign-in belongs to the instance that its state began at."""
    evil = settle(street, "evil.test")
    first, second = begin(visitor, Page()), begin(visitor, Page(), "evil.test")
    stolen = query(one.approve(first))["code"]
    back = evil.approve(second)
    mixed = back.replace(query(back)["code"], stolen)
    stopped(visitor.get(mixed), "signin.provider_failed")
    assert street.asked("one.test").count("POST /oauth/token") == 0
    assert one.live == evil.live == set()


def test_a_code_of_another_sign_in(one: Instance, house: Flask, visitor: Visitor) -> None:
    stolen = query(one.approve(begin(Visitor(house), Page())))["code"]
    mine = one.approve(begin(visitor, Page()))
    stopped(visitor.get(mine.replace(query(mine)["code"], stolen)), "signin.provider_failed")


def test_saying_no(one: Instance, visitor: Visitor) -> None:
    stopped(visitor.get(one.deny(begin(visitor, Page()))), "signin.denied")


def test_a_revocation_that_fails_harms_nobody(one: Instance, visitor: Visitor) -> None:
    one.instead["/oauth/revoke"] = Response("", 500)
    page = Page()
    arrive(visitor, one.approve(begin(visitor, page)), page)


def test_the_answer_comes_to_the_configured_address(one: Instance, visitor: Visitor) -> None:
    answer = visitor.http.get(
        Page().start(provider="mastodon", at="one.test"), base_url="https://evil.test", headers={"Host": "evil.test"}
    )
    assert query(answer.headers["Location"])["redirect_uri"] == f"{SERVER}/auth/callback/mastodon"
