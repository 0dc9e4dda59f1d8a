"""The one clock: every other file asks here what time it is, so that a test can stop it."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime

_frozen: datetime | None = None


def now() -> datetime:
    """The time as an aware UTC datetime with microseconds."""
    return _frozen or datetime.now(UTC)


@contextmanager
def freeze(moment: datetime) -> Iterator[None]:
    """Let `now()` answer `moment` (aware) while the block runs; for tests."""
    global _frozen
    if moment.tzinfo is None:
        raise ValueError("a moment needs its time zone")
    before, _frozen = _frozen, moment.astimezone(UTC)
    try:
        yield
    finally:
        _frozen = before


def processor_seconds() -> float:
    """What this thread has had of the processor: for bounds on work, which waiting must not use up."""
    return time.thread_time()


def rfc3339(moment: datetime) -> str:
    """`2011-04-02T20:00:00Z`: whole seconds, UTC, as every public answer writes a time (RFC 3339)."""
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def microseconds(moment: datetime) -> int:
    """Microseconds since 1970 in UTC: exact, unlike a float of seconds."""
    delta = moment - EPOCH
    return (delta.days * 86_400 + delta.seconds) * 1_000_000 + delta.microseconds


def from_microseconds(value: int) -> datetime:
    """The aware UTC datetime that `microseconds` came from."""
    seconds, rest = divmod(value, 1_000_000)
    return datetime.fromtimestamp(seconds, UTC).replace(microsecond=rest)


EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
