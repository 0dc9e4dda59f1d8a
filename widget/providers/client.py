"""Authlib's client for one provider, with the checks that it leaves to its user, and through our own door.

Each rule below answers a behaviour of Authlib 1.9.9 that was measured; the tests in tests/providers/ show each attack
succeed with the rule taken away.
"""

import logging
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial
from http import HTTPStatus
from time import monotonic
from typing import Any

from authlib.integrations.flask_client import FlaskIntegration, FlaskOAuth2App
from authlib.integrations.requests_client import OAuth2Session
from authlib.oidc.core import CodeIDToken
from joserfc import jwk
from joserfc.errors import JoseError

from widget import net
from widget.core.errors import Problem
from widget.providers.base import Again, BadAnswer, Data, Profile, Provider, mapping, profile

SECONDS = 5.0  # for everything a provider is asked for one page of ours
LEEWAY = 120  # seconds by which clocks may differ
KEYS_ASKED_AGAIN_AFTER = 60.0
KEYS_LIVE = 3600.0
DISCOVERED = (
    "issuer",
    "authorization_endpoint",
    "token_endpoint",
    "userinfo_endpoint",
    "jwks_uri",
    "id_token_signing_alg_values_supported",
    "token_endpoint_auth_methods_supported",
    "authorization_response_iss_parameter_supported",
)
_ENDPOINTS = ("authorization_endpoint", "token_endpoint", "userinfo_endpoint", "jwks_uri")
Answer = Mapping[str, str]  # the parameters with which the browser came back
log = logging.getLogger(__name__)
logging.getLogger("authlib").setLevel(logging.INFO)  # at DEBUG it writes code verifiers


@dataclass(frozen=True)
class Begun:
    """Where the browser goes, and what must be remembered until it comes back."""

    url: str
    nonce: str | None = None
    verifier: str | None = None
    data: Data = field(default_factory=dict)  # JSON; what in it is secret is sealed


@contextmanager
def failing_as_problem(provider_id: str) -> Iterator[None]:
    """Ask a provider for `SECONDS` at most; whatever it does wrong is Problem("signin.provider_failed")."""
    try:
        with net.within(SECONDS):
            yield
    except (Problem, Again):
        raise
    except Exception as error:
        # Whatever an answer makes of Authlib, of the JSON parser or of a profile function is that answer's fault:
        # the visitor sees one error page, the operator reads here what it was.
        log.warning("sign-in with %s failed: %s: %r", provider_id, type(error).__name__, str(error)[:500])
        raise Problem("signin.provider_failed") from error


class _Session(OAuth2Session):  # type: ignore[misc]  # Authlib has no types
    """Authlib's HTTP session behind our door."""

    def __init__(self, *, named: tuple[str, ...], **kwargs: Any) -> None:
        super().__init__(**kwargs)
        net.guard(self, named=named)


class _NoSession(FlaskIntegration):  # type: ignore[misc]
    """State lives in the table `login`; nothing of a sign-in may ever reach Flask's session cookie."""

    def set_state_data(self, session: Any, state: str, data: Any) -> None:
        raise NotImplementedError

    get_state_data = clear_state_data = set_state_data


class Claims(CodeIDToken):  # type: ignore[misc]
    """The claims of an ID token, read as strictly as Authlib does; a provider that deviates has a subclass."""


class Client(FlaskOAuth2App):  # type: ignore[misc]
    """Signs people in with one provider. The methods in the second half are what a deviating provider overrides."""

    claims_cls: type[Claims] = Claims

    def __init__(self, provider: Provider, *, user_agent: str) -> None:
        self.provider = provider
        self._keys_asked_again_at = -KEYS_ASKED_AGAIN_AFTER
        self._keys_read_at = float("inf")  # never; keys that a row brings with it are not asked for
        named = (
            provider.issuer,
            provider.authorize_url,
            provider.exchange_url,
            provider.userinfo_url,
            provider.jwks_url,
        )
        self.client_cls = partial(_Session, named=tuple(filter(None, named)))
        kwargs = {"scope": provider.scope or None, "leeway": 0}
        if provider.pkce:
            kwargs["code_challenge_method"] = "S256"
        if provider.auth:
            kwargs["token_endpoint_auth_method"] = provider.auth
        self.server_metadata: dict[str, Any] = {}
        super().__init__(
            _NoSession(provider.id),
            provider.id,
            client_id=provider.client_id,
            client_secret=provider.client_secret or None,
            authorize_url=provider.authorize_url or None,
            access_token_url=provider.exchange_url or None,
            client_kwargs=kwargs,
            compliance_fix=self.tune,
            user_agent=user_agent,
            **self._fixed_metadata(),
        )

    def begin(self, redirect_uri: str, state: str) -> Begun:
        """The address to send the browser to. Raises Problem("signin.provider_failed")."""
        with failing_as_problem(self.provider.id):
            made = self.create_authorization_url(redirect_uri, state=state, **self.authorize_extras())
            return Begun(url=made["url"], nonce=made.get("nonce"), verifier=made.get("code_verifier"))

    def finish(self, answer: Answer, *, redirect_uri: str, nonce: str | None, verifier: str | None) -> Profile:
        """Exchange the code of the provider's `answer` (its parameters) and read who it is; its tokens end here.

        Raises Problem("signin.bad_request") when the answer is another issuer's (RFC 9207), and
        Problem("signin.provider_failed") for whatever the provider does wrong, within `SECONDS`.
        """
        with failing_as_problem(self.provider.id):
            self._check_answer_issuer(answer)
            token = self.fetch_access_token(
                redirect_uri=redirect_uri,
                code=answer["code"],
                code_verifier=verifier,
                allow_redirects=False,
                **self.token_extras(answer),
            )
            if not isinstance(token.get("access_token"), str) or not token["access_token"]:
                raise BadAnswer("no access token")  # Authlib takes null and lists too, and shows them to the provider
            claims = self._id_claims(token, nonce)
            return profile(self.provider, self.provider.person(self.document(token, claims, answer)))

    # -- the parts in which providers differ

    def tune(self, session: OAuth2Session) -> None:
        """Change the session that each request gets."""

    def authorize_extras(self) -> dict[str, Any]:
        """More parameters for the address the browser is sent to."""
        return dict(self.provider.authorize_params)

    def token_extras(self, _answer: Answer) -> dict[str, Any]:
        """More parameters for the exchange of the code."""
        return {}

    def document(self, token: Mapping[str, Any], claims: Data, _answer: Answer) -> Data:
        """What the profile function is given: the ID token's claims and, where the row says so, the user info."""
        wanted = self.provider.userinfo
        if wanted == "never" or (wanted == "nameless" and claims.get("name")):
            return claims
        info = self.user_info(token)
        # OpenID Connect Core 1.0, section 5.3.2: without this comparison a token can be swapped for another's.
        if claims and info.get("sub") != claims["sub"]:
            raise BadAnswer("user info of somebody else")
        return {**claims, **info}

    def user_info(self, token: Mapping[str, Any]) -> Data:
        """The profile document."""
        address = self.provider.userinfo_url or self.load_server_metadata().get("userinfo_endpoint")
        return self.json(address, token) if address else {}

    def json(self, url: str, token: Mapping[str, Any], **kwargs: Any) -> Data:
        """GET `url` with the access token; a JSON object with status 200, or BadAnswer."""
        kwargs.setdefault("params", self.provider.userinfo_params or None)
        answer = self.get(url, token=token, headers={"Accept": "application/json"}, **kwargs)
        data = answer.json() if answer.status_code == HTTPStatus.OK else None
        if not isinstance(data, Mapping):
            raise BadAnswer(f"status {answer.status_code} and no JSON object from {url}")
        return data

    def answer_issuer(self, _given: str | None) -> str:
        """What `iss` in the answer must be; empty where it is not known."""
        return self.provider.callback_iss or (self.provider.issuer if self.provider.is_oidc else "")

    def claims_options(self) -> dict[str, Any]:
        """What must be in the ID token. Made anew each time: Authlib takes entries out of what it is given."""
        return {
            "iss": {"essential": True, "value": self.provider.issuer},
            "aud": {"essential": True, "value": self.provider.client_id},
            "sub": {"essential": True},
        }

    # -- what Authlib leaves open

    def load_server_metadata(self) -> dict[str, Any]:
        """The discovery document, fetched once: of it only known keys, never an algorithm that the row does not have.

        Authlib would let the document override the row's settings, even those of the HTTP session (`verify`).
        """
        if self.provider.discovery and "_loaded_at" not in self.server_metadata:
            found = self._discover()
            self.server_metadata = {**found, **self._fixed_metadata(found), "_loaded_at": monotonic()}
            self.client_kwargs["token_endpoint_auth_method"] = self.provider.auth or self._auth_method(found)
        return self.server_metadata

    def fetch_jwk_set(self, force: bool = False) -> Any:  # noqa: FBT001, FBT002 - Authlib's signature
        """The provider's keys, those that can be used. Asked for again after an hour, so that a key that was taken
        away ends, and for an unknown key id, but for that not more than once a minute."""
        metadata, now = self.load_server_metadata(), monotonic()
        if force and (force := now - self._keys_asked_again_at >= KEYS_ASKED_AGAIN_AFTER):
            self._keys_asked_again_at = now
        if metadata.get("jwks") and not force and now - self._keys_read_at < KEYS_LIVE:
            return metadata["jwks"]
        given = mapping(super().fetch_jwk_set(force=True)).get("keys")
        usable = [key for key in given if _is_usable(key)] if isinstance(given, list) else []
        metadata["jwks"] = {"keys": usable} if usable else None  # Authlib would keep whatever it was told
        self._keys_read_at = now
        if not usable:
            raise BadAnswer("no keys where the keys should be")
        return metadata["jwks"]

    def _fixed_metadata(self, found: Mapping[str, Any] | None = None) -> dict[str, Any]:
        known = (found or {}).get("id_token_signing_alg_values_supported") or ["RS256"]
        row = self.provider
        allowed = [name for name in row.algorithms if found is None or name in known]
        fixed = {"issuer": row.issuer, "userinfo_endpoint": row.userinfo_url, "jwks_uri": row.jwks_url}
        return {name: value for name, value in fixed.items() if value} | {
            "id_token_signing_alg_values_supported": allowed
        }

    def _discover(self) -> dict[str, Any]:
        with self._get_session() as session:
            address = self.provider.issuer.rstrip("/") + "/.well-known/openid-configuration"
            answer = session.request("GET", address, withhold_token=True)
        answer.raise_for_status()
        found = {name: value for name, value in answer.json().items() if name in DISCOVERED}
        if found.get("issuer") != self.provider.issuer:
            raise BadAnswer(f"the discovery document is of {found.get('issuer')!r}, not of {self.provider.issuer!r}")
        if self.provider.issuer.startswith("https:"):
            plain = [name for name in _ENDPOINTS if not str(found.get(name, "https:")).startswith("https:")]
            if plain:
                raise BadAnswer(f"the discovery document has {', '.join(plain)} without https")
        return found

    def _auth_method(self, found: Mapping[str, Any]) -> str:
        offered = found.get("token_endpoint_auth_methods_supported") or ["client_secret_basic"]
        if not self.provider.client_secret:
            return "none"
        return next((name for name in ("client_secret_basic", "client_secret_post") if name in offered), offered[0])

    def _check_answer_issuer(self, answer: Answer) -> None:
        given = answer.get("iss")
        expected = self.answer_issuer(given)
        required = self.load_server_metadata().get("authorization_response_iss_parameter_supported") is True
        if expected and (given != expected if given is not None else required):
            log.warning("sign-in with %s: the answer's issuer is %r", self.provider.id, given)
            raise Problem("signin.bad_request", reason="the answer comes from another issuer")

    def _id_claims(self, token: Mapping[str, Any], nonce: str | None) -> Data:
        if not self.provider.is_oidc:
            return {}
        if not isinstance(token.get("id_token"), str) or not nonce:
            raise BadAnswer("no ID token")
        found = self.parse_id_token(
            token,
            nonce=nonce,
            claims_options=self.claims_options(),
            claims_cls=_bound(self.claims_cls, token.get("access_token")),
            leeway=LEEWAY,
        )
        return mapping(found)


def _bound(claims_cls: type[Claims], access_token: object) -> Callable[..., Claims]:
    """The class with the access token that `at_hash` must fit; Authlib forgets it where a class is given."""

    def make(claims: Any, header: Any, options: Any, params: dict[str, Any]) -> Claims:
        return claims_cls(claims, header, options, {**params, "access_token": access_token})

    return make


def _is_usable(key: Any) -> bool:
    """Whether we know its kind: others are ignored (RFC 7517, section 5)."""
    try:
        jwk.KeySet.import_key_set({"keys": [key]})
    except (JoseError, ValueError, KeyError, TypeError, AttributeError):
        return False
    return True
