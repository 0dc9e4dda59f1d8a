"""Bars on a plane of 720 by 200: where each one is, for an SVG that a template writes."""

from collections.abc import Sequence
from dataclasses import dataclass

WIDTH, HEIGHT = 720, 200


@dataclass(frozen=True)
class Bar:
    """One piece of a bar: `series` is its row of numbers, `place` its column."""

    x: float
    y: float
    width: float
    height: float
    series: int
    place: int


@dataclass(frozen=True)
class Chart:
    """The pieces, and the number at which the plane ends above."""

    bars: tuple[Bar, ...]
    top: float


def stacked(series: Sequence[Sequence[float]]) -> Chart:
    """A column for each place, the series one on the other; nothing is drawn of what is nothing."""
    columns = [tuple(float(number) for number in column) for column in zip(*series, strict=True)]
    top = max([sum(column) for column in columns] + [1.0])
    room = WIDTH / max(1, len(columns))
    gap = min(4.0, room * 0.25)
    bars = []
    for place, column in enumerate(columns):
        base = float(HEIGHT)
        for which, number in enumerate(column):
            height = HEIGHT * number / top
            if number:
                base -= height
                x, y, width, high = (round(edge, 2) for edge in (place * room + gap / 2, base, room - gap, height))
                bars.append(Bar(x, y, width, high, series=which, place=place))
    return Chart(tuple(bars), top)
