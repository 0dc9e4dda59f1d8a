"""What a provider may answer and what it may not. Each attack is shown to work with its rule taken away."""

import base64
import hmac
import json
import logging
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from authlib.integrations.flask_client import FlaskOAuth2App
from flask import Response, redirect
from joserfc import jwk, jwt

from tests.support import rogue as support
from tests.support.rogue import Rogue
from widget import net
from widget.core.errors import Problem
from widget.providers import Profile, configured
from widget.providers.client import Claims, Client

REDIRECT = "https://comments.test/auth/callback/oidc"


@pytest.fixture(scope="module")
def running() -> Iterator[Rogue]:
    with support.rogue() as state:
        yield state


@pytest.fixture
def bad(running: Rogue) -> Rogue:
    running.reset()
    return running


def client(bad: Rogue, **settings: Any) -> Client:
    """A client of the rogue provider, as settings make it."""
    config = {
        "OIDC_ISSUER": bad.issuer,
        "OIDC_CLIENT_ID": support.CLIENT_ID,
        "OIDC_CLIENT_SECRET": "secret",
        **settings,
    }
    return Client(configured(config)[0], user_agent="test")


def sign_in(client: Client, **answer: str) -> Profile:
    """The whole way, with the rogue's answer to the browser."""
    begun = client.begin(REDIRECT, "state")
    given = {"code": begun.nonce or "", **answer}
    return client.finish(given, redirect_uri=REDIRECT, nonce=begun.nonce, verifier=begun.verifier)


def refused(client: Client, code: str = "signin.provider_failed", **answer: str) -> None:
    with pytest.raises(Problem) as caught:
        sign_in(client, **answer)
    assert caught.value.code == code


def test_a_good_provider(bad: Rogue) -> None:
    profile = sign_in(client(bad))
    assert profile == Profile(provider="oidc", issuer=bad.issuer, subject="248289761001", name="Ada")
    assert "/userinfo" not in bad.calls


def test_what_is_sent_to_the_provider(bad: Rogue) -> None:
    made = client(bad)
    begun = made.begin(REDIRECT, "the-state")
    url = urlsplit(begun.url)
    query = {name: values[0] for name, values in parse_qs(url.query).items()}
    assert f"{url.scheme}://{url.netloc}{url.path}" == f"{bad.issuer}/authorize"
    assert query["redirect_uri"] == REDIRECT
    assert query["response_type"] == "code"
    assert query["state"] == "the-state"
    assert query["nonce"] == begun.nonce
    assert query["scope"] == "openid profile email"
    assert query["code_challenge_method"] == "S256"
    made.finish({"code": begun.nonce or ""}, redirect_uri=REDIRECT, nonce=begun.nonce, verifier=begun.verifier)
    [form] = bad.forms
    assert form["code_verifier"] == begun.verifier
    assert form["redirect_uri"] == REDIRECT
    assert form["grant_type"] == "authorization_code"
    assert base64.b64decode(form["authorization"].removeprefix("Basic ")) == b"comment-widget:secret"
    assert "client_secret" not in form


def test_the_secret_goes_where_the_provider_wants_it(bad: Rogue) -> None:
    bad.metadata = {"token_endpoint_auth_methods_supported": ["client_secret_post", "private_key_jwt"]}
    sign_in(client(bad))
    assert bad.forms[0]["client_secret"] == "secret"
    assert bad.forms[0]["authorization"] == ""


def test_a_setting_wins_over_what_the_provider_says(bad: Rogue) -> None:
    bad.metadata = {"token_endpoint_auth_methods_supported": ["client_secret_basic"]}
    sign_in(client(bad, OIDC_AUTH="client_secret_post"))
    assert bad.forms[0]["client_secret"] == "secret"


# -- trap 1: the answer's issuer (RFC 9207)


def test_an_answer_of_another_issuer_is_refused_before_the_code_is_shown_to_anybody(bad: Rogue) -> None:
    refused(client(bad), "signin.bad_request", iss="https://evil.example")
    assert "/token" not in bad.calls


def test_an_answer_without_issuer_is_refused_where_the_provider_promises_one(bad: Rogue) -> None:
    bad.metadata = {"authorization_response_iss_parameter_supported": True}
    refused(client(bad), "signin.bad_request")
    sign_in(client(bad), iss=bad.issuer)


def test_control_without_the_comparison_another_issuer_is_taken(bad: Rogue, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Client, "_check_answer_issuer", lambda *_: None)
    assert sign_in(client(bad), iss="https://evil.example").subject == "248289761001"


# -- traps 2 to 5 and the rest of G4: the ID token


@dataclass(frozen=True)
class FromNow:
    """A time that is reckoned when the test runs, not when it is collected."""

    seconds: int


def reckoned(claims: dict[str, Any]) -> dict[str, Any]:
    """The claims with their times."""
    now = int(time.time())
    return {name: now + value.seconds if isinstance(value, FromNow) else value for name, value in claims.items()}


@pytest.mark.parametrize(
    "claims",
    [
        {"iss": "https://evil.example"},
        {"iss": None},
        {"iss": ""},
        {"iss": 5},
        {"aud": "someone-else"},
        {"aud": "someone-else", "azp": support.CLIENT_ID},
        {"aud": ["someone-else"], "azp": support.CLIENT_ID},
        {"aud": [support.CLIENT_ID, "someone-else"]},
        {"aud": [support.CLIENT_ID, "someone-else"], "azp": "someone-else"},
        {"aud": []},
        {"aud": None},
        {"aud": 5},
        {"nonce": "of another sign-in"},
        {"nonce": None},
        {"nonce": ""},
        {"sub": None},
        {"sub": ""},
        {"sub": " "},
        {"sub": 248289761001},
        {"sub": ["248289761001"]},
        {"sub": "a\u202eb"},
        {"sub": "x" * 301},
        {"exp": 1},
        {"exp": None},
        {"exp": "soon"},
        {"exp": FromNow(-130)},
        {"iat": None},
        {"iat": FromNow(3600)},
        {"nbf": FromNow(3600)},
        {"at_hash": "wrong"},
    ],
    ids=str,
)
def test_id_tokens_that_are_refused(bad: Rogue, claims: dict[str, Any]) -> None:
    bad.claims = {"name": "Mallory", **reckoned(claims)}
    made = client(bad)
    refused(made)
    refused(made)  # trap 5: Authlib empties option dicts that it has seen once


@pytest.mark.parametrize(
    "claims",
    [
        {"aud": [support.CLIENT_ID]},
        {"aud": [support.CLIENT_ID, "someone-else"], "azp": support.CLIENT_ID},
        {"exp": FromNow(-60)},
        {"iat": FromNow(60)},
        {"at_hash": "right"},
    ],
    ids=str,
)
def test_id_tokens_that_are_taken(bad: Rogue, claims: dict[str, Any]) -> None:
    bad.claims = {"name": "Ada", **reckoned(claims)}
    assert sign_in(client(bad)).subject == "248289761001"


@pytest.mark.parametrize("claims", [{"aud": "someone-else", "azp": support.CLIENT_ID}])
def test_control_with_authlibs_own_options_a_foreign_audience_is_taken(
    bad: Rogue, monkeypatch: pytest.MonkeyPatch, claims: dict[str, Any]
) -> None:
    monkeypatch.setattr(Client, "claims_options", lambda _self: None)
    bad.claims = claims
    assert sign_in(client(bad)).subject == "248289761001"


def test_control_without_the_nonce_an_id_token_of_another_sign_in_is_taken(
    bad: Rogue, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Claims, "validate_nonce", lambda _self: None)
    bad.claims = {"name": "Ada", "nonce": "of another sign-in"}
    assert sign_in(client(bad)).subject == "248289761001"


def test_without_an_id_token_there_is_no_sign_in(bad: Rogue) -> None:
    bad.token = {"id_token": None}
    refused(client(bad))


# -- trap 6 and the rest of G4: signatures


def _b64(value: Any) -> str:
    raw = value if isinstance(value, bytes) else json.dumps(value).encode()
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


def _unsigned(alg: str) -> Callable[[dict[str, Any], dict[str, Any]], str]:
    return lambda _header, claims: f"{_b64({'alg': alg})}.{_b64(claims)}."


def _signed_with(key: Any, **header: Any) -> Callable[[dict[str, Any], dict[str, Any]], str]:
    return lambda _header, claims: jwt.encode(header, claims, key, algorithms=[header["alg"]])


_OTHER = jwk.RSAKey.generate_key(2048, {"kid": "one"}, private=True)


def _signed_with_the_public_key(_header: dict[str, Any], claims: dict[str, Any]) -> str:
    head = f"{_b64({'alg': 'HS256', 'kid': 'one'})}.{_b64(claims)}"
    return f"{head}.{_b64(hmac.digest(support.KEY.as_pem(private=False), head.encode(), 'sha256'))}"


@pytest.mark.filterwarnings("ignore::joserfc.errors.SecurityWarning")
@pytest.mark.parametrize(
    "sign",
    [
        *map(_unsigned, ("none", "None", "NONE", "nOnE", "")),
        _signed_with(_OTHER, alg="RS256", kid="one"),
        _signed_with(_OTHER, alg="RS256", kid="two"),
        _signed_with(_OTHER, alg="RS256", jwk=_OTHER.as_dict(private=False)),
        _signed_with_the_public_key,
        lambda header, claims: support.sign(header, claims)[:-8] + "AAAAAAAA",
        lambda header, claims: support.sign(header, claims).rpartition(".")[0] + ".",
        lambda header, claims: support.sign({**header, "crit": ["x"], "x": 1}, claims),
        lambda _header, _claims: "not a token",
        lambda _header, _claims: "x" * 900_000,
        lambda _header, claims: f"{_b64({'alg': 'RS256', 'kid': '../../etc/passwd'})}.{_b64(claims)}.AAAA",
    ],
)
def test_signatures_that_are_refused(bad: Rogue, sign: Callable[..., str]) -> None:
    bad.sign = sign
    bad.metadata = {"id_token_signing_alg_values_supported": ["RS256", "HS256", "none", "None", ""]}
    refused(client(bad))


@pytest.mark.filterwarnings("ignore::joserfc.errors.SecurityWarning")
def test_control_with_authlibs_own_reading_of_the_discovery_document_no_signature_is_needed(
    bad: Rogue, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Client, "load_server_metadata", FlaskOAuth2App.load_server_metadata)
    bad.sign = _unsigned("none")
    bad.metadata = {"id_token_signing_alg_values_supported": ["RS256", "none"]}
    made = client(bad)
    made._server_metadata_url = f"{bad.issuer}/.well-known/openid-configuration"
    assert sign_in(made).subject == "248289761001"


def test_a_new_key_is_fetched_but_not_for_every_made_up_key_id(bad: Rogue) -> None:
    made = client(bad)
    sign_in(made)
    new = jwk.RSAKey.generate_key(2048, {"kid": "two"}, private=True)
    bad.keys = [new.as_dict(private=False)]
    bad.sign = _signed_with(new, alg="RS256", kid="two")
    assert sign_in(made).subject == "248289761001"
    bad.sign = _signed_with(new, alg="RS256", kid="three")
    for _ in range(3):
        refused(made)
    assert bad.calls.count("/jwks") == 2


# -- trap 7 and what else a discovery document may say


@pytest.mark.parametrize("issuer", ["https://evil.example", None, "", 5])
def test_a_discovery_document_of_another_issuer_is_refused(bad: Rogue, issuer: Any) -> None:
    bad.metadata = {"issuer": issuer}
    refused(client(bad))


def test_a_slash_too_many_in_the_issuer_is_another_issuer(bad: Rogue) -> None:
    refused(client(bad, OIDC_ISSUER=f"{bad.issuer}/"))


def test_a_discovery_document_cannot_change_how_we_speak(bad: Rogue) -> None:
    bad.metadata = {
        "verify": False,
        "trust_env": True,
        "default_timeout": 1000,
        "scope": "everything",
        "code_challenge_method": None,
        "redirect_uri": "https://evil.example/",
        "token_endpoint_auth_method": "none",
        "jwks": {"keys": [_OTHER.as_dict(private=False)]},
    }
    made = client(bad)
    begun = made.begin(REDIRECT, "state")
    assert "scope=openid+profile+email" in begun.url
    assert "code_challenge_method=S256" in begun.url
    made.finish({"code": begun.nonce or ""}, redirect_uri=REDIRECT, nonce=begun.nonce, verifier=begun.verifier)


def test_a_discovery_document_cannot_send_us_into_the_private_network(bad: Rogue) -> None:
    with support.rogue() as inner:
        for name in ("token_endpoint", "jwks_uri"):
            bad.metadata = {name: f"{inner.issuer}/token"}
            refused(client(bad))
        assert inner.calls == []
        bad.metadata = {"token_endpoint": f"{inner.issuer}/token"}
        with suppress(Problem):  # the operator may name that address
            sign_in(client(bad, OIDC_TOKEN_URL=f"{inner.issuer}/token"))
        assert inner.calls == ["/token"]


# -- user info


def test_user_info_is_asked_for_a_missing_name(bad: Rogue) -> None:
    bad.claims = {}
    assert sign_in(client(bad)).name == "Ada of the user info"


@pytest.mark.parametrize("info", [{"sub": "someone-else", "name": "M"}, {"name": "M"}, {"sub": None, "name": "M"}])
def test_user_info_of_somebody_else_is_refused(bad: Rogue, info: dict[str, Any]) -> None:
    bad.claims, bad.info = {}, info
    refused(client(bad))


def test_control_without_the_comparison_the_name_would_be_somebody_elses(bad: Rogue) -> None:
    class Trusting(Client):
        def document(self, token: Any, claims: Any, _answer: Any) -> Any:
            return {**claims, **self.user_info(token)}

    bad.claims, bad.info = {}, {"sub": "someone-else", "name": "Mallory"}
    config = {"OIDC_ISSUER": bad.issuer, "OIDC_CLIENT_ID": support.CLIENT_ID, "OIDC_CLIENT_SECRET": "secret"}
    assert sign_in(Trusting(configured(config)[0], user_agent="test")).subject == "someone-else"


# -- trap 9 and G10: broken, slow and strange answers

_PATHS = ["/.well-known/openid-configuration", "/token", "/jwks", "/userinfo"]
_DEEP = '{"a":' * 100_000


@pytest.mark.parametrize("path", _PATHS)
@pytest.mark.parametrize(
    "answer",
    [
        lambda: Response("<!doctype html><title>Bad gateway</title>", 502, mimetype="text/html"),
        lambda: Response("<!doctype html><title>Welcome</title>", 200, mimetype="text/html"),
        lambda: Response("", 200),
        lambda: Response("false", 200, mimetype="application/json"),
        lambda: Response("[]", 200, mimetype="application/json"),
        lambda: Response('"text"', 200, mimetype="application/json"),
        lambda: Response("{}", 200, mimetype="application/json"),
        lambda: Response(_DEEP, 200, mimetype="application/json"),
        lambda: Response('{"keys":"none","issuer":[]}', 200, mimetype="application/json"),
        lambda: Response(b"\xff\xfe\x00", 200, mimetype="application/json"),
        lambda: Response('{"error":"server_error"}', 400, mimetype="application/json"),
        lambda: Response('{"error":{"message":"nested","code":100}}', 400, mimetype="application/json"),
        lambda: Response("{}" + " " * 10_000_000, 200, mimetype="application/json"),
        lambda: redirect("http://169.254.169.254/latest/meta-data", 307),
    ],
    ids=["502", "html", "empty", "false", "list", "text", "object", "deep", "types", "bytes", "error", "nested", "huge",
         "redirect"],
)  # fmt: skip
def test_strange_answers(bad: Rogue, path: str, answer: Callable[[], Response]) -> None:
    bad.claims = {}
    bad.instead = {path: answer}
    refused(client(bad))


@pytest.mark.parametrize("path", _PATHS)
def test_slow_answers_end_together_in_time(bad: Rogue, path: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("widget.providers.client.SECONDS", 0.4)
    drips, pause = 200, 0.05

    def drip() -> Response:
        def parts() -> Iterator[bytes]:
            for _ in range(drips):
                yield b" "
                time.sleep(pause)

        return Response(parts(), mimetype="application/json")

    bad.claims = {}
    bad.instead = {path: drip}
    start = time.monotonic()
    refused(client(bad))
    assert time.monotonic() - start < drips * pause / 2


def test_the_deadline_leaves_the_visitor_an_error_page_within_six_seconds() -> None:
    from widget.providers import client as module

    assert module.SECONDS + 1 <= 6
    assert net.SECONDS <= module.SECONDS


def test_nobody_listening(bad: Rogue) -> None:
    refused(client(bad, OIDC_ISSUER="http://127.0.0.1:1"))


def test_a_provider_that_recovers_is_asked_again(bad: Rogue) -> None:
    made = client(bad)
    bad.instead = {_PATHS[0]: lambda: Response("", 503)}
    refused(made)
    bad.instead = {}
    assert sign_in(made).name == "Ada"


def test_failures_say_why_in_the_log_and_no_secret(bad: Rogue, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    made = client(bad, OIDC_CLIENT_SECRET="the-client-secret")
    begun = made.begin(REDIRECT, "the-state")
    bad.claims = {"iss": "https://evil.example"}
    with pytest.raises(Problem):
        made.finish({"code": begun.nonce or ""}, redirect_uri=REDIRECT, nonce=begun.nonce, verifier=begun.verifier)
    assert "sign-in with oidc failed: InvalidClaimError" in caplog.text
    for secret in ("the-client-secret", "the-access-token", "the-state", begun.nonce, begun.verifier):
        assert str(secret) not in caplog.text


def test_control_with_authlibs_own_log_level_the_verifier_is_written(
    bad: Rogue, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    caplog.set_level(logging.DEBUG, logger="authlib")
    begun = client(bad).begin(REDIRECT, "the-state")
    assert str(begun.verifier) in caplog.text
