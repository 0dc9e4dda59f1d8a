"""Each provider as it wants to be spoken to: a strict simulator notes whatever we do otherwise."""

import json
from collections.abc import Iterator
from typing import Any

import pytest
import requests

from tests.support import simulator as support
from tests.support.simulator import RULES, Simulator
from widget.core.errors import Problem
from widget.providers import Profile, configured
from widget.providers.base import Provider
from widget.providers.client import Client
from widget.providers.rows import all_rows

TENANT = "72f988bf-86f1-41af-91ab-2d7cd011db47"
PERSONAL = "9188040d-6c67-4c5b-b112-36a304b66dad"


@pytest.fixture(scope="module")
def running() -> Iterator[Simulator]:
    with support.simulator() as state:
        yield state


@pytest.fixture
def there(running: Simulator) -> Simulator:
    running.reset("google")
    return running


def client(there: Simulator, provider: str, **settings: Any) -> Client:
    row: Provider = configured({**there.settings(provider), **settings})[0]
    return (row.client or Client)(row, user_agent="comment-widget (+https://comments.test)")


def sign_in(there: Simulator, provider: str, made: Client | None = None, **changes: str) -> Profile:
    made = made or client(there, provider)
    address = f"{support.REDIRECT}{provider}"
    begun = made.begin(address, "the-state-of-this-sign-in")
    answer = requests.get(begun.url, timeout=10).json()
    return made.finish({**answer, **changes}, redirect_uri=address, nonce=begun.nonce, verifier=begun.verifier)


def refused(there: Simulator, provider: str, made: Client | None = None, **changes: str) -> str:
    with pytest.raises(Problem) as caught:
        sign_in(there, provider, made, **changes)
    return caught.value.code


def test_the_simulator_knows_every_provider_but_the_discovered_ones() -> None:
    assert set(RULES) == {row.id for row in all_rows() if not row.discovery and not row.asks}


@pytest.mark.parametrize("provider", RULES)
def test_a_sign_in(there: Simulator, provider: str) -> None:
    there.reset(provider)
    if provider == "x":
        del there.case["info"]["data"]["confirmed_email"]
        there.case["profile"] |= {"email": None, "email_verified": None}
    found = sign_in(there, provider)
    assert there.violations == []
    expected = Profile(provider=provider, **there.case["profile"])
    assert found == expected


@pytest.mark.parametrize("provider", RULES)
def test_the_simulator_notices_what_is_wrong(there: Simulator, provider: str) -> None:
    """The control of the test above: the same way with one setting off is a violation."""
    there.reset(provider)
    row = next(row for row in all_rows() if row.id == provider)
    made = client(there, provider, **{f"{provider.upper()}_PKCE": not row.pkce})
    sign_in(there, provider, made)
    assert "code_challenge" in there.violations


@pytest.mark.parametrize("provider", RULES)
@pytest.mark.parametrize(
    "token",
    [{"error": "invalid_grant"}, {"ok": False, "error": "invalid_code"}, {"error": {"message": "m", "code": 100}}, {}],
    ids=json.dumps,
)
def test_errors_that_come_with_status_200(there: Simulator, provider: str, token: dict[str, Any]) -> None:
    there.reset(provider)
    there.token = token
    assert refused(there, provider) == "signin.provider_failed"


@pytest.mark.parametrize("provider", [name for name, rule in RULES.items() if rule.alg])
@pytest.mark.parametrize(
    "claims",
    [
        {"iss": "https://evil.example"},
        {"aud": "somebody-else"},
        {"aud": "somebody-else", "azp": support.CLIENT_ID},
        {"nonce": "of another sign-in"},
        {"exp": 1},
        {"sub": None},
    ],
    ids=json.dumps,
)
def test_id_tokens_that_are_refused(there: Simulator, provider: str, claims: dict[str, Any]) -> None:
    there.reset(provider)
    there.claims = claims
    assert refused(there, provider) == "signin.provider_failed"


@pytest.mark.parametrize("provider", [name for name, rule in RULES.items() if rule.alg])
def test_without_its_id_token_nobody_signs_in(there: Simulator, provider: str) -> None:
    there.reset(provider)
    there.token = {"access_token": support.TOKEN, "token_type": "Bearer"}
    assert refused(there, provider) == "signin.provider_failed"


@pytest.mark.parametrize("provider", [name for name, rule in RULES.items() if rule.alg and name != "linkedin"])
def test_only_linkedin_may_leave_the_nonce_out(there: Simulator, provider: str) -> None:
    there.reset(provider)
    there.claims = {"nonce": None}
    assert refused(there, provider) == "signin.provider_failed"


@pytest.mark.parametrize("provider", ["gitlab", "twitch", "slack"])
def test_user_info_of_somebody_else(there: Simulator, provider: str) -> None:
    there.reset(provider)
    there.case["info"]["sub"] = "somebody-else"
    assert refused(there, provider) == "signin.provider_failed"


@pytest.mark.parametrize("provider", [name for name, rule in RULES.items() if not rule.alg])
def test_profiles_that_are_none(there: Simulator, provider: str) -> None:
    for info in (False, [], {}, None, "x", {"ok": False, "error": "x"}):
        there.reset(provider)
        there.case["info"] = info
        assert refused(there, provider) == "signin.provider_failed"


# -- GitHub


def test_githubs_issuer_is_compared_where_it_is_sent(there: Simulator) -> None:
    there.reset("github")
    assert refused(there, "github", iss="https://github.com") == "signin.bad_request"
    assert refused(there, "github", iss="") == "signin.bad_request"


def test_github_without_leave_for_addresses(there: Simulator) -> None:
    there.reset("github")
    there.case["beside"]["emails"] = {"message": "Not Found"}
    assert sign_in(there, "github").email is None


# -- Microsoft


@pytest.mark.parametrize(
    ("tenant", "of", "let_in"),
    [
        ("common", TENANT, True),
        ("common", PERSONAL, True),
        ("organizations", TENANT, True),
        ("organizations", PERSONAL, False),
        ("consumers", TENANT, False),
        ("consumers", PERSONAL, True),
        (TENANT, TENANT, True),
        (TENANT.upper(), TENANT, True),
        (TENANT, PERSONAL, False),
    ],
)
def test_which_tenants_may_sign_in(there: Simulator, tenant: str, of: str, let_in: object) -> None:
    there.reset("microsoft")
    there.claims = {"tid": of, "iss": f"https://login.microsoftonline.com/{of}/v2.0"}
    made = client(there, "microsoft", MICROSOFT_TENANT=tenant)
    if let_in:
        assert sign_in(there, "microsoft", made).issuer == there.claims["iss"]
    else:
        assert refused(there, "microsoft", made) == "signin.provider_failed"


@pytest.mark.parametrize(
    "claims",
    [
        {"tid": PERSONAL},  # an issuer of another tenant
        {"tid": None},
        {"tid": "evil", "iss": "https://login.microsoftonline.com/evil/v2.0"},
        {"iss": f"https://evil.example/{TENANT}/v2.0"},
        {"iss": "https://login.microsoftonline.com/{tenantid}/v2.0"},
    ],
    ids=json.dumps,
)
def test_microsofts_issuer_is_the_tenants(there: Simulator, claims: dict[str, Any]) -> None:
    there.reset("microsoft")
    there.claims = claims
    assert refused(there, "microsoft") == "signin.provider_failed"


def test_microsofts_answer_may_name_any_tenant_and_nobody_else(there: Simulator) -> None:
    there.reset("microsoft")
    assert sign_in(there, "microsoft", iss=f"https://login.microsoftonline.com/{TENANT}/v2.0").name == "Ann"
    assert refused(there, "microsoft", iss=f"https://evil.example/{TENANT}/v2.0") == "signin.bad_request"


# -- Apple, LINE, Telegram, X, VK


@pytest.mark.parametrize("user", ["", "no json", "[]", '{"name":5}', '{"name":{"firstName":["x"]}}'])
def test_what_comes_beside_apples_code_is_a_hint_only(there: Simulator, user: str) -> None:
    there.reset("apple")
    found = sign_in(there, "apple", user=user)
    assert found.nameless
    assert found.subject == there.case["claims"]["sub"]


def test_apple_cannot_be_told_another_subject_beside_the_code(there: Simulator) -> None:
    there.reset("apple")
    found = sign_in(there, "apple", user='{"sub":"evil","email":"admin@blog.test","name":{"firstName":"Eve"}}')
    assert (found.subject, found.email) == (there.case["claims"]["sub"], there.case["claims"]["email"])


def test_apples_key_with_escaped_line_ends(there: Simulator) -> None:
    there.reset("apple")
    key = support.APPLE.as_pem(private=True).decode().replace("\n", "\\n")
    sign_in(there, "apple", client(there, "apple", APPLE_PRIVATE_KEY=key))
    assert there.violations == []


def test_lines_id_token_needs_the_channels_secret(there: Simulator) -> None:
    there.reset("line")
    made = client(there, "line", LINE_CLIENT_SECRET="another secret of thirty-two chars")
    assert refused(there, "line", made) == "signin.provider_failed"


def test_telegrams_numbers(there: Simulator, monkeypatch: pytest.MonkeyPatch) -> None:
    there.reset("telegram")
    monkeypatch.setattr(support, "CLIENT_ID", "123456789")
    there.claims = {"aud": 123456789, "sub": 987654321}
    assert sign_in(there, "telegram").subject == "987654321"
    there.claims = {"aud": 5, "sub": 987654321}
    assert refused(there, "telegram") == "signin.provider_failed"


def test_x_is_asked_for_the_address_only_with_its_scope(there: Simulator) -> None:
    there.reset("x")
    made = client(there, "x", X_SCOPE="users.read tweet.read users.email")
    found = sign_in(there, "x", made)
    assert (found.email, found.email_verified) == ("x@example.com", True)
    asked = "{'user.fields': 'profile_image_url,confirmed_email'}"
    assert there.violations == ["scope", f"the parameters of user info: {asked}"]
