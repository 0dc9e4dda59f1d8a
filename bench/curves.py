"""How the cost of an answer grows: with the comments of a thread, the threads of a site, the sites, the workers."""

import contextlib
from collections.abc import Callable
from dataclasses import dataclass, replace

from bench import fill, people, servers
from bench.fill import Filling
from bench.lab import Lab
from bench.load import burst
from bench.plan import Plan
from bench.rounds import Book, Row, rounds, row
from bench.servers import GZIP, threads
from tests.support.api import BLOG

READY, ANEW, POST = "a ready page", "a page made anew", "a durable post"
SERIES = (READY, ANEW, POST)
SMALL = 10  # comments of the page that is shown


@dataclass(frozen=True)
class Curve:
    """One plot: the samples of (series, x) are called `name(series, x)` in the book; `what` is a field of Sample.

    `filling` is the database of a point; None: that of the lab, whose threads are the points. `workers`: so many are
    started as the point says, one point after the other, because idle ones take turns from those that work.
    """

    key: str
    title: str
    across: str
    points: tuple[int, ...]
    filling: Callable[[int], Filling] | None
    workers: bool = False
    up: str = "CPU µs a request"
    what: str = "cpu"

    def name(self, series: str, x: int) -> str:
        """Of the samples."""
        return f"{self.key} {x}: {series}"


def curves(plan: Plan) -> list[Curve]:
    """Those that have points."""
    found = [
        Curve("comments", "Cost against comments in a thread", "comments in the thread", plan.threads, None),
        Curve(
            "threads",
            "Cost against threads in a site",
            "threads in the site",
            plan.pages,
            lambda x: Filling((SMALL, *[1] * (x - 1))),
        ),
        Curve(
            "sites", "Cost against sites on a server", "sites on the server", plan.sites, lambda x: Filling((SMALL,), x)
        ),
        Curve(
            "workers",
            "Rate against workers",
            "workers",
            plan.workers,
            lambda _: Filling((SMALL,)),
            workers=True,
            up="requests a second",
            what="rate",
        ),
    ]
    return [curve for curve in found if curve.points]


def measure(lab: Lab, tell: Callable[[str], None]) -> Book:
    """All curves into one book; bursts are half as long as elsewhere, because there are many."""
    plan, book = replace(lab.plan, seconds=lab.plan.seconds / 2), Book()
    for curve in curves(plan):
        for together in [(x,) for x in curve.points] if curve.workers else [curve.points]:
            with contextlib.ExitStack() as stack:
                rows = [one for x in together for one in _rows(stack, lab, plan, curve, x)]
                rounds(rows, runs=plan.runs, tell=tell, book=book)
    return book


def _rows(stack: contextlib.ExitStack, lab: Lab, plan: Plan, curve: Curve, x: int) -> list[Row]:
    """The three series at one point; pages show ten comments."""
    if curve.filling is None:
        shown, page, writers, ready, alone = x, fill.page(x), lab.writers[: plan.crowd], lab.ready, lab.alone
    else:
        path = stack.enter_context(fill.database_of(curve.filling(x), plan.cache, lab.folder))
        workers = {"WORKERS": str(x)} if curve.workers else {}
        shown, page, writers = SMALL, f"{BLOG}/posts", people.welcome(path, plan.crowd)
        ready = stack.enter_context(servers.ours(plan, lab.folder, path, **workers))
        alone = stack.enter_context(servers.ours(plan, lab.folder, path, READY_MB="0", **workers))
    first = threads(shown, limit=SMALL)
    return [
        row(curve.name(READY, x), lambda: burst(plan, ready, first, GZIP)),
        row(curve.name(ANEW, x), lambda: burst(plan, alone, first, GZIP, slow=True)),
        row(curve.name(POST, x), lambda: people.Posting(plan, ready, writers, page).result()),
    ]
