"""What providers do on bad days: each is one error page with its code, and nobody is signed in."""

from collections.abc import Callable
from typing import Any

import pytest
from flask import Response

from tests.support.idp import NAMES
from tests.support.idp.big import graph_error, problem
from tests.support.idp.provider import html, says
from tests.support.idp.world import World, code
from tests.support.visitor import BLOG, Page, Visitor, data
from widget.models import Identity, Login, Session, Ticket, User

FAILED = ("signin.provider_failed", 502)
DENIED = ("signin.denied", 403)
TOKEN, INFO, KEYS = "token", "info", "keys"
End = Callable[[], Response]


def assert_nobody(here: World) -> None:
    for model in (User, Identity, Session, Ticket, Login):
        assert here.rows(model) == 0, model


def refused(here: World, provider: str, expected: tuple[str, int] = FAILED) -> None:
    """Sign in, and meet the error page that tells the page."""
    page, browser = Page(), Visitor(here.app)
    answer = here.sign_in(provider, browser, page)
    assert (code(answer), answer.status_code) == expected, answer.text
    assert data(answer) == {"tx": page.tx, "code": expected[0], "origin": BLOG}
    assert_nobody(here)


@pytest.mark.parametrize("provider", NAMES)
def test_saying_no_and_then_yes(here: World, provider: str) -> None:
    here.sim[provider].faults = {"deny": True}
    refused(here, provider, DENIED)
    assert "token" not in here.sim[provider].calls
    here.sim[provider].faults = {}
    here.session(provider)


REALISTIC: list[tuple[str, str, str, End]] = [
    # provider, what happens, where, how
    ("google", "invalid_grant", TOKEN, says({"error": "invalid_grant", "error_description": "Bad Request"}, 400)),
    ("google", "the secret was renewed", TOKEN, says({"error": "invalid_client"}, 401)),
    ("google", "no ID token", TOKEN, says({"access_token": "a", "token_type": "Bearer", "expires_in": 3599})),
    ("facebook", "the body is false", INFO, says(body=False)),
    ("facebook", "a nested error", TOKEN, lambda: graph_error("This authorization code has been used.")),
    ("facebook", "a nested error for the profile", INFO, lambda: graph_error("Error validating access token")),
    ("facebook", "no id", INFO, says({"name": "Ann Bell"})),
    ("x", "out of credits", INFO, lambda: problem(402, "CreditsDepleted")),
    ("x", "client not enrolled", INFO, lambda: problem(403, "Client Forbidden")),
    ("x", "too many requests", INFO, lambda: problem(429, "Too Many Requests")),
    ("x", "errors beside no data", INFO, says({"errors": [{"title": "Not Found Error"}]})),
    ("x", "unavailable", TOKEN, lambda: problem(503, "Service Unavailable")),
    ("wordpress", "a page instead of a token", TOKEN, html(502)),
    ("wordpress", "a bad request", TOKEN, says({"error": "invalid_request", "error_description": "x"}, 400)),
    ("wordpress", "an invalid token", INFO, says({"error": "invalid_token", "message": "x"}, 403)),
    ("apple", "invalid_client", TOKEN, says({"error": "invalid_client"}, 400)),
    ("apple", "invalid_grant", TOKEN, says({"error": "invalid_grant"}, 400)),
    ("github", "an error with status 200", TOKEN, says({"error": "bad_verification_code"})),
    ("github", "form-encoded", TOKEN, lambda: Response("error=bad_verification_code", mimetype="text/plain")),
    ("github", "suspended", INFO, says({"message": "Sorry. Your account was suspended."}, 403)),
    ("gitlab", "the terms are not accepted", INFO, says({"message": "403 You must accept the Terms of Service"}, 403)),
    ("microsoft", "AADSTS50194", TOKEN, says({"error": "invalid_request", "error_codes": [50194]}, 400)),
    ("microsoft", "the secret has expired", TOKEN, says({"error": "invalid_client", "error_codes": [7000222]}, 401)),
    ("discord", "a cloud's page", TOKEN, html(429, "Access denied")),
    ("discord", "a message", INFO, says({"message": "401: Unauthorized", "code": 0}, 401)),
    ("linkedin", "a service error", TOKEN, says({"error": "invalid_request", "error_description": "x"}, 400)),
    ("twitch", "status and message", TOKEN, says({"status": 400, "message": "Invalid authorization code"}, 400)),
    ("reddit", "an error with status 200", TOKEN, says({"error": "invalid_grant"})),
    ("reddit", "for a strange User-Agent", TOKEN, says({"message": "Too Many Requests", "error": 429}, 429)),
    ("reddit", "a page", INFO, html(403, "Blocked")),
    ("yahoo", "an error", TOKEN, says({"error": "INVALID_AUTHORIZATION_CODE", "error_description": "x"}, 400)),
    ("yandex", "an error", TOKEN, says({"error": "bad_verification_code", "error_description": "Invalid code"}, 400)),
    ("vk", "an error with status 200", TOKEN, says({"error": "invalid_request", "error_description": "x"})),
    ("vk", "an error with status 200 for the profile", INFO, says({"error": "invalid_token"})),
    ("line", "an error", TOKEN, says({"error": "invalid_grant", "error_description": "invalid code"}, 400)),
    ("kakao", "an error", TOKEN, says({"error": "invalid_grant", "error_code": "KOE320"}, 400)),
    ("kakao", "no such token", INFO, says({"msg": "this access token does not exist", "code": -401}, 401)),
    ("slack", "ok: false", TOKEN, says({"ok": False, "error": "invalid_code"})),
    ("slack", "ok: false for the profile", INFO, says({"ok": False, "error": "token_revoked"})),
    ("spotify", "not on the list of five", INFO, lambda: Response("User not registered in the Dashboard", 403)),
    ("patreon", "errors", INFO, says({"errors": [{"code": 1, "status": "401", "title": "Unauthorized"}]}, 401)),
    ("telegram", "no ID token", TOKEN, says({"access_token": "a", "token_type": "Bearer"})),
    ("oidc", "invalid_grant", TOKEN, says({"error": "invalid_grant"}, 400)),
]


@pytest.mark.parametrize(
    ("provider", "end", "instead"),
    [pytest.param(provider, end, how, id=f"{provider}: {what}") for provider, what, end, how in REALISTIC],
)
def test_what_providers_say_on_bad_days(here: World, provider: str, end: str, instead: End) -> None:
    here.sim[provider].faults = {"instead": {end: instead}}
    refused(here, provider)


ANYWHERE: dict[str, End] = {
    "a page with 200": html(200, "Welcome"),
    "500": html(500, "Internal Server Error"),
    "nothing": lambda: Response("", 200, mimetype="application/json"),
    "false": says(body=False),
    "a list": says([]),
    "a word": says("x"),
    "an empty object": says({}),
    "broken JSON": lambda: Response('{"access_token": "', mimetype="application/json"),
    "a redirect": lambda: Response(status=302, headers={"Location": "https://evil.example/"}),
    "no content": lambda: Response(status=204),
    "nulls": says(dict.fromkeys(("access_token", "id_token", "id", "sub", "data", "user", "keys"))),
    "other types": says({"access_token": ["a"], "id_token": 5, "id": {}, "sub": [], "keys": "x", "ID": 1.5, "data": 7}),
}


WORST = ("nulls", "other types")  # what broke something once, for every provider; the rest for some
SOME = ("facebook", "oidc")


@pytest.mark.parametrize(
    ("provider", "end"), [(name, end) for name in NAMES if name != "oidc2" for end in (TOKEN, INFO, KEYS)]
)
def test_any_nonsense_anywhere(here: World, provider: str, end: str) -> None:
    sim = here.sim[provider]
    for what, instead in ANYWHERE.items():
        if what not in WORST and provider not in SOME:
            continue
        here.reset()
        if end == KEYS:
            here.forget()
        sim.faults = {"instead": {end: instead}}
        answer = here.sign_in(provider)
        if end not in sim.calls:  # it is not asked for that: nothing is spoilt
            assert answer.status_code == 200
            return
        assert (what, code(answer), answer.status_code) == (what, *FAILED)
        assert_nobody(here)
        assert here.sim.violations == [], what


SPOILT: list[tuple[str, str, dict[str, Any], tuple[str, int]]] = [
    # what an ID token or an answer must not be, with the provider it is told of
    ("apple", "another audience", {"claims": {"aud": "com.example.other"}}, FAILED),
    ("apple", "another nonce", {"claims": {"nonce": "of another sign-in"}}, FAILED),
    ("apple", "no nonce", {"claims": {"nonce": None}}, FAILED),
    ("google", "of old, without scheme", {"claims": {"iss": "accounts.google.com"}}, FAILED),
    ("github", "another issuer beside the code", {"iss": "https://github.com/login"}, ("signin.bad_request", 400)),
    ("github", "an empty issuer beside the code", {"iss": ""}, ("signin.bad_request", 400)),
    ("oidc", "another issuer beside the code", {"iss": "https://evil.example"}, ("signin.bad_request", 400)),
    ("oidc", "the promised issuer is missing", {"iss": None}, ("signin.bad_request", 400)),
    ("microsoft", "a tenant that is none", {"tenant": "{tenantid}"}, FAILED),
    ("microsoft", "another tenant's issuer", {"claims": {"tid": "9188040d-6c67-4c5b-b112-36a304b66dad"}}, FAILED),
    ("telegram", "another bot, as a number", {"claims": {"aud": 5}}, FAILED),
    ("twitch", "another app", {"claims": {"aud": "other"}}, FAILED),
    ("line", "another channel", {"claims": {"aud": "999"}}, FAILED),
    ("linkedin", "another's nonce where there should be none", {"claims": {"nonce": "of another sign-in"}}, FAILED),
    ("yahoo", "another issuer", {"claims": {"iss": "https://login.yahoo.com"}}, FAILED),
    ("slack", "another issuer", {"claims": {"iss": "https://evil.example"}}, FAILED),
    ("gitlab", "another instance", {"claims": {"iss": "https://gitlab.example"}}, FAILED),
]


@pytest.mark.parametrize(
    ("provider", "faults", "expected"),
    [pytest.param(provider, faults, expected, id=f"{provider}: {what}") for provider, what, faults, expected in SPOILT],
)
def test_answers_that_are_not_for_us(
    here: World, provider: str, faults: dict[str, Any], expected: tuple[str, int]
) -> None:
    here.sim[provider].faults = faults
    refused(here, provider, expected)


@pytest.mark.parametrize("provider", NAMES)
def test_a_code_that_came_too_late(here: World, provider: str) -> None:
    browser = Visitor(here.app)
    back = here.begin(provider, browser)
    here.sim[provider].later(61)
    answer = here.bring(browser, back)
    assert (code(answer), answer.status_code) == FAILED
    assert_nobody(here)
    assert here.sim.clear() == [f"{provider} token: invalid_grant: an unknown or late code"]


def test_telegram_where_the_address_is_not_registered(here: World) -> None:
    """Its answer is in a fragment, which no server sees: what comes is a callback with nothing in it."""
    here.sim["telegram"].faults = {"widget": True}
    answer = here.sign_in("telegram")
    assert 400 <= answer.status_code < 500
    assert "Location" not in answer.headers
    assert here.rows(User) == 0


def test_facebooks_fragment_never_reaches_the_page(here: World) -> None:
    browser, page = Visitor(here.app), Page()
    address = browser.begin(page, provider="facebook", mode="redirect")
    assert "#" not in address
    done = here.bring(browser, here.at_provider(address))
    assert done.headers["Location"].startswith(f"{page.address}#cw={page.tx}.")
