"""Signing in at a certified OpenID provider that others wrote: what we send is right by its book, not by ours."""

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.support import oidc_strict
from tests.support.idp.world import CALLBACK, World, code, world
from tests.support.oidc_strict import Strict
from tests.support.stores import SQLite
from tests.support.visitor import Page, Visitor, data, query
from widget.models import User
from widget.services import reception


@pytest.fixture(scope="module")
def there() -> Iterator[Strict]:
    if not oidc_strict.is_here():
        if os.environ.get("CI"):
            pytest.fail("CI has no node_modules: `npm ci` has not run")
        pytest.skip("needs Node and `npm ci`")
    with oidc_strict.strict(f"{CALLBACK}oidc") as running:
        yield running


@pytest.fixture
def here(sqlite_store: SQLite, tmp_path: Path, running: Any, there: Strict) -> Iterator[World]:
    with sqlite_store.fresh(tmp_path) as url, world(url, running, there.settings) as made:
        yield made


def refused(here: World, browser: Visitor, back: str) -> None:
    answer = browser.get(back)
    assert (code(answer), answer.status_code) == ("signin.provider_failed", 502)
    assert here.rows(User) == 0


def test_a_whole_sign_in(here: World, there: Strict) -> None:
    browser, page = Visitor(here.app), Page()
    back = there.sign_in(browser.begin(page), "grace")
    assert query(back)["iss"] == there.issuer
    done = browser.get(back)
    assert done.status_code == 200, done.text
    user = browser.redeem(page, data(done)["code"]).get_json()["user"]
    assert (user["name"], user["provider"]) == ("Grace Strict", "oidc")
    [identity] = here.identities()
    assert (identity["issuer"], identity["subject"], identity["username"]) == (there.issuer, "grace", "grace")
    assert (identity["email"], identity["email_verified"]) == ("grace@strict.example", True)


def test_a_person_of_whom_it_says_nothing(here: World, there: Strict) -> None:
    browser = Visitor(here.app)
    assert browser.get(there.sign_in(browser.begin(Page()), "nobody")).status_code == 200
    assert here.identities()[0]["name"] == "OpenID user"


def test_a_wrong_secret(here: World, there: Strict) -> None:
    with here.settings({"OIDC_CLIENT_SECRET": "wrong"}):
        browser = Visitor(here.app)
        refused(here, browser, there.sign_in(browser.begin(Page()), "grace"))


def test_a_code_a_second_time(here: World, there: Strict) -> None:
    thief = Visitor(here.app)
    stolen = query(there.sign_in(thief.begin(Page()), "grace"))["code"]
    browser = Visitor(here.app)
    given = query(there.sign_in(browser.begin(Page()), "grace"))
    refused(here, browser, f"{CALLBACK}oidc?code={stolen}&state={given['state']}&iss={given['iss']}")


def test_without_pkce_it_says_no(here: World, there: Strict) -> None:
    with here.settings({"OIDC_PKCE": False}):
        browser = Visitor(here.app)
        back = there.visit(browser.begin(Page()))
        assert query(str(back))["error"] == "invalid_request"
        refused(here, browser, str(back))


def test_another_address_to_return_to(here: World, there: Strict, monkeypatch: pytest.MonkeyPatch) -> None:
    browser = Visitor(here.app)
    address = browser.begin(Page())
    page = there.visit(address.replace("comments.test", "evil.example"))
    assert not isinstance(page, str)
    assert page.status_code == 400
    back = there.sign_in(address, "grace")
    monkeypatch.setattr(reception, "redirect_uri", lambda *_: "https://evil.example/auth/callback/oidc")
    refused(here, browser, back)
