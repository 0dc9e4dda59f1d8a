"""Requests that prove possession of a key (DPoP, RFC 9449), and clients that sign who they are (RFC 7523).

Authlib has neither for clients.
"""

import base64
import json
import uuid
from collections.abc import Callable
from dataclasses import dataclass

from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from joserfc import jwk, jwt

from widget import net
from widget.core import clock, tokens
from widget.providers.visited import error_of

ALGORITHM = "ES256"
ASSERTION_TYPE = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"
_ASSERTION_LIVES = 60  # seconds
_P256_ORDER = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551  # FIPS 186-4, D.1.2.3


@dataclass
class Prover:
    """One sign-in's key, and the server's last nonce."""

    key: jwk.ECKey
    nonce: str = ""

    @classmethod
    def fresh(cls) -> "Prover":
        """With a new key."""
        return cls(jwk.ECKey.generate_key("P-256", private=True))

    @classmethod
    def from_text(cls, key: str, nonce: str) -> "Prover":
        """With what `key_text` wrote."""
        return cls(jwk.ECKey.import_key(json.loads(key)), nonce)

    def key_text(self) -> str:
        """The private key, to be sealed."""
        return json.dumps(self.key.as_dict(private=True))

    def post(self, session: net.Session, url: str, form: Callable[[], dict[str, str]]) -> net.Response:
        """POST what `form` makes, with a proof; once more when the server wants its (newer) nonce in it (section 8).

        The form is made anew for the second time: assertions are for one use.
        """
        answer = self._post(session, url, form)
        if error_of(answer) == "use_dpop_nonce" and self.nonce:
            answer = self._post(session, url, form)
        return answer

    def _post(self, session: net.Session, url: str, form: Callable[[], dict[str, str]]) -> net.Response:
        answer = session.post(url, data=form(), headers={"DPoP": self.proof("POST", url)})
        self.nonce = answer.headers.get("DPoP-Nonce", self.nonce)[:1_000]
        return answer

    def proof(self, method: str, url: str) -> str:
        """The proof for one request (RFC 9449, section 4.2)."""
        header = {"typ": "dpop+jwt", "alg": ALGORITHM, "jwk": self.key.as_dict(private=False)}
        claims = {
            "jti": str(uuid.uuid4()),
            "htm": method,
            "htu": url.partition("?")[0],
            "iat": int(clock.now().timestamp()),
            **({"nonce": self.nonce} if self.nonce else {}),
        }
        return jwt.encode(header, claims, self.key, algorithms=[ALGORITHM])


def client_key(secret_key: str) -> jwk.ECKey:
    """The server's own key, always the same for the same secret: nothing to store, nothing to share among processes."""
    seed = b"".join(
        base64.urlsafe_b64decode(tokens.derive(secret_key, "client key", ALGORITHM, part) + "=") for part in "12"
    )
    number = int.from_bytes(seed) % (_P256_ORDER - 1) + 1  # 512 bits, so that the remainder favours no number
    private = ec.derive_private_key(number, ec.SECP256R1())
    pem = private.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    found = jwk.ECKey.import_key(pem)
    return jwk.ECKey.import_key(
        {**found.as_dict(private=True), "kid": found.thumbprint(), "use": "sig", "alg": "ES256"}
    )


def assertion(key: jwk.ECKey, client_id: str, audience: str) -> dict[str, str]:
    """The parameters by which a client proves who it is to the server `audience` (RFC 7523, section 2.2)."""
    now = int(clock.now().timestamp())
    claims = {
        "iss": client_id,
        "sub": client_id,
        "aud": audience,
        "jti": str(uuid.uuid4()),
        "iat": now,
        "exp": now + _ASSERTION_LIVES,
    }
    signed = jwt.encode({"alg": ALGORITHM, "kid": key.kid}, claims, key, algorithms=[ALGORITHM])
    return {"client_assertion_type": ASSERTION_TYPE, "client_assertion": signed}
