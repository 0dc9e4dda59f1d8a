"""A B A B …: every row once in each round, so that what the machine does meanwhile hits all rows alike."""

import math
import statistics
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

from bench.load import Sample


class Figure(NamedTuple):
    """A median, and the least and the most."""

    median: float
    low: float
    high: float


@dataclass(frozen=True)
class Row:
    """What is measured together: `run` measures once, and gives each sample its name."""

    run: Callable[[], Mapping[str, Sample]]


def row(name: str, run: Callable[[], Sample]) -> Row:
    """A row of one sample."""
    return Row(lambda: {name: run()})


@dataclass
class Book:
    """All samples by name, in the order of the rounds."""

    samples: dict[str, list[Sample]] = field(default_factory=dict)

    def add(self, found: Mapping[str, Sample]) -> None:
        """Keep one round of a row."""
        for name, sample in found.items():
            self.samples.setdefault(name, []).append(sample)

    def figure(self, name: str, what: str) -> Figure:
        """`what` is a field of Sample."""
        return figure(getattr(sample, what) for sample in self.samples[name])

    def ratio(self, name: str, base: str, what: str = "rate", *, base_what: str = "") -> Figure:
        """Of the two in the same round: what changes between rounds changes both."""
        above, below = self.samples[name], self.samples[base]
        pairs = (
            (getattr(one, what), getattr(other, base_what or what)) for one, other in zip(above, below, strict=True)
        )
        return figure(one / other if other else math.nan for one, other in pairs)

    def refused(self, name: str) -> dict[str, int]:
        """Answers of all rounds that were not the ones asked for."""
        total: dict[str, int] = {}
        for sample in self.samples[name]:
            for why, number in sample.refused.items():
                total[why] = total.get(why, 0) + number
        return total


def figure(values: Iterable[float]) -> Figure:
    """Of values that are numbers; nan without any."""
    known = [value for value in values if not math.isnan(value)]
    return Figure(statistics.median(known), min(known), max(known)) if known else Figure(math.nan, math.nan, math.nan)


def rounds(rows: list[Row], *, runs: int, tell: Callable[[str], None], book: Book | None = None) -> Book:
    """Measure every row once, not kept, to be warm; then `runs` times in turns."""
    book = book or Book()
    for number in range(runs + 1):
        for one in rows:
            found = one.run()
            if number or runs == 1:
                book.add(found)
            if number in {0, runs}:
                tell(", ".join(found))
        if runs == 1:
            break
    return book
