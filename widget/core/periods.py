"""When the present hour, day and week of digests began: days at an hour of UTC, weeks on Mondays at that hour."""

from datetime import datetime, timedelta


def begun(now: datetime, *, hour: int) -> dict[str, datetime]:
    """By kind of digest (busy: hourly, daily, weekly) the last moment, not after `now`, at which one was due."""
    full = now.replace(minute=0, second=0, microsecond=0)
    day = full.replace(hour=hour % 24)
    if day > now:
        day -= timedelta(days=1)
    return {"busy": full, "daily": day, "weekly": day - timedelta(days=day.weekday())}
