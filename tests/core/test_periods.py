"""Days begin at an hour of UTC, weeks on Monday at that hour."""

from datetime import UTC, datetime

import pytest

from widget.core import periods


@pytest.mark.parametrize(
    ("now", "day", "week"),
    [
        ("2026-11-24T05:59:59", "2026-11-23T06", "2026-11-23T06"),
        ("2026-11-24T06:00:00", "2026-11-24T06", "2026-11-23T06"),
        ("2026-11-23T06:00:00", "2026-11-23T06", "2026-11-23T06"),
        ("2026-11-23T05:00:00", "2026-11-22T06", "2026-11-16T06"),
        ("2027-01-01T00:30:00", "2026-12-31T06", "2026-12-28T06"),
    ],
)
def test_periods_begin(now: str, day: str, week: str) -> None:
    found = periods.begun(datetime.fromisoformat(now).replace(tzinfo=UTC), hour=6)
    assert found["daily"] == datetime.fromisoformat(f"{day}:00:00+00:00")
    assert found["weekly"] == datetime.fromisoformat(f"{week}:00:00+00:00")
    assert found["busy"].minute == 0
