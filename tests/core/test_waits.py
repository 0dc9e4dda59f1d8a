"""How long others ask us to wait, in all the ways in which they say it."""

from datetime import UTC, datetime, timedelta

import pytest

from widget.core import backoff, waits

NOW = datetime(2026, 11, 24, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    ("header", "body", "seconds"),
    [
        ("0", b"", 0),
        (" 120 ", b"", 120),
        ("Tue, 24 Nov 2026 12:10:00 GMT", b"", 600),
        ("Tue, 24 Nov 2026 11:00:00 GMT", b"", 0),
        ("9" * 400, b"", 86_400),
        ("-5", b"", None),
        ("1.5", b"", None),
        ("soon", b'{"retry_after": 3}', 3),
        ("7", b'{"retry_after": 3}', 7),
        (None, b'{"retry_after": true}', None),
        (None, b'{"retry_after": "3"}', None),
        (None, b'{"retry_after": 1e400}', None),
        (None, b'{"parameters": {"retry_after": 9}}', 9),
        (None, b'{"parameters": [9]}', None),
        (None, b'{"retry_after_ms": 1500}', 1.5),
        (None, b"[" * 100_000, None),
        (None, b"\xff", None),
        (None, b"", None),
        (None, b"[3]", None),
    ],
)
def test_what_is_asked(header: str | None, body: bytes, seconds: float | None) -> None:
    expected = None if seconds is None else timedelta(seconds=seconds)
    assert waits.asked(header, body, now=NOW) == expected


def test_who_is_asked_to_wait_waits_at_least_so_long() -> None:
    def due(asked: timedelta | None) -> timedelta:
        found = backoff.next_try(1, now=NOW, since=NOW, chance=0.5, asked=asked)
        assert found
        return found - NOW

    assert due(timedelta(hours=1)) == timedelta(hours=1)
    assert due(timedelta(0)) == due(None)
