"""Signing in with an atproto account: who may speak for whom."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from flask import Flask, Response, json, jsonify
from sqlalchemy import select

from tests.support.arrivals import arrive, identities, stopped
from tests.support.atproto import CLIENT_ID, DID, Network, Server, build, serve, well_known
from tests.support.stores import SQLite
from tests.support.street import Street
from tests.support.visitor import SERVER, Page, Visitor, local, query
from tests.visited.conftest import open_house, settings
from widget.extensions import db
from widget.models import Login
from widget.providers import dpop
from widget.providers.rows.bluesky import BlueskyClient

MALLORY = "did:plc:mmmmmmmmmmmmmmmmmmmmmmmm"


def begin(visitor: Visitor, page: Page, at: str = "ann.test") -> str:
    return visitor.begin(page, provider="bluesky", at=at)


def refused(visitor: Visitor, at: str = "ann.test", code: str = "signin.provider_failed") -> None:
    stopped(visitor.get(Page().start(provider="bluesky", at=at)), code)


def reader(app: Flask) -> Any:
    """How servers read our documents."""

    def fetch(url: str) -> dict[str, Any]:
        answer = app.test_client().get(local(url), base_url=SERVER)
        assert answer.status_code == 200
        assert answer.mimetype == "application/json"
        return answer.get_json()

    return fetch


def people(street: Street, app: Flask) -> tuple[Network, Server]:
    """Ann, whose handle is ann.test; her data is at pds.test and auth.test speaks for her."""
    net = build(street)
    net.join(DID, "ann.test")
    net.point("ann.test", DID)
    net.host("pds.test", "https://auth.test")
    return net, serve(street, "auth.test", reader(app))


@pytest.fixture
def net(street: Street, house: Flask) -> Network:
    made, server = people(street, house)
    made.server = server
    return made


@pytest.fixture
def auth(net: Network) -> Server:
    assert net.server
    return net.server


def test_a_whole_sign_in(app: Flask, street: Street) -> None:
    _, auth = people(street, app)
    visitor, page = Visitor(app), Page()
    url = begin(visitor, page)
    assert url.startswith("https://auth.test/oauth/authorize?")
    assert query(url)["client_id"] == CLIENT_ID
    user = arrive(visitor, auth.approve(url), page)
    assert (user["name"], user["provider"]) == ("Ann", "bluesky")
    assert user["url"] == f"https://bsky.app/profile/{DID}"
    [identity] = identities(app)
    assert (identity.issuer, identity.subject, identity.username) == ("atproto", DID, "ann.test")
    assert auth.violations == []


def test_the_dance_of_the_nonce_is_two_steps_at_first_and_then_one(
    auth: Server, street: Street, visitor: Visitor
) -> None:
    page = Page()
    arrive(visitor, auth.approve(begin(visitor, page)), page)
    assert street.asked("auth.test") == [
        "GET /.well-known/oauth-authorization-server",
        "POST /oauth/par",
        "POST /oauth/par",
        "POST /oauth/token",
    ]


def test_a_nonce_that_grew_old_meanwhile(auth: Server, street: Street, visitor: Visitor) -> None:
    page = Page()
    back = auth.approve(begin(visitor, page))
    auth.nonce = "a new one"
    arrive(visitor, back, page)
    assert street.asked("auth.test").count("POST /oauth/token") == 2
    assert auth.violations == []


def test_a_server_that_is_never_content_is_asked_twice_and_no_more(
    auth: Server, street: Street, visitor: Visitor
) -> None:
    auth.never_content = True
    refused(visitor)
    assert street.asked("auth.test").count("POST /oauth/par") == 2


def test_control_without_the_dance_nobody_gets_in(
    auth: Server, visitor: Visitor, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(dpop.Prover, "post", dpop.Prover._post)
    refused(visitor)


def test_every_sign_in_has_a_key_of_its_own(auth: Server, house: Flask, visitor: Visitor) -> None:
    begin(visitor, Page())
    begin(Visitor(house), Page())
    assert len(set(auth.keys.values())) == 2


def test_no_key_lies_in_the_database_in_clear(auth: Server, house: Flask, visitor: Visitor) -> None:
    begin(visitor, Page())
    with house.app_context():
        kept = db.session.scalars(select(Login.data)).one()["kept"]
    assert kept["did"] == DID
    assert '"d"' not in json.dumps(kept)
    key = BlueskyClient.unseal(house.extensions["widget.signin"].visited["bluesky"], kept["key"])
    assert '"d"' in key["key"]


# -- handles


@pytest.mark.parametrize("at", ["ann.test", "@ann.test", " Ann.TEST ", "at://ann.test", "\u2068ann.test\u200e", DID])
def test_what_visitors_type(auth: Server, visitor: Visitor, at: str) -> None:
    assert begin(visitor, Page(), at).startswith("https://auth.test/")


@pytest.mark.parametrize(
    "at",
    [
        "ann",
        "ann@one.test",
        "https://ann.test",
        "ann.test/",
        "ann..test",
        "-ann.test",
        "ann.test:443",
        "127.0.0.1",
        "ann.1",
        "änn.test",
        "did:key:zQ3shokFTS3brHcDQrn82RUDfCZESWL1ZdCEJwekUDPQiYBme",
        "did:plc:short",
        "did:plc:EWVI7NXZYOUN6ZHXRHS64O1Z",
        "did:web:localhost",
        "did:web:127.0.0.1",
        "did:web:127.0.0.1%3A8080",
        "did:web:one.test:users:ann",
        "did:web:one.test%2Fx",
        "did:",
        "x" * 254 + ".test",
    ],
)
def test_what_is_no_handle(auth: Server, street: Street, visitor: Visitor, at: str) -> None:
    refused(visitor, at, "signin.bad_address")
    assert [call for call in street.calls if call[0] != "plc.test"] == []


def test_a_handle_by_its_own_web_server(auth: Server, net: Network, street: Street, visitor: Visitor) -> None:
    street.texts.clear()
    well_known(street, "ann.test", f"{DID}\n")
    page = Page()
    arrive(visitor, auth.approve(begin(visitor, page)), page)


def test_the_name_service_goes_before_the_web_server(
    auth: Server, net: Network, street: Street, visitor: Visitor
) -> None:
    well_known(street, "ann.test", MALLORY)
    begin(visitor, Page())
    assert street.asked("ann.test") == []


@pytest.mark.parametrize(("said", "status"), [(DID, 404), (DID, 500), ("", 200), ("<html>", 200), ("did:x", 200)])
def test_a_web_server_that_knows_no_did(auth: Server, street: Street, visitor: Visitor, said: str, status: int) -> None:
    street.texts.clear()
    well_known(street, "ann.test", said, status)
    refused(visitor, code="signin.bad_address")


def test_a_handle_that_nobody_has(auth: Server, visitor: Visitor) -> None:
    refused(visitor, "bob.test", "signin.bad_address")


def test_a_handle_of_two(auth: Server, net: Network, visitor: Visitor) -> None:
    net.join(MALLORY, "ann.test")
    net.point("ann.test", DID, MALLORY)
    refused(visitor, code="signin.bad_address")


@pytest.mark.parametrize("names", [[], ["at://other.test"], ["https://ann.test"], ["ann.test"], None, "at://ann.test"])
def test_a_handle_that_does_not_point_back(auth: Server, net: Network, visitor: Visitor, names: object) -> None:
    """Anybody can let their own name point to Ann's DID."""
    net.documents[DID]["alsoKnownAs"] = names
    refused(visitor, code="signin.bad_address")


def test_control_a_did_needs_no_way_back(auth: Server, net: Network, visitor: Visitor) -> None:
    net.documents[DID]["alsoKnownAs"] = []
    page = Page()
    arrive(visitor, auth.approve(begin(visitor, page, DID)), page)


def test_a_did_of_the_web(net: Network, auth: Server, street: Street, house: Flask) -> None:
    did = "did:web:people.test"
    net.join(did, "ann.test")
    net.point("ann.test", did)
    app = Flask("people")
    app.add_url_rule("/.well-known/did.json", view_func=lambda: jsonify(net.documents[did]))
    street.houses["people.test"] = app
    auth.sub = did
    visitor, page = Visitor(house), Page()
    arrive(visitor, auth.approve(begin(visitor, page)), page)
    assert identities(house)[0].subject == did


def test_a_did_that_nobody_has(auth: Server, net: Network, visitor: Visitor) -> None:
    net.documents.clear()
    refused(visitor, code="signin.bad_address")


# -- from the DID to its server


@pytest.mark.parametrize(
    "change", [{"id": MALLORY}, {"id": None}, {"service": []}, {"service": None}, {"service": "x"}]
)
def test_documents_that_cannot_be(auth: Server, net: Network, visitor: Visitor, change: dict[str, Any]) -> None:
    net.documents[DID] |= change
    refused(visitor)


@pytest.mark.parametrize(
    "endpoint",
    [
        "http://pds.test",
        "https://pds.test/path",
        "https://pds.test?x",
        "https://user@pds.test",
        "https://127.0.0.1",
        "https://169.254.169.254",
        "https://[::1]",
        "https://pds.test:8443",
        "file:///etc/passwd",
        "",
        None,
        5,
    ],
)
def test_data_servers_that_cannot_be(
    auth: Server, net: Network, street: Street, visitor: Visitor, endpoint: object
) -> None:
    net.documents[DID]["service"][1]["serviceEndpoint"] = endpoint
    refused(visitor)
    assert street.asked("pds.test") == []


@pytest.mark.parametrize(
    "change",
    [
        {"resource": "https://pds.evil.test"},
        {"resource": None},
        {"authorization_servers": []},
        {"authorization_servers": None},
        {"authorization_servers": ["http://auth.test"]},
        {"authorization_servers": ["https://auth.test/"]},
        {"authorization_servers": ["https://auth.test/path"]},
        {"authorization_servers": ["https://127.0.0.1"]},
        {"authorization_servers": [5]},
    ],
)
def test_data_servers_that_name_no_authorization_server(
    auth: Server, net: Network, street: Street, visitor: Visitor, change: dict[str, Any]
) -> None:
    net.servers["pds.test"] |= change
    refused(visitor)
    assert street.asked("auth.test") == []


@pytest.mark.parametrize(
    "metadata",
    [
        {"issuer": "https://auth.evil.test"},
        {"issuer": "https://auth.test/"},
        {"issuer": None},
        {"pushed_authorization_request_endpoint": None},
        {"pushed_authorization_request_endpoint": "http://auth.test/oauth/par"},
        {"pushed_authorization_request_endpoint": "https://127.0.0.1/oauth/par"},
        {"authorization_endpoint": "javascript:alert(1)"},
        {"token_endpoint": "http://169.254.169.254/"},
        {"scopes_supported": ["openid"]},
        {"scopes_supported": "atproto"},
        {"code_challenge_methods_supported": ["plain"]},
        {"dpop_signing_alg_values_supported": ["RS256"]},
        {"authorization_response_iss_parameter_supported": False},
    ],
)
def test_authorization_servers_that_do_not_fit(
    auth: Server, street: Street, visitor: Visitor, metadata: dict[str, Any]
) -> None:
    auth.metadata = metadata
    refused(visitor)
    assert "POST /oauth/par" not in street.asked("auth.test")


# -- who may speak for whom


def test_a_server_that_speaks_for_somebody_else(auth: Server, house: Flask, visitor: Visitor) -> None:
    """Mallory has a server of her own. It may say what it likes, but it never is asked about Ann."""
    auth.sub = MALLORY
    stopped(visitor.get(auth.approve(begin(visitor, Page()))), "signin.provider_failed")
    assert identities(house) == []


@pytest.fixture
def evil(net: Network, street: Street, house: Flask) -> Server:
    """mallory.test, a real account at pds.evil.test, whose server auth.evil.test says that everybody is Ann."""
    net.join(MALLORY, "mallory.test", "pds.evil.test")
    net.point("mallory.test", MALLORY)
    net.host("pds.evil.test", "https://auth.evil.test")
    server = serve(street, "auth.evil.test", reader(house))
    server.sub = DID
    return server


def test_a_hostile_server_cannot_make_its_people_into_others(evil: Server, house: Flask, visitor: Visitor) -> None:
    stopped(visitor.get(evil.approve(begin(visitor, Page(), "mallory.test"))), "signin.provider_failed")
    assert identities(house) == []
    assert evil.violations == []


def test_control_without_the_comparison_mallory_would_be_ann(
    evil: Server, house: Flask, visitor: Visitor, monkeypatch: pytest.MonkeyPatch
) -> None:
    back = evil.approve(begin(visitor, Page(), "mallory.test"))

    def trusting(self: BlueskyClient, answer: Any, redirect_uri: str, verifier: str, data: Any) -> Any:
        return real(self, answer, redirect_uri, verifier, {**data, "did": DID})

    real = BlueskyClient.arrive
    monkeypatch.setattr(BlueskyClient, "arrive", trusting)
    assert visitor.get(back).status_code == 200
    assert identities(house)[0].subject == DID


@pytest.mark.parametrize(
    "iss", [None, "", "https://auth.evil.test", "https://auth.test/", "http://auth.test", "auth.test"]
)
def test_an_answer_must_say_whose_it_is(auth: Server, street: Street, visitor: Visitor, iss: str | None) -> None:
    stopped(visitor.get(auth.approve(begin(visitor, Page()), iss=iss)), "signin.bad_request")
    assert "POST /oauth/token" not in street.asked("auth.test")


def test_control_without_the_comparison_a_code_goes_to_whoever_was_asked_last(
    auth: Server, evil: Server, street: Street, visitor: Visitor, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Mix-up: Ann's answer, brought to the sign-in that Mallory's server began."""
    stolen = query(auth.approve(begin(visitor, Page())))["code"]
    mixed = evil.approve(begin(visitor, Page(), "mallory.test"), code=stolen, iss="https://auth.test")
    stopped(visitor.get(mixed), "signin.bad_request")
    assert "POST /oauth/token" not in street.asked("auth.evil.test")

    mixed = evil.approve(begin(visitor, Page(), "mallory.test"), code=stolen, iss="https://auth.test")
    real = BlueskyClient.arrive
    monkeypatch.setattr(
        BlueskyClient,
        "arrive",
        lambda self, answer, *rest: real(self, {**answer, "iss": "https://auth.evil.test"}, *rest),
    )
    stopped(visitor.get(mixed), "signin.provider_failed")
    assert "POST /oauth/token" in street.asked("auth.evil.test")  # that is how it would have had the code


@pytest.mark.parametrize(
    "token",
    [
        {"scope": "openid"},
        {"scope": None},
        {"scope": "atprotox"},
        {"token_type": "Bearer"},
        {"token_type": None},
        {"sub": None},
        {"sub": ""},
        {"sub": [DID]},
        {"sub": DID.upper()},
        {"sub": f"{DID} "},
    ],
)
def test_tokens_that_are_not_of_this_sign_in(auth: Server, visitor: Visitor, token: dict[str, Any]) -> None:
    auth.token = token
    stopped(visitor.get(auth.approve(begin(visitor, Page()))), "signin.provider_failed")


def test_a_code_of_another_sign_in(auth: Server, house: Flask, visitor: Visitor) -> None:
    stolen = query(auth.approve(begin(Visitor(house), Page())))["code"]
    stopped(visitor.get(auth.approve(begin(visitor, Page()), code=stolen)), "signin.provider_failed")


# -- profiles


def test_somebody_without_a_profile_is_somebody(auth: Server, net: Network, house: Flask, visitor: Visitor) -> None:
    net.profiles.clear()
    page = Page()
    assert arrive(visitor, auth.approve(begin(visitor, page)), page)["name"] == "ann.test"
    assert identities(house)[0].subject == DID


def test_an_appview_that_is_down_or_odd_stops_nobody(
    auth: Server, net: Network, street: Street, house: Flask, visitor: Visitor
) -> None:
    for answer in (
        Response("", 503),
        Response("[]", mimetype="application/json"),
        Response(json.dumps({"did": MALLORY, "displayName": "Mallory"}), mimetype="application/json"),
    ):
        broken = Flask("appview")
        broken.before_request(lambda answer=answer: answer)
        street.houses["appview.test"] = broken
        page = Page()
        assert arrive(visitor, auth.approve(begin(visitor, page)), page)["name"] == "ann.test"
    assert [one.subject for one in identities(house)] == [DID]


def test_a_renamed_account_is_the_same_person_and_a_recycled_handle_another(
    auth: Server, net: Network, house: Flask, visitor: Visitor
) -> None:
    page = Page()
    first = arrive(visitor, auth.approve(begin(visitor, page)), page)
    net.join(DID, "bob.test")
    net.point("bob.test", DID)
    page = Page()
    assert arrive(visitor, auth.approve(begin(visitor, page, "bob.test")), page)["id"] == first["id"]
    net.join(MALLORY, "ann.test")
    net.point("ann.test", MALLORY)
    auth.sub = MALLORY
    page = Page()
    assert arrive(visitor, auth.approve(begin(visitor, page)), page)["id"] != first["id"]


# -- who we are


def test_the_metadata_is_what_servers_must_find(house: Flask) -> None:
    fetch = reader(house)
    metadata = fetch(CLIENT_ID)
    assert metadata == {
        "client_id": CLIENT_ID,
        "client_name": "Comments on comments.test",
        "client_uri": SERVER,
        "application_type": "web",
        "grant_types": ["authorization_code"],
        "response_types": ["code"],
        "redirect_uris": [f"{SERVER}/auth/callback/bluesky"],
        "scope": "atproto",
        "token_endpoint_auth_method": "private_key_jwt",
        "token_endpoint_auth_signing_alg": "ES256",
        "dpop_bound_access_tokens": True,
        "jwks_uri": f"{SERVER}/auth/bluesky/jwks.json",
    }
    [key] = fetch(metadata["jwks_uri"])["keys"]
    assert key.keys() == {"kty", "crv", "x", "y", "kid", "use", "alg"}
    assert fetch(metadata["jwks_uri"])["keys"] == [key]  # always the same


def test_the_key_is_the_secrets_and_no_other(house: Flask) -> None:
    first, again, other = (dpop.client_key(secret) for secret in ("t" * 40, "t" * 40, "u" * 40))
    assert first.kid == again.kid != other.kid
    assert reader(house)(f"{SERVER}/auth/bluesky/jwks.json")["keys"][0]["kid"] == first.kid


@pytest.fixture
def workshop(street: Street, sqlite_store: SQLite, tmp_path: Path) -> Iterator[Flask]:
    """Our application on a developer's own machine, where no server can read anything."""
    with sqlite_store.fresh(tmp_path) as url:
        yield from open_house({**settings(street, url), "PUBLIC_URL": "http://127.0.0.1:8080"})


def test_on_a_developers_own_machine(street: Street, workshop: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    _, auth = people(street, workshop)
    pushed: list[dict[str, str]] = []
    monkeypatch.setattr(auth, "push", lambda form, _: pushed.append(form) or {"request_uri": "urn:x"})
    monkeypatch.setattr(auth, "authenticate", lambda _: None)
    answer = workshop.test_client().get(Page().start(provider="bluesky", at="ann.test"))
    assert answer.status_code == 303
    assert pushed[0]["client_id"] == (
        "http://localhost?redirect_uri=http%3A%2F%2F127.0.0.1%3A8080%2Fauth%2Fcallback%2Fbluesky&scope=atproto"
    )
    assert "client_assertion" not in pushed[0]
