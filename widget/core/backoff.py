"""When to try again what did not go out: soon at first, never later than a quarter of an hour, for three days."""

from datetime import datetime, timedelta

FIRST = timedelta(seconds=5)
FACTOR = 3
LONGEST = timedelta(minutes=15)
GIVE_UP = timedelta(days=3)
REFUSALS = 3  # how often a refusal for good is taken as one that may pass: servers are misconfigured for a while, too
AFTER_REFUSAL = timedelta(minutes=5)


def next_try(
    attempts: int,
    *,
    now: datetime,
    since: datetime,
    chance: float,
    refused: bool = False,
    asked: timedelta | None = None,
) -> datetime | None:
    """When the try after `attempts` (1 or more) is due; None: never, the row is parked.

    `chance` (0 to 1) takes up to a quarter off the pause, so that what failed together does not come back together.
    `since` is when the row was written, `refused` that the other side said no for good, `asked` how long it asked to
    be left alone at least.
    """
    if now - since >= GIVE_UP or (refused and attempts >= REFUSALS):
        return None
    pause: timedelta = min(LONGEST, FIRST * FACTOR ** min(attempts - 1, 10))
    if refused:
        pause = max(pause, AFTER_REFUSAL)
    return now + max(pause * (1 - chance / 4), asked or timedelta())
