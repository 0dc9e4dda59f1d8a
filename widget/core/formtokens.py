"""What a form carries that this server gave out: when, for which site, how much work; signed, so nobody makes one."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256

from widget.core import clock, tokens

LASTS = timedelta(days=2)
MAX_LENGTH = 200
MAX_BITS = 24


@dataclass(frozen=True)
class FormToken:
    """`nonce` is the token's own; `bits` of work are asked for."""

    site: str
    issued: datetime
    bits: int
    nonce: str


def make(secret_key: str, site: str, *, bits: int) -> str:
    """A new token: nonce, microseconds, bits and signature, with dots between. It is good for one comment."""
    nonce = tokens.secret()[:22]
    issued = str(clock.microseconds(clock.now()))
    return ".".join((nonce, issued, str(bits), _sign(secret_key, site, nonce, issued, str(bits))))


def read(secret_key: str, site: str, token: str) -> FormToken | None:
    """The token, if it was given out for this site and is not too old."""
    parts = token.split(".") if len(token) <= MAX_LENGTH and token.isascii() else []
    if len(parts) != 4 or not tokens.same(parts[3], _sign(secret_key, site, *parts[:3])):
        return None
    found = FormToken(site, clock.from_microseconds(int(parts[1])), int(parts[2]), parts[0])
    return found if found.issued <= clock.now() < found.issued + LASTS else None


def work_done(token: str, answer: str) -> int:
    """How many zero bits SHA-256 of `token.answer` begins with: what it took to find `answer`."""
    if len(answer) > MAX_LENGTH:
        return 0
    digest = sha256(f"{token}.{answer}".encode("utf-8", "replace")).digest()
    return 256 - int.from_bytes(digest, "big").bit_length()


def _sign(secret_key: str, *parts: str) -> str:
    return tokens.derive(secret_key, "form", *parts)
