"""The one clock."""

from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from widget.core import clock


def test_now_is_aware_and_utc() -> None:
    assert clock.now().utcoffset() == timedelta(0)


def test_freeze_stops_it_and_lets_it_go() -> None:
    moment = datetime(2011, 4, 2, 22, 0, tzinfo=timezone(timedelta(hours=2)))
    with clock.freeze(moment):
        assert clock.now() == clock.now() == moment
        assert clock.now().tzinfo is UTC
        with clock.freeze(moment + timedelta(days=1)):
            assert clock.now() == moment + timedelta(days=1)
        assert clock.now() == moment
    assert clock.now() > moment


def test_a_moment_without_zone_is_refused() -> None:
    with pytest.raises(ValueError, match="zone"), clock.freeze(datetime(2011, 4, 2)):  # noqa: DTZ001 - the point
        pass


def test_rfc3339() -> None:
    moment = datetime(2011, 4, 2, 22, 0, 59, 999_999, tzinfo=timezone(timedelta(hours=2)))
    assert clock.rfc3339(moment) == "2011-04-02T20:00:59Z"


@given(st.datetimes(min_value=datetime(1, 1, 2), max_value=datetime(9999, 12, 30), timezones=st.timezones()))  # noqa: DTZ001
def test_microseconds_there_and_back(moment: datetime) -> None:
    assert clock.from_microseconds(clock.microseconds(moment)) == moment.astimezone(UTC)
