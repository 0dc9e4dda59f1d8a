"""How the cost of an answer grows: with the comments of a thread, the threads of a site, the sites, the workers."""

import contextlib
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

from bench import fill, people, servers
from bench.lab import Lab
from bench.load import Sample, burst
from bench.plan import Plan
from bench.rounds import Book, Row, rounds, row
from bench.servers import GZIP, Server, threads
from tests.support.api import BLOG

READY, ANEW, POST = "a ready page", "a page made anew", "a durable post"
SERIES = (READY, ANEW, POST)
SMALL = 10  # comments of the page that is shown


@dataclass(frozen=True)
class Curve:
    """One plot: the samples of (series, x) are called `name(series, x)` in the book; `what` is a field of Sample."""

    key: str
    title: str
    across: str
    up: str
    what: str
    points: tuple[int, ...]

    def name(self, series: str, x: int) -> str:
        """Of the samples."""
        return f"{self.key} {x}: {series}"


def curves(plan: Plan) -> list[Curve]:
    """Which there are."""
    cpu = "CPU µs a request"
    return [
        Curve("comments", "Cost against comments in a thread", "comments in the thread", cpu, "cpu", plan.threads),
        Curve("threads", "Cost against threads in a site", "threads in the site", cpu, "cpu", plan.pages),
        Curve("sites", "Cost against sites on a server", "sites on the server", cpu, "cpu", plan.sites),
        Curve("workers", "Rate against workers", "workers", "requests a second", "rate", plan.workers),
    ]


def measure(lab: Lab, tell: Callable[[str], None]) -> Book:
    """All curves into one book; bursts are half as long as elsewhere, because there are many."""
    plan, book = replace(lab.plan, seconds=lab.plan.seconds / 2), Book()
    by_comments, by_threads, by_sites, by_workers = curves(plan)
    rows = []
    for size in plan.threads:
        rows += _three(plan, by_comments, size, lab.ready, lab.alone, lab.writers[: plan.crowd], fill.page(size))
    rounds(rows, runs=plan.runs, tell=tell, book=book)
    with contextlib.ExitStack() as stack:
        rows = []
        for number in plan.pages:
            path = _database(stack, lab, fill.Filling((SMALL, *[1] * (number - 1))))
            rows += _served(stack, lab, plan, by_threads, number, path)
        rounds(rows, runs=plan.runs, tell=tell, book=book)
    with contextlib.ExitStack() as stack:
        rows = []
        for number in plan.sites:
            path = _database(stack, lab, fill.Filling((SMALL,), sites=number))
            rows += _served(stack, lab, plan, by_sites, number, path)
        rounds(rows, runs=plan.runs, tell=tell, book=book)
    for number in plan.workers:  # one after the other: idle workers take their turns from those that work
        with contextlib.ExitStack() as stack:
            path = _database(stack, lab, fill.Filling((SMALL,)))
            rows = _served(stack, lab, plan, by_workers, number, path, WORKERS=str(number))
            rounds(rows, runs=plan.runs, tell=tell, book=book)
    return book


def _database(stack: contextlib.ExitStack, lab: Lab, filling: fill.Filling) -> Path:
    return stack.enter_context(fill.database_of(filling, lab.plan.cache, lab.folder))


def _served(
    stack: contextlib.ExitStack, lab: Lab, plan: Plan, curve: Curve, x: int, path: Path, **settings: str
) -> list[Row]:
    writers = people.welcome(path, plan.crowd)
    ready = stack.enter_context(servers.ours(plan, lab.folder, path, **settings))
    alone = stack.enter_context(servers.ours(plan, lab.folder, path, READY_MB="0", **settings))
    return _three(plan, curve, x, ready, alone, writers, f"{BLOG}/posts", shown=SMALL)


def _three(
    plan: Plan,
    curve: Curve,
    x: int,
    ready: Server,
    alone: Server,
    writers: list[str],
    page: str,
    *,
    shown: int | None = None,
) -> list[Row]:
    """The three series at one point; pages show ten comments."""
    path = threads(shown or x, limit=SMALL)

    def read(server: Server, *, slow: bool = False) -> Callable[[], Sample]:
        return lambda: burst(plan, server, path, GZIP, slow=slow)

    return [
        row(curve.name(READY, x), read(ready)),
        row(curve.name(ANEW, x), read(alone, slow=True)),
        row(curve.name(POST, x), lambda: people.Posting(plan, ready, writers, page).result()),
    ]
