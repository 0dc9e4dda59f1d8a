"""What became of a row that was taken up."""

from dataclasses import dataclass
from datetime import timedelta


@dataclass(frozen=True)
class Sent:
    """It is out; `answer` is what the other side said."""

    answer: str = ""


@dataclass(frozen=True)
class Dropped:
    """It is not to be sent any more: its comment is gone, its reader has had enough."""

    answer: str


@dataclass(frozen=True)
class Failed:
    """Not this time. `refused`: the other side said no for good; `unreachable`: its destination takes nothing now;
    `asked`: how long it wants to be left alone."""

    answer: str
    refused: bool = False
    unreachable: bool = False
    asked: timedelta | None = None


Outcome = Sent | Dropped | Failed
