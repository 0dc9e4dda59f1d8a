"""From seconds over a quarter of an hour to three days, and never a burst."""

from datetime import UTC, datetime, timedelta

import pytest

from widget.core import backoff

START = datetime(2026, 11, 24, 12, tzinfo=UTC)


def tries(chance: float, *, refused: bool = False) -> list[timedelta]:
    """The pauses until it is given up."""
    now, pauses = START, list[timedelta]()
    while due := backoff.next_try(len(pauses) + 1, now=now, since=START, chance=chance, refused=refused):
        pauses.append(due - now)
        now = due
    return pauses


@pytest.mark.parametrize("chance", [0, 0.5, 1])
def test_pauses_grow_from_seconds_to_a_quarter_of_an_hour_for_three_days(chance: float) -> None:
    pauses = tries(chance)
    assert pauses[0] <= timedelta(seconds=5)
    assert max(pauses) <= timedelta(minutes=15)
    assert min(pauses[8:]) >= timedelta(minutes=11)
    assert timedelta(days=3) <= sum(pauses, timedelta()) <= timedelta(days=3, minutes=15)


def test_what_failed_together_comes_back_apart() -> None:
    assert tries(0.1)[7] != tries(0.9)[7]


def test_a_refusal_for_good_is_believed_the_third_time() -> None:
    assert [pause >= timedelta(minutes=3) for pause in tries(0.5, refused=True)] == [True, True]
