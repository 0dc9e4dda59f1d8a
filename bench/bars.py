"""What we ask of ourselves, as ratios within one run; docs/performance.md says what was reached."""

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from bench import reads, start, writes
from bench.plan import Plan
from bench.rounds import Book, Figure, figure
from bench.start import Fact

NOTHING = Figure(math.nan, math.nan, math.nan)


@dataclass(frozen=True)
class Bar:
    """`asked` is the least that is reached, or the most with `at_most`; `unit` is what comes behind the figure."""

    name: str
    asked: float
    reached: Callable[[Book, Mapping[str, Fact]], Figure]
    at_most: bool = False
    unit: str = "\N{MULTIPLICATION SIGN}"

    def read(self, book: Book, facts: Mapping[str, Fact]) -> Figure:
        """What was reached; nan when it was not measured."""
        try:
            return self.reached(book, facts)
        except KeyError:
            return NOTHING

    def verdict(self, found: Figure) -> str:
        """In a word."""
        if math.isnan(found.median):
            return "not measured"
        return "yes" if (found.median <= self.asked if self.at_most else found.median >= self.asked) else "**no**"


def bars(plan: Plan) -> list[Bar]:
    """All of them."""
    page, many = reads.ours(plan.usual), plan.crowd
    first, largest = reads.anew(plan.threads[0]), reads.anew(plan.largest)
    posts, pressed = writes.posts(many), writes.PRESSED.format(many)
    return [
        Bar(
            "cached page of 50 comments, gzipped, beside nginx with the same bytes",
            0.5,
            lambda book, _: book.ratio(page, reads.NGINX),
        ),
        Bar("304 beside nginx's 304", 0.35, lambda book, _: book.ratio(reads.OURS_304, reads.NGINX_304)),
        *(
            Bar(
                f"cached page beside Isso's, thread of {size}",
                asked,
                lambda book, _, size=size: book.ratio(reads.ours(size), reads.other("Isso", size)),  # type: ignore[misc]
            )
            for size, asked in ((10, 500), (100, 2_000))
        ),
        Bar("counts of 30 addresses beside the cached page", 0.5, lambda book, _: book.ratio(reads.COUNTS, page)),
        Bar(
            f"time of an uncached first page, {plan.largest:,} comments beside {plan.threads[0]}",
            1.3,
            lambda book, _: book.ratio(first, largest),
            at_most=True,
        ),
        Bar(
            f"durable posts a second, {many} writers, beside SQLite's own single inserts",
            2,
            lambda book, _: book.ratio(posts, writes.SQLITE),
        ),
        Bar(
            f"durable posts a second, {many} writers, beside Isso's",
            4,
            lambda book, _: book.ratio(posts, writes.posts(many, "Isso")),
        ),
        Bar(
            "p99 of those posts beside their p50",
            4,
            lambda book, _: book.ratio(posts, posts, "p99", base_what="p50"),
            at_most=True,
        ),
        Bar(
            f"readers' p99 while {many} write, beside without",
            2,
            lambda book, _: book.ratio(pressed, writes.CALM, "p99"),
            at_most=True,
        ),
        Bar(
            "embed to visible comments",
            8,
            lambda _, facts: _scaled(facts[start.SCRIPT].figure, 1 / 1024),
            at_most=True,
            unit="KiB",
        ),
        Bar("requests to visible comments", 2, lambda _, facts: facts[start.REQUESTS].figure, at_most=True, unit=""),
        Bar("cold start to the first answer", 0.7, lambda _, facts: facts[start.COLD].figure, at_most=True, unit="s"),
        Bar("idle memory of a worker", 70, lambda _, facts: facts[start.WORKER].figure, at_most=True, unit="MB"),
    ]


def _scaled(found: Figure, factor: float) -> Figure:
    return figure(value * factor for value in found)
