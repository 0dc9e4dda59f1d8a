"""What became of a row that was taken up."""

from dataclasses import dataclass


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
    """Not this time. `refused`: the other side said no for good; `unreachable`: its destination takes nothing now."""

    answer: str
    refused: bool = False
    unreachable: bool = False


Outcome = Sent | Dropped | Failed
