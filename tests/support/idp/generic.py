"""OpenID providers by discovery, as many as a test wants: an operator names them by their issuers."""

# ruff: noqa: ARG002 - a hook of a provider is offered more than every provider needs

from typing import Any, ClassVar

from flask import Response, jsonify

from tests.support.idp.checks import Grant
from tests.support.idp.openid import OpenId
from tests.support.idp.provider import Provider
from tests.support.idp.rules import Rules

_DISCOVERY = "/.well-known/openid-configuration"


def _rules(name: str) -> Rules:
    return Rules(
        id=name,
        authorize="/authorize",
        token="/token",
        info="/userinfo",
        keys="/jwks",
        scope=("openid profile email",),
        auth=("basic",),
        pkce="required",
        openid=True,
        client_id=f"client-of-{name}",
        secret=f"the-{name}-client-secret-0123456789",
    )


class Generic(OpenId):
    """Promises `iss` in its answers (RFC 9207). Faults: iss, metadata (changes of the discovery document)."""

    rules = _rules("oidc")
    PERSON: ClassVar[dict[str, Any]] = {
        "sub": "248289761001",
        "name": "Jane Generic",
        "preferred_username": "j.generic",
        "picture": "https://id.example/jane.png",
        "profile": "https://id.example/jane",
        "email": "jane@id.example",
        "email_verified": True,
    }

    @property
    def issuer(self) -> str:  # type: ignore[override]
        """Its own address."""
        return self.base

    def settings(self) -> dict[str, str]:
        """The issuer, and nothing that discovery tells."""
        own = {"ISSUER": self.base, "CLIENT_ID": self.rules.client_id, "CLIENT_SECRET": self.rules.secret}
        return {f"{self.rules.id.upper()}_{name}": value for name, value in own.items()}

    def beside(self, grant: Grant) -> dict[str, str]:
        """Who answers."""
        issuer = self.faults.get("iss", self.issuer)
        return {} if issuer is None else {"iss": issuer}

    def other_end(self, path: str) -> str | None:
        """The discovery document."""
        return "discovery" if path == _DISCOVERY else None

    def other(self) -> Response:
        """The discovery document."""
        rules = self.rules
        found: dict[str, Any] = {
            "issuer": self.issuer,
            "authorization_endpoint": self.base + rules.authorize,
            "token_endpoint": self.base + rules.token,
            "userinfo_endpoint": self.base + rules.info,
            "jwks_uri": self.base + rules.keys,
            "response_types_supported": ["code"],
            "subject_types_supported": ["public"],
            "id_token_signing_alg_values_supported": ["RS256"],
            "token_endpoint_auth_methods_supported": ["client_secret_basic"],
            "code_challenge_methods_supported": ["S256"],
            "authorization_response_iss_parameter_supported": True,
        }
        return jsonify({**found, **self.faults.get("metadata", {})})


class Second(Generic):
    """Another one beside it."""

    rules = _rules("oidc2")


PROVIDERS: tuple[type[Provider], ...] = (Generic, Second)
