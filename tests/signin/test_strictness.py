"""The control of all tests here: the simulator notices what deviates, or its empty list of complaints says nothing."""

import secrets
from collections.abc import Callable
from typing import Any

import pytest
import requests

from tests.support.idp import NAMES
from tests.support.idp.checks import challenge_of
from tests.support.idp.world import CALLBACK, World
from tests.support.visitor import Page, Visitor

ALL = [name for name in NAMES if name != "oidc2"]


def rules_of(here: World, provider: str) -> Any:
    return here.sim[provider].rules


def complaints(here: World, provider: str, **settings: Any) -> list[str]:
    """What the simulator says of a sign-in with these settings."""
    with here.settings({f"{provider.upper()}_{name}": value for name, value in settings.items()}):
        address = Visitor(here.app).get(Page().start(provider=provider)).headers["Location"]
        answer = requests.get(address, timeout=10, allow_redirects=False)
        if answer.status_code < 400:
            here.reset()
            here.sign_in(provider)
    return here.sim.clear()


@pytest.mark.parametrize("provider", ALL)
def test_pkce_the_other_way(here: World, provider: str) -> None:
    wanted = rules_of(here, provider).pkce
    found = complaints(here, provider, PKCE=wanted == "forbidden")
    assert bool(found) == (wanted != "optional"), found


@pytest.mark.parametrize("provider", ALL)
def test_another_scope(here: World, provider: str) -> None:
    scope = rules_of(here, provider).scope[0]
    for wrong in (f"{scope} everything", f"{scope} {scope.split()[-1]}", scope.replace(" ", ",") + ","):
        assert [one for one in complaints(here, provider, SCOPE=wrong) if "scope is" in one], wrong


@pytest.mark.parametrize("provider", ALL)
def test_another_way_to_send_the_secret(here: World, provider: str) -> None:
    taken = rules_of(here, provider).auth
    for method, name in {"client_secret_basic": "basic", "client_secret_post": "post"}.items():
        found = complaints(here, provider, AUTH=method)
        right = name in taken or ("jwt" in taken and name == "post")
        assert bool(found) != right, found


@pytest.mark.parametrize("provider", [name for name in ALL if name not in {"apple", "vk"}])
def test_another_secret(here: World, provider: str) -> None:
    found = complaints(here, provider, CLIENT_SECRET="another-secret-of-more-than-32-characters")
    assert f"{provider} token: invalid_client: client id or secret is wrong" in found


@pytest.mark.parametrize(
    ("setting", "value", "what"),
    [
        ("TEAM_ID", "OTHER", "iss of the client secret"),
        ("KEY_ID", "OTHER", "kid of the client secret"),
        ("CLIENT_ID", "com.example.other", "client_id is not ours"),
    ],
)
def test_another_team_or_key_at_apple(here: World, setting: str, value: str, what: str) -> None:
    assert [one for one in complaints(here, "apple", **{setting: value}) if what in one]


VERIFIER = secrets.token_urlsafe(32)


def ask(here: World, **changes: Any) -> requests.Response:
    """An authorization request to X as it should be, and `changes`; a list is a parameter given several times."""
    rules = rules_of(here, "x")
    given = {
        "response_type": "code",
        "client_id": rules.client_id,
        "redirect_uri": f"{CALLBACK}x",
        "scope": rules.scope[0],
        "state": secrets.token_urlsafe(32),
        "code_challenge": challenge_of(VERIFIER),
        "code_challenge_method": "S256",
        **changes,
    }
    given = {name: value for name, value in given.items() if value is not None}
    return requests.get(here.sim["x"].base + rules.authorize, params=given, timeout=10, allow_redirects=False)


@pytest.mark.parametrize(
    "changes",
    [
        {"response_type": "token"},
        {"response_type": None},
        {"client_id": "other"},
        {"redirect_uri": f"{CALLBACK}x/"},
        {"redirect_uri": f"{CALLBACK}X"},
        {"redirect_uri": None},
        {"state": None},
        {"state": "x" * 21},
        {"state": ["a" * 30, "b" * 30]},
        {"nonce": "n" * 30},
        {"code_challenge_method": "plain"},
        {"code_challenge_method": None},
        {"code_challenge": "short"},
        {"prompt": "login"},
    ],
    ids=str,
)
def test_what_may_not_be_asked(here: World, changes: dict[str, Any]) -> None:
    assert ask(here).status_code == 302
    assert here.sim.violations == []
    assert ask(here, **changes).status_code == 400
    assert here.sim.clear()


def test_a_state_that_was_seen_before(here: World) -> None:
    ask(here, state="s" * 30)
    assert ask(here, state="s" * 30).status_code == 400
    assert here.sim.clear() == ["x authorize: state was seen before"]


def exchange(here: World, form: dict[str, Any] | None = None, **kwargs: Any) -> requests.Response:
    """An exchange with X as it should be, and changes of its form or of the request."""
    rules = rules_of(here, "x")
    code = ask(here).headers["Location"].partition("code=")[2].partition("&")[0]
    good = {"grant_type": "authorization_code", "code": code, "redirect_uri": f"{CALLBACK}x", "code_verifier": VERIFIER}
    given = {name: value for name, value in {**good, **(form or {})}.items() if value is not None}
    sent = {"data": given, "auth": (rules.client_id, rules.secret), "headers": AGENT, **kwargs}
    if "json" in sent:
        sent["json"] = sent.pop("data")
    return requests.post(here.sim["x"].base + rules.token, timeout=10, **sent)


AGENT = {"User-Agent": "comment-widget (+https://comments.test)"}


@pytest.mark.parametrize(
    "wrong",
    [
        lambda here: exchange(here, {"code_verifier": None}),
        lambda here: exchange(here, {"code_verifier": secrets.token_urlsafe(32)}),
        lambda here: exchange(here, {"redirect_uri": f"{CALLBACK}X"}),
        lambda here: exchange(here, {"redirect_uri": None}),
        lambda here: exchange(here, {"grant_type": "password"}),
        lambda here: exchange(here, {"code": "other"}),
        lambda here: exchange(here, {"client_secret": "in two places"}),
        lambda here: exchange(here, {"scope": "more"}),
        lambda here: exchange(here, {"redirect_uri": [f"{CALLBACK}x", f"{CALLBACK}x"]}),
        lambda here: exchange(here, json=True),
        lambda here: exchange(here, headers={}),
        lambda here: exchange(here, auth=None),
        lambda here: exchange(here, params={"x": "1"}),
        lambda here: exchange(here, cookies={"x": "1"}),
    ],
)
def test_what_may_not_be_exchanged(here: World, wrong: Callable[[World], requests.Response]) -> None:
    assert exchange(here).status_code == 200
    assert here.sim.violations == []
    assert wrong(here).status_code in {400, 401}
    assert here.sim.clear()


def test_a_code_is_good_once_and_for_a_minute(here: World) -> None:
    here.sim["x"].later(0)
    rules = rules_of(here, "x")
    code = ask(here).headers["Location"].partition("code=")[2].partition("&")[0]
    assert exchange(here, {"code": code}).status_code == 200
    assert exchange(here, {"code": code}).json()["error"] == "invalid_grant"
    code = ask(here).headers["Location"].partition("code=")[2].partition("&")[0]
    here.sim["x"].later(61)
    assert exchange(here, {"code": code}).json()["error"] == "invalid_grant"
    assert rules.pkce == "required"
    assert len(here.sim.clear()) == 2


@pytest.mark.parametrize(
    ("wrong", "params"),
    [
        ({"Authorization": None}, {}),
        ({"Authorization": "Bearer other"}, {}),
        ({"scheme": "OAuth"}, {}),
        ({"scheme": "bearer"}, {}),
        ({}, {"access_token": "in the address"}),
        ({}, {"user.fields": "profile_image_url,confirmed_email"}),
        ({}, {"user.fields": "everything"}),
        ({"User-Agent": "python-requests/2.34"}, {}),
        ({"Accept": "text/html"}, {}),
    ],
    ids=str,
)
def test_how_a_profile_may_not_be_read(here: World, wrong: dict[str, Any], params: dict[str, str]) -> None:
    token = exchange(here).json()["access_token"]

    def read(change: dict[str, Any], more: dict[str, str]) -> int:
        headers = {**AGENT, "Authorization": f"{change.pop('scheme', 'Bearer')} {token}", **change}
        query = {"user.fields": "profile_image_url", **more}
        address = here.sim["x"].base + rules_of(here, "x").info
        return requests.get(address, headers=headers, params=query, timeout=10).status_code

    assert read({}, {}) == 200
    assert here.sim.violations == []
    assert read(dict(wrong), params) == 403
    assert here.sim.clear()


def test_paths_that_nobody_has(here: World) -> None:
    requests.get(f"{here.sim.base}/google/revoke", timeout=10)
    requests.get(f"{here.sim.base}/evil/x", timeout=10)
    assert here.sim.clear() == ["google: asked for GET /revoke", "asked for /evil/x"]


def test_other_processes_can_look_and_switch(here: World) -> None:
    requests.post(f"{here.sim.base}/__set", json={"google": {"deny": True}}, timeout=10)
    assert here.sim["google"].faults == {"deny": True}
    assert requests.get(f"{here.sim.base}/__violations", timeout=10).json() == []
