"""Writing: durable posts beside SQLite's own rate and beside others, likes, a mix, and what readers notice of it."""

from collections.abc import Callable

from bench import inserts, people
from bench.lab import MIXED, Lab
from bench.load import Sample, burst, crowd, get
from bench.rivals import Rival
from bench.rounds import Row, row
from bench.servers import GZIP, threads
from tests.support.api import BLOG

SQLITE = "SQLite, one insert a commit"
CALM, PRESSED = "readers alone, as fast as they can", "the same, while {} write"
PACED, PACED_PRESSED = "readers alone, {:,} a second", "readers, {:,} a second, while {} write"
PAGE = f"{BLOG}/posts"
PACE = 1_000


def posts(writers: int, name: str = "ours") -> str:
    """The name of a row."""
    return f"{name}, posts of {writers} writer{'s' if writers > 1 else ''}"


def likes(writers: int) -> str:
    """The name of a row."""
    return f"ours, likes of {writers}"


def mix(clients: int, part: str) -> str:
    """The name of a row; `part` is reads or posts."""
    return f"mix of {clients}: {part}"


def rows(lab: Lab) -> list[Row]:
    """What was answered 201 is on the disk, and is counted afterwards."""
    plan, server, many = lab.plan, lab.ready, lab.plan.crowd
    bearers = lab.writers  # before the server is asked for anything: it shares the database

    def post(writers: int) -> Sample:
        return people.Posting(plan, server, bearers[:writers], PAGE).result()

    def of_rival(rival: Rival, writers: int) -> Sample:
        before = rival.stored(0)
        found = crowd(plan, rival.server, [rival.posting(0)], [[0]] * writers)["post"]
        if (now := rival.stored(0)) - before < found.answers:
            raise RuntimeError(f"{rival.name}: {found.answers} comments were answered and {now - before} are there")
        return found

    return [
        row(SQLITE, lambda: inserts.measure(plan, lab.folder)),
        *(row(posts(number), lambda number=number: post(number)) for number in plan.writers),  # type: ignore[misc]  # bound now
        *(
            row(posts(number, rival.name), lambda rival=rival, number=number: of_rival(rival, number))  # type: ignore[misc]
            for rival in lab.rivals
            for number in (1, many)
        ),
        row(likes(many), lambda: people.liking(plan, server, bearers[:many])),
        *(_mixed(lab, number) for number in plan.writers),
        *_readers(lab),
    ]


def _mixed(lab: Lab, clients: int) -> Row:
    def run() -> dict[str, Sample]:
        found = people.mixing(lab.plan, lab.ready, lab.writers[:clients], MIXED)
        return {mix(clients, "reads"): found["read"], mix(clients, "posts"): found["posts"]}

    return Row(run)


def _readers(lab: Lab) -> list[Row]:
    """Another page than the one that is written on, so that it is ready all the time."""
    plan, server, many = lab.plan, lab.ready, lab.plan.crowd
    path = threads(plan.usual)
    pace = PACE if plan.load is not None else 50

    def flat_out() -> Sample:
        return burst(plan, server, path, GZIP)

    def paced() -> Sample:
        return crowd(plan, server, [get(path, GZIP)], [[0]] * many, rate=pace)["read"]

    def pressed(read: str, how: Callable[[], Sample]) -> dict[str, Sample]:
        writing = people.Posting(plan, server, lab.writers[:many], PAGE, seconds=plan.seconds + 0.5)
        try:
            found = how()
        finally:
            wrote = writing.result()
        return {read: found, f"{read}: their posts": wrote}

    return [
        row(CALM, flat_out),
        Row(lambda: pressed(PRESSED.format(many), flat_out)),
        row(PACED.format(pace), paced),
        Row(lambda: pressed(PACED_PRESSED.format(pace, many), paced)),
    ]
