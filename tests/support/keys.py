"""A browser's key pair for bound sessions, and the proofs that it makes with it (DPoP, RFC 9449)."""

import base64
import secrets
from typing import Any

import msgspec
from flask.testing import FlaskClient
from joserfc import jws
from joserfc.jwk import ECKey
from werkzeug.test import TestResponse

from widget.core import clock, tokens

SERVER = "https://comments.test"


class BrowserKey:
    """What WebCrypto would keep; `jwk` is the public half as `exportKey("jwk")` gives it."""

    def __init__(self) -> None:
        """A new one."""
        self.key = ECKey.generate_key("P-256")

    @property
    def jwk(self) -> dict[str, Any]:
        """With the members that browsers add."""
        return {**self.key.as_dict(private=False), "ext": True, "key_ops": ["verify"]}

    @property
    def public(self) -> dict[str, Any]:
        """The members that count, as a proof's header has them."""
        return {name: self.jwk[name] for name in ("kty", "crv", "x", "y")}

    def proof(
        self,
        method: str,
        url: str,
        token: str,
        *,
        jti: str | None = None,
        header: dict[str, Any] | None = None,
        **claims: Any,
    ) -> str:
        """A proof for the request; `header` and `claims` override parts of it, None leaves one out."""
        head = {"typ": "dpop+jwt", "alg": "ES256", "jwk": self.public, **(header or {})}
        body = {
            "jti": jti or secrets.token_urlsafe(16),
            "htm": method,
            "htu": (SERVER if url.startswith("/") else "") + url.partition("?")[0],
            "iat": int(clock.now().timestamp()),
            "ath": tokens.challenge(token),
            **claims,
        }
        payload = msgspec.json.encode({name: value for name, value in body.items() if value is not None})
        return self.sign({name: value for name, value in head.items() if value is not None}, payload)

    def sign(self, header: dict[str, Any], payload: bytes) -> str:
        """Any header and any bytes, signed with this key by ES256 whatever the header says."""
        signed = f"{encode(header)}.{_b64url(payload)}"
        algorithm = jws.JWSRegistry.algorithms["ES256"]
        return f"{signed}.{_b64url(algorithm.sign(signed.encode(), self.key))}"


class KeyedClient:
    """A test client that does what the embed does with a bound session: `Bearer` becomes `DPoP` with a proof."""

    def __init__(self, client: FlaskClient, key: BrowserKey) -> None:
        """`client` sends; `key` proves."""
        self.client, self.key = client, key

    def open(self, path: str, *, method: str, headers: dict[str, str], **kwargs: Any) -> TestResponse:
        """One request; a `DPoP` header that is there already is left alone."""
        scheme, _, token = headers.get("Authorization", "").partition(" ")
        if scheme == "Bearer" and "DPoP" not in headers:
            proof = self.key.proof(method, path, token, jti=headers.get("Idempotency-Key"))
            headers = {**headers, "Authorization": f"DPoP {token}", "DPoP": proof}
        return self.client.open(path, method=method, headers=headers, **kwargs)

    def get(self, path: str, **kwargs: Any) -> TestResponse:
        """GET."""
        return self.open(path, method="GET", **kwargs)

    def post(self, path: str, **kwargs: Any) -> TestResponse:
        """POST."""
        return self.open(path, method="POST", **kwargs)

    def patch(self, path: str, **kwargs: Any) -> TestResponse:
        """PATCH."""
        return self.open(path, method="PATCH", **kwargs)

    def delete(self, path: str, **kwargs: Any) -> TestResponse:
        """DELETE."""
        return self.open(path, method="DELETE", **kwargs)


def encode(value: Any) -> str:
    """JSON as a part of a JWT."""
    return _b64url(msgspec.json.encode(value))


def _b64url(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()
