"""How long a silent provider is left alone."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest

from widget.core import clock
from widget.services.breaker import FAILURES, PAUSE, WITHIN, Breaker

START = datetime(2026, 11, 23, 12, tzinfo=UTC)


@pytest.fixture
def breaker() -> Iterator[Breaker]:
    with clock.freeze(START):
        yield Breaker()


def fail(breaker: Breaker, times: int, *, every: timedelta = timedelta(seconds=1)) -> datetime:
    """Be silent so often; the time of the last one."""
    for number in range(times):
        with clock.freeze(START + number * every):
            breaker.failed()
    return START + (times - 1) * every


def test_it_takes_several_failures_in_a_row(breaker: Breaker) -> None:
    fail(breaker, FAILURES - 1)
    assert not breaker.is_open()
    breaker.answered()
    fail(breaker, FAILURES - 1)
    assert not breaker.is_open()
    breaker.failed()
    assert breaker.is_open()


def test_it_takes_them_within_a_short_time(breaker: Breaker) -> None:
    last = fail(breaker, FAILURES, every=WITHIN / (FAILURES - 1) + timedelta(seconds=1))
    with clock.freeze(last):
        assert not breaker.is_open()


def test_after_the_pause_it_is_asked_again_and_one_failure_is_enough(breaker: Breaker) -> None:
    last = fail(breaker, FAILURES)
    for seconds, is_open in ((0, True), (PAUSE.total_seconds() - 1, True), (PAUSE.total_seconds(), False)):
        with clock.freeze(last + timedelta(seconds=seconds)):
            assert breaker.is_open() is is_open
    later = last + timedelta(hours=1)
    with clock.freeze(later):
        breaker.failed()
        assert breaker.is_open()
    with clock.freeze(later + PAUSE):
        breaker.answered()
        fail(breaker, 1)
        assert not breaker.is_open()
