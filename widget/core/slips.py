"""Signed words for links in mails: who holds one may do the one thing it names. Nothing of them is stored."""

import base64
import binascii
from datetime import datetime

import msgspec

from widget.core import clock, tokens

_LONGEST = 1_000
Part = str | int


class Invalid(ValueError):  # noqa: N818 - it names what the slip is
    """Not signed here, for another purpose, or changed."""


class Expired(ValueError):  # noqa: N818 - it names what the slip is
    """It was good once."""


def sign(key: str, purpose: str, *parts: Part, expires: datetime | None = None) -> str:
    """A slip for `purpose` over `parts`: characters of base64url and a dot. Its signature has 256 bits."""
    until = 0 if expires is None else clock.microseconds(expires) // 1_000_000
    said = base64.urlsafe_b64encode(msgspec.json.encode([until, *parts])).rstrip(b"=").decode()
    return f"{said}.{tokens.derive(key, 'slip', purpose, said)}"


def read(key: str, purpose: str, slip: str, *, now: datetime) -> list[Part]:
    """The parts that were signed. Raises Invalid or Expired."""
    said, _, signature = slip.partition(".")
    if len(slip) > _LONGEST or not tokens.is_secret(signature):
        raise Invalid(purpose)
    if not tokens.same(signature, tokens.derive(key, "slip", purpose, said)):
        raise Invalid(purpose)
    try:
        until, *parts = msgspec.json.decode(base64.urlsafe_b64decode(said + "=" * (-len(said) % 4)))
    except (binascii.Error, msgspec.DecodeError) as error:  # what we signed we can read
        raise Invalid(purpose) from error
    if until and clock.from_microseconds(until * 1_000_000) <= now:
        raise Expired(purpose)
    return list(parts)
