"""Proofs of possession: that a request comes from the browser which holds the session's key (DPoP, RFC 9449).

The checking is pure; the joserfc package verifies the one signature.
"""

import base64
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, TypeVar
from urllib.parse import urlsplit

import msgspec
from joserfc import jws
from joserfc.errors import JoseError
from joserfc.jwk import ECKey

from widget.core import clock, tokens
from widget.core.errors import Problem

TYPE = "dpop+jwt"
ALGORITHM = "ES256"
WINDOW = 120  # seconds by which a proof may be older or newer than this server's clock
MAX_LENGTH = 2_000  # a proof of the embed has about 550 characters
_COORDINATE = re.compile(r"[A-Za-z0-9_-]{43}")  # 256 bits
_PRIVATE = frozenset({"d", "p", "q", "dp", "dq", "qi", "oth", "k"})  # RFC 7518, section 6
_DEFAULT_PORT = {"http": 80, "https": 443}


T = TypeVar("T")


class _Header(msgspec.Struct):
    typ: str
    alg: str
    jwk: dict[str, Any]


class _Claims(msgspec.Struct):
    jti: str
    htm: str
    htu: str
    iat: int | float
    ath: str


@dataclass(frozen=True)
class Asked:
    """The request that a proof must be of: method, address (its query does not count), and the bearer it carries.

    `key` is the request's Idempotency-Key, which the proof's `jti` must repeat; None where it has none.
    """

    method: str
    url: str
    token: str
    key: str | None


def thumbprint(jwk: Mapping[str, Any]) -> str:
    """The RFC 7638 thumbprint of a public P-256 key, 43 characters. Raises Problem("request.bad_field")."""
    try:
        return _public_key(jwk).thumbprint()
    except ValueError as error:
        raise Problem("request.bad_field", field="jwk", reason=str(error)) from error


def check(proof: str, asked: Asked, *, bound_to: str) -> None:
    """See that `proof` (the DPoP header) is of this request and of the key with the thumbprint `bound_to`.

    RFC 9449, section 4.3, in its order. Raises Problem("session.bad_proof"), with this server's time as `now` (seconds
    since 1970), so that a browser whose clock is wrong can set its next proof right.
    """
    now = int(clock.now().timestamp())
    try:
        claims = _verified(proof, bound_to)
        if claims.htm != asked.method:
            raise ValueError("htm is another method")
        if _address(claims.htu) != _address(asked.url):
            raise ValueError(f"htu is not {asked.url}")
        if not abs(claims.iat - now) <= WINDOW:  # written so that NaN fails
            raise ValueError("iat is too far from this server's time")
        if not tokens.same(claims.ath, tokens.challenge(asked.token)):
            raise ValueError("ath is of another session")
        if asked.key is not None and not tokens.same(claims.jti, asked.key):
            raise ValueError("jti is not the Idempotency-Key")
    except ValueError as error:
        raise Problem("session.bad_proof", reason=str(error), now=now) from error


def _verified(proof: str, bound_to: str) -> _Claims:
    """The claims of a proof with the right key and signature. Raises ValueError."""
    parts = proof.split(".")
    if len(proof) > MAX_LENGTH or len(parts) != 3:
        raise ValueError("it is not a signed JWT")
    header, claims = _part(parts[0], _Header), _part(parts[1], _Claims)
    if header.typ != TYPE or header.alg != ALGORITHM:
        raise ValueError(f"its typ must be {TYPE} and its alg {ALGORITHM}")
    key = _public_key(header.jwk)
    if not tokens.same(key.thumbprint(), bound_to):
        raise ValueError("its key is not the session's")
    try:
        jws.deserialize_compact(proof, key, algorithms=[ALGORITHM])
    except (JoseError, RecursionError) as error:
        raise ValueError("its signature is wrong") from error
    return claims


def _part(text: str, form: type[T]) -> T:
    try:
        return msgspec.json.decode(base64.urlsafe_b64decode(text + "=" * (-len(text) % 4)), type=form)
    except (msgspec.MsgspecError, ValueError, RecursionError) as error:
        raise ValueError("it is not a signed JWT with the claims of a proof") from error


def _public_key(jwk: Mapping[str, Any]) -> ECKey:
    """The key with nothing but its public coordinates. Raises ValueError: another kind, curve, or a private part."""
    if _PRIVATE & jwk.keys():
        raise ValueError("it has a private part")
    if jwk.get("kty") != "EC" or jwk.get("crv") != "P-256":
        raise ValueError("it must be an EC key on the curve P-256")
    if jwk.get("alg", ALGORITHM) != ALGORITHM or jwk.get("use", "sig") != "sig":
        raise ValueError(f"it must be for signing with {ALGORITHM}")
    point = {name: jwk.get(name) for name in ("x", "y")}
    if not all(
        isinstance(value, str) and _COORDINATE.fullmatch(value) and _is_exact(value) for value in point.values()
    ):
        raise ValueError("its x and y must have 32 bytes each, in base64url")
    try:
        key = ECKey.import_key({"kty": "EC", "crv": "P-256", **point})  # type: ignore[dict-item]  # strings by now
    except (JoseError, ValueError) as error:
        raise ValueError("its point is not on the curve") from error
    return key


def _is_exact(coordinate: str) -> bool:
    """Whether the last character has no stray bits: one key, one thumbprint."""
    raw = base64.urlsafe_b64decode(coordinate + "=")
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode() == coordinate


def _address(url: str) -> tuple[str, str, int | None, str]:
    """Scheme, host, port and path: what `htu` means, without query and fragment. Raises ValueError."""
    parts = urlsplit(url)
    return parts.scheme, parts.hostname or "", parts.port or _DEFAULT_PORT.get(parts.scheme), parts.path
