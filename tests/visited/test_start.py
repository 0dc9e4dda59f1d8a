"""What sign-ins at named servers share: the parameter, the settings, the documents, and the guard before the net."""

import socket
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from flask import Flask

from tests.support import atproto, fediverse, indieauth
from tests.support.api import put_site
from tests.support.arrivals import arrive, stopped
from tests.support.stores import SQLite
from tests.support.street import Street
from tests.support.visitor import Page, Visitor, data, handle, query
from tests.visited.conftest import open_house, settings
from widget import create_app, net, providers
from widget.core.errors import Problem
from widget.extensions import db
from widget.models import Login
from widget.services import transaction

ASKING = {"mastodon": "instance", "bluesky": "handle", "indieauth": "address"}
TYPED = {"mastodon": "inside.example", "bluesky": "inside.example", "indieauth": "https://inside.example/"}
SHOP = "https://shop.test"


# -- settings


def test_they_are_off_unless_switched_on() -> None:
    assert providers.configured({"SECRET_KEY": "t" * 40}) == []


@pytest.mark.parametrize("name", ASKING)
def test_each_has_its_switch(name: str) -> None:
    [row] = providers.configured({f"{name.upper()}_ON": True, "SECRET_KEY": "t" * 40, f"{name.upper()}_NAME": "Ours"})
    assert (row.id, row.name, row.asks) == (name, "Ours", ASKING[name])


@pytest.mark.parametrize("name", ASKING)
def test_without_a_secret_key_nothing_could_be_sealed(name: str) -> None:
    with pytest.raises(Problem, match="WIDGET_SECRET_KEY"):
        providers.configured({f"{name.upper()}_ON": True, "SECRET_KEY": ""})


@pytest.mark.parametrize("url", ["http://plc.example", "plc.example", "ftp://plc.example"])
def test_addresses_of_settings_are_checked(url: str) -> None:
    with pytest.raises(Problem, match="WIDGET_BLUESKY_PLC_URL"):
        providers.configured({"BLUESKY_ON": True, "SECRET_KEY": "t" * 40, "BLUESKY_PLC_URL": url})


def test_a_switch_is_a_switch(street: Street, tmp_path: Path) -> None:
    with pytest.raises(Problem, match="WIDGET_MASTODON_ON"):
        create_app({"DATABASE_URL": f"sqlite:///{tmp_path / 'x.db'}", "MASTODON_ON": "perhaps"})


# -- the parameter


def test_the_page_is_told_what_to_ask(house: Flask) -> None:
    told = house.test_client().get("/api/v1/site?site=blog").get_json()["providers"]
    assert {one["id"]: one.get("asks") for one in told} == ASKING


@pytest.fixture
def with_oidc(street: Street, sqlite_store: SQLite, tmp_path: Path) -> Iterator[Flask]:
    """An ordinary provider is on as well."""
    oidc = {"OIDC_ISSUER": "http://127.0.0.1:1", "OIDC_CLIENT_ID": "x", "OIDC_CLIENT_SECRET": "y"}
    with sqlite_store.fresh(tmp_path) as url:
        yield from open_house({**settings(street, url), **oidc})


def test_an_ordinary_provider_takes_no_address(with_oidc: Flask) -> None:
    told = with_oidc.test_client().get("/api/v1/site?site=blog").get_json()["providers"]
    assert [one["name"] for one in told if "asks" not in one] == ["OpenID"]
    stopped(Visitor(with_oidc).get(Page().start(at="one.test")), "signin.bad_request")


@pytest.mark.parametrize("name", ASKING)
def test_without_an_address_nothing_begins(visitor: Visitor, street: Street, name: str) -> None:
    stopped(visitor.get(Page().start(provider=name)), "signin.bad_address")
    assert street.calls == []


def test_given_twice(visitor: Visitor) -> None:
    answer = visitor.get(Page().start(provider="mastodon", at="one.test") + "&at=two.test")
    assert answer.status_code == 400
    assert data(answer) == {}


def test_the_words_are_in_the_visitors_language(visitor: Visitor) -> None:
    answer = visitor.get(Page().start(provider="mastodon", at="x", lang="it"))
    assert "Nessuno può accedere da lì" in answer.text


# -- consent, and browsers that are known


@pytest.fixture
def two_sites(house: Flask) -> Flask:
    with house.app_context():
        transaction.write(lambda session: put_site(session, "shop", "The Shop", [SHOP]))
    return house


def test_consent_and_another_account_at_the_same_server(two_sites: Flask, street: Street, visitor: Visitor) -> None:
    one = fediverse.settle(street, "one.test")
    page = Page()
    asked = visitor.get(one.approve(visitor.begin(page, provider="mastodon", at="one.test")))
    question = visitor.get(asked.headers["Location"])
    assert "Mastodon" in question.text
    other = visitor.post("/auth/consent", {"h": handle(question), "choice": "other"})
    assert other.headers["Location"].startswith("https://one.test/oauth/authorize?")
    one.account |= {"id": "2", "username": "bob", "display_name": "Bob", "url": "https://one.test/@bob"}
    question = visitor.get(visitor.get(one.approve(other.headers["Location"])).headers["Location"])
    done = visitor.post("/auth/consent", {"h": handle(question), "choice": "yes"})
    assert visitor.redeem(page, data(done)["code"]).get_json()["user"]["name"] == "Bob"


def test_whoever_names_a_server_goes_there_though_the_browser_is_known(
    two_sites: Flask, street: Street, visitor: Visitor
) -> None:
    one, _two = fediverse.settle(street, "one.test"), fediverse.settle(street, "two.test")
    question = visitor.get(
        visitor.get(one.approve(visitor.begin(Page(), provider="mastodon", at="one.test"))).headers["Location"]
    )
    visitor.post("/auth/consent", {"h": handle(question), "choice": "yes"})
    for at in ("two.test", "one.test"):
        url = visitor.begin(Page(site="shop", origin=SHOP), provider="mastodon", at=at)
        assert url.startswith(f"https://{at}/")


# -- what the row of a sign-in keeps


def test_the_row_is_gone_when_it_was_used(app: Flask, street: Street) -> None:
    one, visitor, page = fediverse.settle(street, "one.test"), Visitor(app), Page()
    back = one.approve(visitor.begin(page, provider="mastodon", at="@ada@one.test"))
    with app.app_context():
        [row] = db.session.scalars(db.select(Login)).all()
        assert (row.at, row.data["kept"]["host"]) == ("@ada@one.test", "one.test")
    arrive(visitor, back, page)
    with app.app_context():
        assert db.session.scalars(db.select(Login)).all() == []


def test_a_strangers_browser_and_a_used_answer(house: Flask, street: Street, visitor: Visitor) -> None:
    one = fediverse.settle(street, "one.test")
    back = one.approve(visitor.begin(Page(), provider="mastodon", at="one.test"))
    answer = Visitor(house).get(back)
    assert answer.status_code == 403
    assert "POST /oauth/token" not in street.asked("one.test")
    assert visitor.get(back).status_code == 200
    assert visitor.get(back).status_code == 403
    assert visitor.get(back.replace("/mastodon?", "/indieauth?")).status_code == 403


# -- the documents


@pytest.mark.parametrize(
    "path",
    [
        "/auth/mastodon/client-metadata.json",
        "/auth/bluesky/other.json",
        "/auth/oidc/jwks.json",
        "/auth/nobody/client-metadata.json",
        "/auth/indieauth/jwks.json",
    ],
)
def test_documents_that_there_are_none(house: Flask, path: str) -> None:
    assert house.test_client().get(path).status_code == 404


@pytest.mark.parametrize("path", ["/auth/bluesky/client-metadata.json", "/auth/indieauth/client-metadata.json"])
def test_documents_of_what_is_off(sqlite_store: SQLite, tmp_path: Path, path: str) -> None:
    app = create_app({"DATABASE_URL": f"sqlite:///{tmp_path / 'x.db'}", "SECRET_KEY": "t" * 40})
    assert app.test_client().get(path).status_code == 404


def test_documents_are_read_by_machines_and_kept_for_minutes(house: Flask) -> None:
    client = house.test_client()
    first = client.get("/auth/bluesky/client-metadata.json", headers={"Host": "evil.test"})
    assert b"evil.test" not in first.data
    assert first.headers["Content-Type"] == "application/json"
    assert first.headers["Cache-Control"] == "public, max-age=300"
    assert "Set-Cookie" not in first.headers
    again = client.get("/auth/bluesky/client-metadata.json", headers={"If-None-Match": first.headers["ETag"]})
    assert again.status_code == 304


# -- the guard: no name that a stranger chose leads inside (trust rows J)


class Dialled(list[Any]):
    """Every address that anybody tried to connect to."""


@pytest.fixture
def inside(house: Flask, monkeypatch: pytest.MonkeyPatch) -> Dialled:
    """inside.example is a name of the open internet that points into our own network."""
    dialled = Dialled()

    class Socket(socket.socket):
        def connect(self, address: Any) -> None:
            dialled.append(address)
            raise ConnectionRefusedError

    def resolve(host: str, port: int, **_: object) -> list[Any]:
        found = "10.0.0.7" if host.endswith("inside.example") else "93.184.216.34"
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (found, port))]

    monkeypatch.setattr(net, "getaddrinfo", resolve)
    monkeypatch.setattr(net, "socket", Socket)
    return dialled


@pytest.mark.parametrize("name", ASKING)
def test_a_name_that_points_inside(inside: Dialled, visitor: Visitor, name: str) -> None:
    stopped(visitor.get(Page().start(provider=name, at=TYPED[name])), "signin.bad_address")
    assert inside == []


@pytest.mark.parametrize("name", ASKING)
def test_control_without_the_guard_it_is_dialled(
    inside: Dialled, visitor: Visitor, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(net, "is_public", lambda _address: True)
    visitor.get(Page().start(provider=name, at=TYPED[name]))
    assert inside == [("10.0.0.7", 443)]


def answers_lead_inside(street: Street, where: str) -> tuple[str, str]:
    """A server on the street whose answers name https://inside.example: (provider, what is typed)."""
    if where.startswith("bluesky"):
        network = atproto.build(street)
        network.join(atproto.DID, "ann.test")
        network.point("ann.test", atproto.DID if where != "bluesky did:web" else "did:web:inside.example")
        network.host("pds.test", "https://auth.test")
        auth = atproto.serve(street, "auth.test", lambda _url: {})
        if where == "bluesky pds":
            network.documents[atproto.DID]["service"][1]["serviceEndpoint"] = "https://inside.example"
        elif where == "bluesky issuer":
            network.servers["pds.test"]["authorization_servers"] = ["https://inside.example"]
        else:
            auth.metadata = {"pushed_authorization_request_endpoint": "https://inside.example/par"}
        return "bluesky", "ann.test"
    if where == "indieauth metadata":
        indieauth.page(street, "ann.test", ("indieauth-metadata", "https://inside.example/metadata"))
    else:
        indieauth.moved(street, "ann.test", "https://inside.example/")
    return "indieauth", "ann.test"


@pytest.mark.parametrize(
    "where",
    ["bluesky did:web", "bluesky pds", "bluesky issuer", "bluesky par", "indieauth metadata", "indieauth redirect"],
)
def test_an_answer_that_points_inside(
    house: Flask, street: Street, visitor: Visitor, where: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    dialled, real = Dialled(), net.getaddrinfo

    class Socket(socket.socket):
        def connect(self, address: Any) -> None:
            dialled.append(address[0])
            if address[0] == "10.0.0.7":
                raise ConnectionRefusedError
            super().connect(address)

    def resolve(host: str, port: int, **how: Any) -> list[Any]:
        return real("10.0.0.7" if host == "inside.example" else host, port, **how)

    monkeypatch.setattr(net, "getaddrinfo", resolve)
    monkeypatch.setattr(net, "socket", Socket)
    provider, at = answers_lead_inside(street, where)
    answer = visitor.get(Page().start(provider=provider, at=at))
    assert answer.status_code in {400, 502}
    assert "10.0.0.7" not in dialled
    assert "127.0.0.1" in dialled or where == "bluesky did:web"
    monkeypatch.setattr(net, "is_public", lambda _address: True)
    visitor.get(Page().start(provider=provider, at=at))
    assert "10.0.0.7" in dialled  # the control


def test_the_street_itself_is_reached_only_because_the_operator_says_so(
    sqlite_store: SQLite, street: Street, tmp_path: Path
) -> None:
    fediverse.settle(street, "one.test")
    with sqlite_store.fresh(tmp_path) as url:
        for app in open_house({**settings(street, url), "PRIVATE_HOSTS": ""}):
            stopped(Visitor(app).get(Page().start(provider="mastodon", at="one.test")), "signin.bad_address")
    assert street.calls == []


def test_slow_servers_end_in_time_and_leave_threads_for_readers(
    house: Flask, street: Street, visitor: Visitor, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("widget.providers.client.SECONDS", 0.3)
    one = fediverse.settle(street, "one.test")
    over, long = threading.Event(), 20
    street.houses["one.test"].before_request(lambda: over.wait(long) and None)
    start = time.monotonic()
    stopped(visitor.get(Page().start(provider="mastodon", at="one.test")), "signin.provider_failed")
    assert time.monotonic() - start < long / 2
    assert one.apps == {}
    reception = house.extensions["widget.signin"]
    while reception.trips.acquire(blocking=False):
        pass
    stopped(visitor.get(Page().start(provider="mastodon", at="one.test")), "server.busy")
    over.set()


def test_the_state_is_of_its_provider(house: Flask, street: Street, visitor: Visitor) -> None:
    """One server's answer at another provider's address."""
    one = fediverse.settle(street, "one.test")
    url = visitor.begin(Page(), provider="mastodon", at="one.test")
    back = one.approve(url)
    assert query(back)["state"] == query(url)["state"]
    assert visitor.get(back.replace("/callback/mastodon", "/callback/bluesky")).status_code == 403
    assert visitor.get(back).status_code == 200
