"""Signing in with the address of one's own page."""

import time
from typing import Any

import pytest
from flask import Flask, Response

from tests.support.arrivals import arrive, identities, stopped
from tests.support.indieauth import CLIENT_ID, Endpoint, moved, page, serve
from tests.support.street import Street
from tests.support.visitor import SERVER, Page, Visitor, query
from widget.providers.rows import indieauth
from widget.providers.rows.indieauth import IndieAuthClient


def begin(visitor: Visitor, wish: Page, at: str = "ann.test") -> str:
    return visitor.begin(wish, provider="indieauth", at=at)


def refused(visitor: Visitor, at: str = "ann.test", code: str = "signin.bad_address") -> None:
    stopped(visitor.get(Page().start(provider="indieauth", at=at)), code)


@pytest.fixture
def login(street: Street, house: Flask) -> Endpoint:
    """login.test, which speaks for https://ann.test/."""
    here = serve(street, "login.test")
    here.told = {"profile": {"name": "Ann", "photo": "https://ann.test/ann.jpg", "email": "ann@ann.test"}}
    page(street, "ann.test", here.link)
    return here


@pytest.mark.parametrize("modern", [True, False])
def test_a_whole_sign_in(app: Flask, street: Street, modern: bool) -> None:  # noqa: FBT001
    here, visitor, wish = serve(street, "login.test", modern=modern), Visitor(app), Page()
    page(street, "ann.test", here.link)
    here.told = {"profile": {"name": "Ann", "photo": "https://ann.test/ann.jpg", "email": "ann@ann.test"}}
    user = arrive(visitor, here.approve(begin(visitor, wish)), wish)
    assert (user["name"], user["provider"], user["url"]) == ("Ann", "indieauth", "https://ann.test/")
    [identity] = identities(app)
    assert (identity.issuer, identity.subject) == ("indieauth", "https://ann.test/")
    assert (identity.email, identity.email_verified) == ("ann@ann.test", None)
    assert here.violations == []


@pytest.mark.parametrize(
    ("at", "me"),
    [
        ("ann.test", "https://ann.test/"),
        (" ANN.test/ ", "https://ann.test/"),
        ("http://ann.test", "https://ann.test/"),
        ("https://ann.test:443/#me", "https://ann.test/"),
        ("https://ann.test/./", "https://ann.test/"),
    ],
)
def test_what_visitors_type(login: Endpoint, visitor: Visitor, at: str, me: str) -> None:
    assert query(begin(visitor, Page(), at))["me"] == me


@pytest.mark.parametrize(
    "at",
    [
        "ann",
        "localhost",
        "ann@ann.test",
        "https://ann@ann.test/",
        "ann.test:8443",
        "127.0.0.1",
        "[::1]",
        "169.254.169.254/latest",
        "ftp://ann.test/",
        "javascript:alert(1)",
        "https://ann.test\\@evil.test",
        "ann.test.",
        "https:///ann.test",
        "mailto:ann@ann.test",
        "https://ann.test/%0d%0aX: y",
    ],
)
def test_what_is_no_address(login: Endpoint, street: Street, visitor: Visitor, at: str) -> None:
    refused(visitor, at)
    assert street.calls == []


# -- discovery


def test_a_header_goes_before_the_page(login: Endpoint, street: Street, visitor: Visitor) -> None:
    rel, url = login.link
    page(street, "bob.test", (rel, "https://evil.test/metadata"), headers=(f'<{url}>; rel="{rel}"',))
    assert begin(visitor, Page(), "bob.test").startswith("https://login.test/auth?")


def test_of_several_the_first(login: Endpoint, street: Street, visitor: Visitor) -> None:
    rel, url = login.link
    page(street, "bob.test", (rel, url), (rel, "https://evil.test/metadata"))
    assert begin(visitor, Page(), "bob.test").startswith("https://login.test/auth?")
    both = f'<https://evil.test/x>; rel="me", <{url}>; rel="other {rel.upper()}", <https://evil.test/y>; rel={rel}'
    page(street, "people.test", headers=(both,))
    assert begin(visitor, Page(), "people.test").startswith("https://login.test/auth?")


def test_metadata_go_before_the_older_way(login: Endpoint, street: Street, visitor: Visitor) -> None:
    page(street, "bob.test", ("authorization_endpoint", "https://evil.test/auth"), login.link)
    assert begin(visitor, Page(), "bob.test").startswith("https://login.test/auth?")


def test_addresses_are_relative_to_where_the_page_is(street: Street, visitor: Visitor) -> None:
    here = serve(street, "ann.test")
    page(street, "ann.test", ("indieauth-metadata", "../metadata"), path="/a/")
    assert begin(visitor, Page(), "ann.test/a/").startswith("https://ann.test/auth?")
    assert here.violations == []


def test_a_page_that_moved(login: Endpoint, street: Street, house: Flask, visitor: Visitor) -> None:
    moved(street, "bob.test", "https://www.ann.test/here")
    page(street, "www.ann.test", login.link, path="/here")
    wish = Page()
    login.told["me"] = "https://www.ann.test/here"
    arrive(visitor, login.approve(begin(visitor, wish, "bob.test")), wish)
    assert [one.subject for one in identities(house)] == ["https://www.ann.test/here"]


@pytest.mark.parametrize(
    "to",
    ["http://ann.test/", "https://127.0.0.1/", "https://169.254.169.254/", "file:///etc/passwd", "https://bob.test/"],
)
def test_where_a_page_may_not_move(login: Endpoint, street: Street, visitor: Visitor, to: str) -> None:
    moved(street, "bob.test", to)
    answer = visitor.get(Page().start(provider="indieauth", at="bob.test"))
    assert answer.status_code in {400, 502}
    assert {host for host, _, _ in street.calls} == {"bob.test"}
    assert len(street.calls) <= 5


@pytest.mark.parametrize(
    "before",
    [
        "<!-- <link rel=indieauth-metadata href=https://evil.test/metadata> -->",
        "<script>'<link rel=indieauth-metadata href=https://evil.test/metadata>'</script>",
        "<style><link rel=indieauth-metadata href=https://evil.test/metadata></style>",
        "<link rel=indieauth-metadata>",
        "<link href=https://evil.test/metadata>",
        "<a rel=indieauth-metadata href=https://evil.test/metadata>x</a>",
        "<link rel=indieauth-metadata-not href=https://evil.test/metadata>",
    ],
)
def test_what_is_no_link(login: Endpoint, street: Street, visitor: Visitor, before: str) -> None:
    page(street, "bob.test", login.link, before=before)
    assert begin(visitor, Page(), "bob.test").startswith("https://login.test/auth?")


@pytest.mark.parametrize(
    "answer", [{"status": 404}, {"status": 500}, {"status": 204}, {"mimetype": "text/plain"}, {"mimetype": "image/png"}]
)
def test_pages_that_are_none(login: Endpoint, street: Street, visitor: Visitor, answer: dict[str, Any]) -> None:
    page(street, "bob.test", login.link, **answer)
    refused(visitor, "bob.test")


def test_a_page_that_says_nothing(street: Street, visitor: Visitor) -> None:
    page(street, "ann.test", ("me", "https://evil.test/"), headers=("nonsense", '<>; rel=""', "<x", ";;;"))
    refused(visitor)


@pytest.mark.parametrize(
    "text", ["<" * 900_000, "<a " * 300_000, "<!--" * 200_000, "</" * 400_000, "<a b='" * 150_000, "&#" * 400_000]
)
def test_a_page_of_traps_costs_little(street: Street, visitor: Visitor, text: str) -> None:
    page(street, "ann.test", before=text)
    start = time.process_time()
    refused(visitor)
    assert time.process_time() - start < 4


@pytest.mark.parametrize(
    "metadata",
    [
        {"issuer": "https://evil.test/"},
        {"issuer": "https://login.test.evil.test/"},
        {"issuer": "https://login.test/metadata/deeper"},
        {"issuer": "http://login.test/"},
        {"issuer": "https://login.test/?x"},
        {"issuer": None},
        {"authorization_endpoint": "http://login.test/auth"},
        {"authorization_endpoint": "javascript:alert(1)"},
        {"authorization_endpoint": None},
        {"authorization_endpoint": ["https://login.test/auth"]},
    ],
)
def test_metadata_that_cannot_be(login: Endpoint, visitor: Visitor, metadata: dict[str, Any]) -> None:
    login.metadata = metadata
    refused(visitor, code="signin.provider_failed")


@pytest.mark.parametrize("url", ["http://login.test/auth", "https://127.0.0.1/auth", "https://login.test:22/auth"])
def test_no_code_is_sent_where_nobody_may_listen(street: Street, house: Flask, visitor: Visitor, url: str) -> None:
    """The older way names an endpoint that is only asked after the visitor's yes."""
    page(street, "ann.test", ("authorization_endpoint", url))
    answer = visitor.get(Page().start(provider="indieauth", at="ann.test"))
    if answer.status_code == 303:
        state = query(answer.headers["Location"])["state"]
        answer = visitor.get(f"{SERVER}/auth/callback/indieauth?code=x&state={state}")
    stopped(answer, "signin.provider_failed")
    assert identities(house) == []


# -- who may speak for whom


def test_another_address_of_the_same_endpoint(login: Endpoint, street: Street, house: Flask, visitor: Visitor) -> None:
    """Ann typed the address of her host; the answer says which of its pages is hers."""
    page(street, "people.test", login.link)
    page(street, "people.test", login.link, path="/~ann")
    login.told["me"] = "https://people.test/~ann"
    wish = Page()
    arrive(visitor, login.approve(begin(visitor, wish, "people.test")), wish)
    assert [one.subject for one in identities(house)] == ["https://people.test/~ann"]
    assert "GET /~ann" in street.asked("people.test")


@pytest.fixture
def evil(login: Endpoint, street: Street) -> Endpoint:
    """mallory.test, whose own endpoint says that everybody is Ann."""
    here = serve(street, "evil.test")
    page(street, "mallory.test", here.link)
    here.told = {"me": "https://ann.test/"}
    return here


def test_an_endpoint_cannot_speak_for_an_address_that_does_not_name_it(
    evil: Endpoint, house: Flask, visitor: Visitor
) -> None:
    stopped(visitor.get(evil.approve(begin(visitor, Page(), "mallory.test"))), "signin.provider_failed")
    assert identities(house) == []


def test_control_without_the_second_look_mallory_would_be_ann(
    evil: Endpoint, house: Flask, visitor: Visitor, monkeypatch: pytest.MonkeyPatch
) -> None:
    back = evil.approve(begin(visitor, Page(), "mallory.test"))
    kept = indieauth.Endpoints("https://evil.test/", "https://evil.test/auth")
    monkeypatch.setattr(IndieAuthClient, "_endpoints", lambda *_: kept)
    assert visitor.get(back).status_code == 200
    assert identities(house)[0].subject == "https://ann.test/"


@pytest.mark.parametrize(
    "me",
    [
        "https://ann.test:8443/",
        "https://user@mallory.test/",
        "https://127.0.0.1/",
        "javascript:alert(1)",
        "mallory",
        "",
        None,
        5,
        ["https://mallory.test/"],
        "https://nobody-has-this-name.invalid/",
    ],
)
def test_addresses_that_nobody_can_be(evil: Endpoint, house: Flask, visitor: Visitor, me: object) -> None:
    evil.told["me"] = me
    stopped(visitor.get(evil.approve(begin(visitor, Page(), "mallory.test"))), "signin.provider_failed")
    assert identities(house) == []


def test_the_same_address_written_otherwise_is_the_same_person(login: Endpoint, house: Flask, visitor: Visitor) -> None:
    for me in ("https://ann.test/", "https://ANN.test", "http://ann.test/", "https://ann.test/#x"):
        login.told["me"] = me
        wish = Page()
        arrive(visitor, login.approve(begin(visitor, wish)), wish)
    assert [one.subject for one in identities(house)] == ["https://ann.test/"]


@pytest.mark.parametrize("iss", [None, "", "https://evil.test/", "https://login.test", "http://login.test/"])
def test_an_answer_must_say_whose_it_is(login: Endpoint, street: Street, visitor: Visitor, iss: str | None) -> None:
    stopped(visitor.get(login.approve(begin(visitor, Page()), iss=iss)), "signin.bad_request")
    assert "POST /auth" not in street.asked("login.test")


def test_the_older_way_has_no_issuer(street: Street, visitor: Visitor) -> None:
    here = serve(street, "login.test", modern=False)
    page(street, "ann.test", here.link)
    stopped(visitor.get(here.approve(begin(visitor, Page()), iss="https://login.test/")), "signin.bad_request")


def test_a_code_of_one_endpoint_is_never_shown_to_another(
    login: Endpoint, evil: Endpoint, street: Street, visitor: Visitor
) -> None:
    stolen = query(login.approve(begin(visitor, Page())))["code"]
    mixed = evil.approve(begin(visitor, Page(), "mallory.test"), code=stolen, iss="https://login.test/")
    stopped(visitor.get(mixed), "signin.bad_request")
    assert street.asked("evil.test").count("POST /auth") == 0


def test_a_code_of_another_sign_in(login: Endpoint, house: Flask, visitor: Visitor) -> None:
    stolen = query(login.approve(begin(Visitor(house), Page())))["code"]
    stopped(visitor.get(login.approve(begin(visitor, Page()), code=stolen)), "signin.provider_failed")


@pytest.mark.parametrize(
    "answer",
    [
        Response("<!doctype html>", 200),
        Response("me=https%3A%2F%2Fann.test%2F", 200, mimetype="application/x-www-form-urlencoded"),
        Response("[]", 200, mimetype="application/json"),
        Response("{}", 200, mimetype="application/json"),
        Response("", 302, {"Location": "https://evil.test/"}),
        Response('{"error":"server_error"}', 500, mimetype="application/json"),
    ],
    ids=["html", "form", "list", "object", "redirect", "500"],
)
def test_strange_answers(login: Endpoint, street: Street, visitor: Visitor, answer: Response) -> None:
    back = login.approve(begin(visitor, Page()))
    login.instead["/auth"] = answer
    stopped(visitor.get(back), "signin.provider_failed")
    assert street.asked("evil.test") == []


@pytest.mark.parametrize("told", [None, [], "x", {"name": 5, "photo": [], "email": {}}, {"name": "\u202e"}])
def test_odd_profiles_are_somebody_all_the_same(login: Endpoint, house: Flask, visitor: Visitor, told: object) -> None:
    login.told["profile"] = told
    wish = Page()
    assert arrive(visitor, login.approve(begin(visitor, wish)), wish)["name"] == "ann.test"


def test_who_we_are(house: Flask) -> None:
    answer = house.test_client().get("/auth/indieauth/client-metadata.json")
    assert answer.mimetype == "application/json"
    assert answer.get_json() == {
        "client_id": CLIENT_ID,
        "client_name": "Comments on comments.test",
        "client_uri": f"{SERVER}/",
        "redirect_uris": [f"{SERVER}/auth/callback/indieauth"],
    }
