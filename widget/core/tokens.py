"""Secrets that pages and windows carry: made here, stored only as their hash."""

import base64
import hashlib
import hmac
import re
import secrets

_B64URL_256 = re.compile(r"[A-Za-z0-9_-]{43}")


def secret() -> str:
    """256 random bits as 43 characters of base64url."""
    return secrets.token_urlsafe(32)


def is_secret(value: str) -> bool:
    """Whether `value` has the form of 256 bits in base64url (a secret, a verifier, a challenge)."""
    return _B64URL_256.fullmatch(value) is not None


def digest(value: str) -> str:
    """What the database keeps of a secret: SHA-256 as 64 hex digits. No salt: the secret has 256 bits of its own."""
    return hashlib.sha256(value.encode()).hexdigest()


def challenge(verifier: str) -> str:
    """The S256 challenge of a verifier (RFC 7636, section 4.2), 43 characters."""
    return _b64url(hashlib.sha256(verifier.encode("ascii", "replace")).digest())


def derive(key: str, *parts: str) -> str:
    """A secret that the same key and parts always give: HMAC-SHA-256, 43 characters of base64url."""
    message = b"".join(len(raw := part.encode()).to_bytes(4, "big") + raw for part in parts)
    return _b64url(hmac.new(key.encode(), message, hashlib.sha256).digest())


def same(one: str, other: str) -> bool:
    """Whether two secrets are equal, in a time that does not tell where they differ."""
    return hmac.compare_digest(one.encode(), other.encode())


def _b64url(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()
