"""G4: twenty-two ID tokens that are not what they should be."""

import base64
import hmac
import json
import time
from collections.abc import Callable
from typing import Any

import pytest
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding
from joserfc import jwk

from tests.signin.attacks.table import OPENID, Attack
from tests.support.idp.openid import RSA, signed
from tests.support.idp.world import World
from widget import net
from widget.providers.client import Client

OTHER = jwk.RSAKey.generate_key(2048, {"kid": "rsa-1"}, private=True)
OLD = jwk.RSAKey.generate_key(2048, {"kid": "rsa-0"}, private=True)
Spoil = Callable[[dict[str, Any], dict[str, Any]], str]


def _b64(value: Any) -> str:
    raw = value if isinstance(value, bytes) else json.dumps(value).encode()
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


def _unsigned(alg: str) -> Spoil:
    return lambda _header, claims: f"{_b64({'alg': alg})}.{_b64(claims)}."


def _header(key: Any, **changes: Any) -> Spoil:
    return lambda header, claims: signed({**header, **changes}, claims, key)


def _claims(**changes: Any) -> Spoil:
    return lambda header, claims: signed(header, {**claims, **changes}, RSA)


def _hs256(header: dict[str, Any], claims: dict[str, Any]) -> str:
    """Signed with the public key as if it were a password."""
    head = f"{_b64({**header, 'alg': 'HS256'})}.{_b64(claims)}"
    return f"{head}.{_b64(hmac.digest(RSA.as_pem(private=False), head.encode(), 'sha256'))}"


def _for_us(header: dict[str, Any], claims: dict[str, Any]) -> str:
    """Somebody else's, with our name in `azp`."""
    return signed(header, {**claims, "aud": "somebody-else", "azp": claims["aud"]}, RSA)


def _for_many(header: dict[str, Any], claims: dict[str, Any]) -> str:
    return signed(header, {**claims, "aud": [claims["aud"], "somebody-else"], "azp": "somebody-else"}, RSA)


def _no_signature(header: dict[str, Any], claims: dict[str, Any]) -> str:
    return signed(header, claims, RSA).rpartition(".")[0] + "."


def _critical(header: dict[str, Any], claims: dict[str, Any]) -> str:
    """Signed well, with an extension that must be understood; made by hand, for no library would."""
    head = f"{_b64({**header, 'crit': ['evil'], 'evil': True})}.{_b64(claims)}"
    key: Any = RSA.private_key
    return f"{head}.{_b64(key.sign(head.encode(), padding.PKCS1v15(), hashes.SHA256()))}"


_URL = "https://evil.example/keys"
TOKENS: dict[str, Spoil] = {
    "alg none": _unsigned("none"),
    "alg None": _unsigned("None"),
    "alg NONE": _unsigned("NONE"),
    "alg nOnE": _unsigned("nOnE"),
    "HS256 with the public key": _hs256,
    "its own key in jwk": _header(OTHER, jwk=OTHER.as_dict(private=False)),
    "its own key at jku": _header(OTHER, jku=_URL),
    "its own key at x5u": _header(OTHER, x5u=_URL),
    "a path for a kid": _header(OTHER, kid="../../../../dev/null"),
    "an unknown crit": _critical,
    "another iss": _claims(iss="https://evil.example"),
    "another aud": _claims(aud="somebody-else"),
    "another aud, our azp": _for_us,
    "several aud, another azp": _for_many,
    "another nonce": _claims(nonce="of another sign-in"),
    "expired": _claims(exp=int(time.time()) - 3600),
    "nbf in an hour": lambda header, claims: signed(header, {**claims, "nbf": int(time.time()) + 3600}, RSA),
    "iat in an hour": lambda header, claims: signed(header, {**claims, "iat": int(time.time()) + 3600}, RSA),
    "no signature": _no_signature,
    "one megabyte": _claims(padding="x" * 1_000_000),
    "another at_hash": _claims(at_hash="AAAAAAAAAAAAAAAAAAAAAA"),
    "a key that was taken away": _header(OLD, kid="rsa-0"),
}


def spoilt(here: World, provider: str, spoil: Spoil) -> bool:
    here.sim[provider].faults = {"forge": spoil}
    return here.sign_in(provider).status_code < 400


def read_only(_here: World, _provider: str, patch: pytest.MonkeyPatch) -> None:
    """Read the claims and check nothing."""

    def read(_client: Client, token: Any, **_: Any) -> dict[str, Any]:
        middle = token["id_token"].split(".")[1]
        found: dict[str, Any] = json.loads(base64.urlsafe_b64decode(middle + "=" * (-len(middle) % 4)))
        return found

    patch.setattr(Client, "parse_id_token", read)
    patch.setattr(net.guard, "__kwdefaults__", {**(net.guard.__kwdefaults__ or {}), "max_bytes": 10_000_000})


ATTACKS = (
    Attack(
        id="G4",
        what="ID tokens: forged, foreign, late, huge",
        without="claims are read and not checked",
        attempt=spoilt,
        off=read_only,
        shapes=TOKENS,
        providers=OPENID,
        others="the others have none",
    ),
)
