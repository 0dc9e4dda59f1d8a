"""Draws curves as SVG: axes that count in powers of ten where the numbers do, readable in light and in dark.

Series differ by their marks and dashes as well as by their colours, and are named at their ends.
"""

import math
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from html import escape

from bench.rounds import Figure

WIDTH, HEIGHT = 720, 420
LEFT, RIGHT, TOP, BOTTOM = 78, 148, 48, 56
Place = Callable[[float, float], tuple[float, float]]  # from values to where they are drawn
MARKS = ("circle", "square", "diamond")
DASHES = ("", "7 4", "2 4")
_STYLE = """
    svg { font: 13px system-ui, sans-serif; color-scheme: light dark }
    .paper { fill: #fff } .ink { fill: #1f2328 } .soft { fill: #59636e }
    .grid { stroke: #d1d9e0; stroke-width: 1 } .line { fill: none; stroke-width: 2 }
    .s0 { stroke: #0550ae; fill: #0550ae } .s1 { stroke: #953800; fill: #953800 } .s2 { stroke: #116329; fill: #116329 }
    .title { font-size: 16px; font-weight: 600 } .range { stroke-width: 1; opacity: .6 }
    text.s0, text.s1, text.s2 { stroke: none } path.line { fill: none }
    @media (prefers-color-scheme: dark) {
      .paper { fill: #0d1117 } .ink { fill: #f0f6fc } .soft { fill: #9198a1 } .grid { stroke: #3d444d }
      .s0 { stroke: #79c0ff; fill: #79c0ff } .s1 { stroke: #ffa657; fill: #ffa657 }
      .s2 { stroke: #7ee787; fill: #7ee787 }
    }
"""


@dataclass(frozen=True)
class Series:
    """A name, and a figure for every x."""

    name: str
    points: Sequence[tuple[int, Figure]]


@dataclass(frozen=True)
class _Axis:
    """From values to a share of the axis; counted in powers of ten."""

    low: float
    high: float

    def share(self, value: float) -> float:
        return (math.log10(value) - self.low) / ((self.high - self.low) or 1)

    def ticks(self) -> list[float]:
        return [10.0**power for power in range(math.ceil(self.low), math.floor(self.high) + 1)]


def plot(title: str, across: str, up: str, series: Sequence[Series]) -> str:
    """The whole file. Figures are drawn as their median, with a line from the least to the most."""
    known = [Series(one.name, [(x, y) for x, y in one.points if y.low > 0]) for one in series]
    xs = [x for one in known for x, _ in one.points]
    ys = [value for one in known for _, y in one.points for value in y]
    x_axis = _Axis(math.log10(min(xs)), math.log10(max(xs)))
    y_axis = _Axis(math.floor(math.log10(min(ys))), math.ceil(math.log10(max(ys)) + 1e-9))

    def place(x: float, y: float) -> tuple[float, float]:
        return (
            round(LEFT + x_axis.share(x) * (WIDTH - LEFT - RIGHT), 1),
            round(HEIGHT - BOTTOM - y_axis.share(y) * (HEIGHT - TOP - BOTTOM), 1),
        )

    said = "; ".join(f"{one.name}: {', '.join(f'{y.median:,.0f} at {x:,}' for x, y in one.points)}" for one in known)
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" role="img" aria-labelledby="t d">',
        f'<title id="t">{escape(title)}</title>',
        f'<desc id="d">{escape(f"{up} over {across}, both in powers of ten. {said}.")}</desc>',
        f"<style>{_STYLE}</style>",
        f'<rect class="paper" width="{WIDTH}" height="{HEIGHT}"/>',
        f'<text class="ink title" x="{LEFT}" y="26">{escape(title)}</text>',
        *_grid(x_axis, y_axis, sorted(set(xs)), place),
        _said(across, f'x="{(LEFT + WIDTH - RIGHT) / 2}" y="{HEIGHT - 12}" text-anchor="middle"'),
        _said(up, f'transform="translate(16 {(TOP + HEIGHT - BOTTOM) / 2}) rotate(-90)" text-anchor="middle"'),
    ]
    ends = _apart([place(*_end(one))[1] for one in known])
    for number, (one, end) in enumerate(zip(known, ends, strict=True)):
        parts += _drawn(number, one, end, place)
    return "\n".join([*parts, "</svg>"]) + "\n"


def _grid(x_axis: _Axis, y_axis: _Axis, xs: list[int], place: Place) -> Iterator[str]:
    bottom, right = HEIGHT - BOTTOM, WIDTH - RIGHT
    for value in y_axis.ticks():
        _, y = place(10**x_axis.low, value)
        yield f'<line class="grid" x1="{LEFT}" y1="{y}" x2="{right}" y2="{y}"/>'
        yield f'<text class="soft" x="{LEFT - 8}" y="{y + 4}" text-anchor="end">{value:,.0f}</text>'
    for value in xs:
        x, _ = place(value, 10**y_axis.low)
        yield f'<line class="grid" x1="{x}" y1="{TOP}" x2="{x}" y2="{bottom}"/>'
        yield f'<text class="soft" x="{x}" y="{bottom + 20}" text-anchor="middle">{_short(value)}</text>'


def _drawn(number: int, series: Series, end: float, place: Place) -> Iterator[str]:
    kind = f"s{number % 3}"
    points = [place(x, y.median) for x, y in series.points]
    path = " L".join(f"{x} {y}" for x, y in points)
    yield f'<path class="{kind} line" style="fill:none" d="M{path}" stroke-dasharray="{DASHES[number % 3]}"/>'
    for x, y in series.points:
        (at, low), (_, high) = place(x, y.low), place(x, y.high)
        yield f'<line class="{kind} range" x1="{at}" y1="{low}" x2="{at}" y2="{high}"/>'
    for point in points:
        yield _mark(MARKS[number % 3], kind, *point)
    yield f'<text class="{kind}" x="{WIDTH - RIGHT + 12}" y="{end + 4}">{escape(series.name)}</text>'


def _said(text: str, where: str) -> str:
    return f'<text class="soft" {where}>{escape(text)}</text>'


def _mark(form: str, kind: str, x: float, y: float) -> str:
    if form == "circle":
        return f'<circle class="{kind}" cx="{x}" cy="{y}" r="4.5"/>'
    turned = f' transform="rotate(45 {x} {y})"' if form == "diamond" else ""
    return f'<rect class="{kind}" x="{x - 4}" y="{y - 4}" width="8" height="8"{turned}/>'


def _end(series: Series) -> tuple[int, float]:
    x, y = series.points[-1]
    return x, y.median


def _apart(ends: list[float], room: float = 18) -> list[float]:
    """The same heights, moved down where names would cover each other."""
    placed = dict[int, float]()
    last = -math.inf
    for number in sorted(range(len(ends)), key=lambda at: ends[at]):
        last = placed[number] = max(ends[number], last + room)
    return [placed[number] for number in range(len(ends))]


def _short(value: float) -> str:
    for size, letter in ((1_000_000, "M"), (1_000, "k")):
        if value >= size and value % size == 0:
            return f"{value / size:,.0f}{letter}"
    return f"{value:,.0f}"
