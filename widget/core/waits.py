"""How long another server asks us to wait: in its header, or in the bodies of those that say it there."""

from datetime import datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import Any

import msgspec

_MOST = timedelta(days=1)  # more is taken for this


def asked(header: str | None, body: bytes, *, now: datetime) -> timedelta | None:
    """What `Retry-After` says (RFC 9110, 10.2.3: seconds or a date), or else `retry_after` (seconds: Discord; below
    `parameters`: Telegram) or `retry_after_ms` (Matrix) in a JSON body. None: nothing that can be understood."""
    seconds = _of_header(header, now) if header else None
    if seconds is None:
        seconds = _of_body(body)
    return None if seconds is None else timedelta(seconds=min(max(seconds, 0.0), _MOST.total_seconds()))


def _of_header(header: str, now: datetime) -> float | None:
    text = header.strip()
    if text.isascii() and text.isdecimal():
        return float(text[:9])
    try:
        until = parsedate_to_datetime(text)
    except (ValueError, TypeError, OverflowError):
        return None
    return (until - now).total_seconds() if until.tzinfo else None


def _of_body(body: bytes) -> float | None:
    try:
        said: Any = msgspec.json.decode(body)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return None
    if not isinstance(said, dict):
        return None
    below = said.get("parameters")
    found = [
        (said.get("retry_after"), 1),
        (below.get("retry_after") if isinstance(below, dict) else None, 1),
        (said.get("retry_after_ms"), 1000),
    ]
    return next((number / parts for value, parts in found if (number := _number(value)) is not None), None)


def _number(value: Any) -> float | None:
    is_one = isinstance(value, int | float) and not isinstance(value, bool) and abs(value) < 1e12
    return float(value) if is_one else None
