"""What OpenID Connect adds to a provider: keys, and ID tokens that a test may spoil."""

# ruff: noqa: ARG002 - a hook of a provider is offered more than every provider needs

import time
from collections.abc import Callable, Mapping
from typing import Any

from flask import Response, jsonify
from joserfc import jwk, jwt
from joserfc.jws import JWSRegistry

from tests.support.idp.checks import Grant
from tests.support.idp.provider import Provider

RSA = jwk.RSAKey.generate_key(2048, {"kid": "rsa-1", "use": "sig"}, private=True)
EC = jwk.ECKey.generate_key("P-256", {"kid": "ec-1", "use": "sig"}, private=True)
Forge = Callable[[dict[str, Any], dict[str, Any]], str]


class OpenId(Provider):
    """`person` holds all claims; `in_id_token` says which of them the ID token has (None: all).

    Faults: claims (changes of the ID token's; None takes one away), forge (makes the token itself), keys (of the JWKS).
    """

    issuer = ""
    in_id_token: tuple[str, ...] | None = None
    sends_nonce = True
    key: Any = RSA

    def token_answer(self, access: str, grant: Grant) -> dict[str, Any]:
        """Adds the ID token."""
        return {**super().token_answer(access, grant), "id_token": self.id_token(access, grant)}

    def id_token(self, access: str, grant: Grant) -> str:
        """Signed, or forged."""
        claims = {**self.claims(access, grant), **self.faults.get("claims", {})}
        claims = {name: value for name, value in claims.items() if value is not None}
        made: str = self.faults.get("forge", self.sign)(self.header(), claims)
        self.secrets_given.add(made)
        return made

    def header(self) -> dict[str, Any]:
        """Of ID tokens."""
        return {"alg": "ES256" if self.key is EC else "RS256", "kid": self.key.kid, "typ": "JWT"}

    def claims(self, access: str, grant: Grant) -> dict[str, Any]:
        """What the ID token says."""
        now = int(time.time())
        about = {
            name: value
            for name, value in self.person.items()
            if self.in_id_token is None or name in self.in_id_token or name == "sub"
        }
        nonce = {"nonce": grant.nonce} if self.sends_nonce else {}
        return {"iss": self.issuer, "aud": self.rules.client_id, "iat": now, "exp": now + 3600, **nonce, **about}

    def sign(self, header: dict[str, Any], claims: dict[str, Any]) -> str:
        """A token with the good key."""
        return signed(header, claims, self.key)

    def keys(self) -> Response:
        """The JWKS."""
        return jsonify({"keys": self.faults.get("keys", [self.key.as_dict(private=False)])})


def signed(header: Mapping[str, Any], claims: Mapping[str, Any], key: Any) -> str:
    """A signed token, whatever its header says besides."""
    registry = JWSRegistry(algorithms=[header["alg"]], strict_check_header=False)
    return jwt.encode(dict(header), dict(claims), key, registry=registry)
