"""Proofs of possession: one good one, and everything that a thief or a broken client may send instead."""

import base64
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from joserfc import jws
from joserfc.jwk import ECKey, OctKey, RSAKey

from tests.support.keys import BrowserKey, encode
from widget.core import clock, proofs, tokens
from widget.core.errors import Problem

PATH = "/api/v1/comments"
TOKEN = "t" * 43
JTI = "j" * 22
KEY, OTHER = BrowserKey(), BrowserKey()
ASKED = proofs.Asked("POST", f"https://comments.test{PATH}", TOKEN, JTI)
MINE = proofs.thumbprint(KEY.jwk)


def proof(**changes: Any) -> str:
    """A good proof of `ASKED`, but for the changes."""
    return KEY.proof("POST", PATH, TOKEN, **{"jti": JTI, **changes})


def refusal(text: str, asked: proofs.Asked = ASKED) -> str:
    """Why it is refused; an AssertionError if it is not."""
    with pytest.raises(Problem) as caught:
        proofs.check(text, asked, bound_to=MINE)
    assert caught.value.code == "session.bad_proof"
    assert abs(caught.value.details["now"] - clock.now().timestamp()) < 5
    return str(caught.value.details["reason"])


def moved(seconds: float) -> int:
    return int(clock.now().timestamp() + seconds)


GOOD: dict[str, Callable[[], str]] = {
    "as the embed makes it": proof,
    "a little early": lambda: proof(iat=moved(110)),
    "a little late": lambda: proof(iat=moved(-110)),
    "iat with a fraction": lambda: proof(iat=moved(0) + 0.5),
    "htu with a query and a fragment": lambda: proof(htu=f"https://comments.test{PATH}?site=blog#x"),
    "htu with the default port and a loud host": lambda: proof(htu=f"HTTPS://Comments.Test:443{PATH}"),
    "more claims": lambda: proof(nonce="x", aud="y"),
    "more in the key": lambda: proof(header={"jwk": KEY.jwk}),
}


@pytest.mark.parametrize("name", GOOD)
def test_good_proofs(name: str) -> None:
    proofs.check(GOOD[name](), ASKED, bound_to=MINE)


def test_a_request_without_a_key_takes_any_jti() -> None:
    proofs.check(proof(jti="anything"), proofs.Asked("POST", ASKED.url, TOKEN, None), bound_to=MINE)


def _symmetric() -> str:
    """HS256 with the public key as its secret."""
    secret = OctKey.import_key(tokens.digest(KEY.jwk["x"]))
    head = {"typ": "dpop+jwt", "alg": "HS256", "jwk": KEY.public}
    registry = jws.JWSRegistry(algorithms=["HS256"], strict_check_header=False)
    return jws.serialize_compact(head, b"{}", secret, algorithms=["HS256"], registry=registry)


def _swapped() -> str:
    """The header of one proof, the claims of another, a signature of the first."""
    one, other = proof().split("."), proof(htm="GET").split(".")
    return ".".join([one[0], other[1], one[2]])


def _swollen() -> str:
    return proof(pad="x" * 3_000)


STOLEN: dict[str, tuple[Callable[[], str], str]] = {
    "none": (lambda: "", "not a signed JWT"),
    "noise": (lambda: "a.b.c", "not a signed JWT"),
    "not base64": (lambda: "\u00e9.\u00e9.\u00e9", "not a signed JWT"),
    "two of them": (lambda: f"{proof()},{proof()}", "not a signed JWT"),
    "five parts": (lambda: f"{proof()}.a.b", "not a signed JWT"),
    "far too long": (_swollen, "not a signed JWT"),
    "deep": (lambda: base64.urlsafe_b64encode(b"[" * 900).decode() + ".e30.e30", "not a signed JWT"),
    "no claims": (lambda: KEY.sign({"typ": "dpop+jwt", "alg": "ES256", "jwk": KEY.public}, b"{}"), "claims"),
    "claims a list": (lambda: KEY.sign({"typ": "dpop+jwt", "alg": "ES256", "jwk": KEY.public}, b"[]"), "claims"),
    "unsigned": (lambda: proof().rpartition(".")[0] + ".", "signature"),
    "unsigned, alg none": (lambda: proof(header={"alg": "none"}).rpartition(".")[0] + ".", "alg"),
    "alg None": (lambda: proof(header={"alg": "None"}), "alg"),
    "alg HS256": (lambda: _symmetric(), "claims"),
    "alg ES384": (lambda: proof(header={"alg": "ES384"}), "alg"),
    "another typ": (lambda: proof(header={"typ": "JWT"}), "typ"),
    "no typ": (lambda: proof(header={"typ": None}), "claims"),
    "an unknown critical header": (lambda: proof(header={"crit": ["x"], "x": 1}), "signature"),
    "a key of somebody else": (lambda: OTHER.proof("POST", PATH, TOKEN, jti=JTI), "not the session's"),
    "our key shown, another used": (
        lambda: OTHER.proof("POST", PATH, TOKEN, jti=JTI, header={"jwk": KEY.public}),
        "signature",
    ),
    "no key": (lambda: proof(header={"jwk": None}), "claims"),
    "a private key": (lambda: proof(header={"jwk": KEY.key.as_dict(private=True)}), "private"),
    "claims swapped": (_swapped, "signature"),
    "another method": (lambda: proof(htm="GET"), "htm"),
    "the method in lower case": (lambda: proof(htm="post"), "htm"),
    "another path": (lambda: proof(htu=f"https://comments.test{PATH}/x"), "htu"),
    "another host": (lambda: proof(htu=f"https://evil.test{PATH}"), "htu"),
    "another scheme": (lambda: proof(htu=f"http://comments.test{PATH}"), "htu"),
    "another port": (lambda: proof(htu=f"https://comments.test:8443{PATH}"), "htu"),
    "a port that is none": (lambda: proof(htu=f"https://comments.test:x{PATH}"), ""),
    "late": (lambda: proof(iat=moved(-125)), "iat"),
    "early": (lambda: proof(iat=moved(125)), "iat"),
    "iat a word": (lambda: proof(iat="now"), "claims"),
    "iat true": (lambda: proof(iat=True), "claims"),
    "iat enormous": (lambda: proof(iat=10**18), "iat"),
    "no iat": (lambda: proof(iat=None), "claims"),
    "of another session": (lambda: proof(ath=tokens.challenge("u" * 43)), "ath"),
    "no ath": (lambda: proof(ath=None), "claims"),
    "of another write": (lambda: proof(jti="k" * 22), "jti"),
    "jti a number": (lambda: KEY.sign({"typ": "dpop+jwt", "alg": "ES256", "jwk": KEY.public}, b'{"jti":1}'), "claims"),
}


@pytest.mark.parametrize("name", STOLEN)
def test_everything_else_is_refused(name: str) -> None:
    make, reason = STOLEN[name]
    assert reason in refusal(make())


def test_a_proof_grows_old() -> None:
    made = proof()
    proofs.check(made, ASKED, bound_to=MINE)
    with clock.freeze(clock.now() + timedelta(seconds=proofs.WINDOW + 2)):
        assert "iat" in refusal(made)


RULES: dict[str, tuple[str, Any, str]] = {
    "late": ("WINDOW", 10**6, "early"),
    "far too long": ("MAX_LENGTH", 10**6, "far too long"),
    "another typ": ("TYPE", "JWT", "another typ"),
}


@pytest.mark.parametrize("rule", RULES)
def test_without_its_rule_each_would_pass(rule: str, monkeypatch: pytest.MonkeyPatch) -> None:
    name, value, attack = RULES[rule]
    monkeypatch.setattr(proofs, name, value)
    proofs.check(STOLEN[attack][0](), ASKED, bound_to=MINE)


@pytest.mark.parametrize("attack", ["a key of somebody else", "of another session", "of another write"])
def test_without_the_comparisons_stolen_proofs_would_pass(attack: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tokens, "same", lambda _one, _other: True)
    proofs.check(STOLEN[attack][0](), ASKED, bound_to=MINE)


@pytest.mark.parametrize("attack", ["unsigned", "our key shown, another used", "claims swapped"])
def test_without_the_signature_forged_proofs_would_pass(attack: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(jws, "deserialize_compact", lambda *_args, **_kwargs: None)
    if attack == "claims swapped":
        proofs.check(STOLEN[attack][0](), proofs.Asked("GET", ASKED.url, TOKEN, JTI), bound_to=MINE)
    else:
        proofs.check(STOLEN[attack][0](), ASKED, bound_to=MINE)


# -- keys


def test_the_thumbprint_is_that_of_rfc_7638() -> None:
    # The key of RFC 9449, section 4.2, and the thumbprint that section 6.1 shows for it.
    key = {
        "kty": "EC",
        "crv": "P-256",
        "x": "l8tFrhx-34tV3hRICRDY9zCkDlpBhF42UQUfWVAWBFs",
        "y": "9VE4jf_Ok_o64zbTTlcuNJajHmt6v9TDVrU0CdvGRDA",
    }
    assert proofs.thumbprint(key) == "0ZcOCORZNYy-DWpqq30jZyJGHTN0d2HglBV3uiguA4I"
    assert proofs.thumbprint({**key, "ext": True, "key_ops": ["verify"], "use": "sig", "alg": "ES256"})[:4] == "0ZcO"


def _off_curve() -> dict[str, Any]:
    return {**KEY.public, "y": KEY.public["x"]}


def _stray_bits() -> dict[str, Any]:
    """The same 32 bytes in other letters: of the last character's six bits two do not count."""
    alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
    x = KEY.public["x"]
    return {**KEY.public, "x": x[:-1] + alphabet[alphabet.index(x[-1]) + 1]}


BAD_KEYS: dict[str, Callable[[], dict[str, Any]]] = {
    "empty": dict,
    "private": lambda: KEY.key.as_dict(private=True),
    "private, null": lambda: {**KEY.public, "d": None},
    "symmetric": lambda: {"kty": "oct", "k": "c2VjcmV0"},
    "rsa": lambda: RSAKey.generate_key(2048).as_dict(private=False),
    "p-384": lambda: ECKey.generate_key("P-384").as_dict(private=False),
    "secp256k1": lambda: ECKey.generate_key("secp256k1").as_dict(private=False),
    "p-384 that says p-256": lambda: {**ECKey.generate_key("P-384").as_dict(private=False), "crv": "P-256"},
    "off the curve": _off_curve,
    "infinity": lambda: {**KEY.public, "x": "A" * 43, "y": "A" * 43},
    "no y": lambda: {name: value for name, value in KEY.public.items() if name != "y"},
    "y a number": lambda: {**KEY.public, "y": 5},
    "padded": lambda: {**KEY.public, "x": KEY.public["x"] + "="},
    "stray bits": _stray_bits,
    "for encryption": lambda: {**KEY.public, "use": "enc"},
    "for another algorithm": lambda: {**KEY.public, "alg": "ES384"},
}


@pytest.mark.parametrize("name", BAD_KEYS)
def test_bad_keys(name: str) -> None:
    with pytest.raises(Problem) as caught:
        proofs.thumbprint(BAD_KEYS[name]())
    assert (caught.value.code, caught.value.field) == ("request.bad_field", "jwk")


def test_encoding_is_that_of_a_jwt() -> None:
    assert encode({"a": 1}) == "eyJhIjoxfQ"
