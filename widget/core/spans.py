"""A span of days in steps of a day or a week, all in UTC; weeks begin on Mondays."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

from widget.core import clock

STEPS = {"day": 1, "week": 7}
MOST_STEPS = 400
_EPOCH = date(1970, 1, 1)


@dataclass(frozen=True)
class Span:
    """From the beginning of `first` to the end of `last`, in `steps` of `step`."""

    first: date
    last: date
    step: str

    @property
    def days(self) -> int:
        """How long a step is."""
        return STEPS[self.step]

    @property
    def steps(self) -> int:
        """How many there are."""
        return ((self.last - self.first).days + self.days) // self.days

    @property
    def begins(self) -> datetime:
        """The first moment of it."""
        return datetime.combine(self.first, time(), UTC)

    @property
    def ends(self) -> datetime:
        """The first moment after it."""
        return datetime.combine(self.last + timedelta(days=1), time(), UTC)

    @property
    def first_day(self) -> int:
        """Its first day as days since 1970."""
        return (self.first - _EPOCH).days

    def labels(self) -> list[date]:
        """The first day of each step."""
        return [self.first + timedelta(days=self.days * place) for place in range(self.steps)]

    def place(self, moment: datetime) -> int:
        """In which step a moment of the span is."""
        return (moment.astimezone(UTC).date() - self.first).days // self.days


def of(first: str, last: str, step: str) -> Span:
    """A span as somebody asked for it (ISO dates); what they did not say or cannot mean is the last thirty days.

    Too many steps of a day become weeks; of weeks, the latest stay.
    """
    today = clock.now().date()
    until = min(_date(last) or today, today)
    since = min(_date(first) or until - timedelta(days=29), until)
    step = step if step in STEPS else "day"
    if step == "day" and (until - since).days >= MOST_STEPS:
        step = "week"
    if step == "week":
        since = max(since, until - timedelta(days=7 * (MOST_STEPS - 1)))
        since -= timedelta(days=since.weekday())
    return Span(since, until, step)


def _date(text: str) -> date | None:
    try:
        found = date.fromisoformat(text)
    except ValueError:
        return None
    return found if found >= _EPOCH else None
