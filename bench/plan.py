"""How much is measured, where, and on which cores: the settings of one run."""

import os
from dataclasses import dataclass
from pathlib import Path

from tests.support.processes import ROOT

CACHE = ROOT / ".cache" / "bench"


@dataclass(frozen=True)
class Plan:
    """`runs` rounds of bursts of so many seconds; sizes are comments, threads and sites.

    `server` and `load` are the cores that the two sides keep to; None: whatever the kernel thinks. `cache` holds what
    is made once (other systems, filled databases) and the folder of the run itself: databases that are measured must
    lie on a disk, and /tmp often is none.
    """

    runs: int = 5
    seconds: float = 1.2
    cache: Path = CACHE
    threads: tuple[int, ...] = (10, 100, 1_000, 10_000, 100_000, 1_000_000)
    pages: tuple[int, ...] = (10, 1_000, 100_000)
    sites: tuple[int, ...] = (1, 100, 10_000)
    workers: tuple[int, ...] = (1, 2, 4)
    writers: tuple[int, ...] = (1, 32, 256)
    rivals: bool = True
    nginx: bool = True
    server: int | None = None
    load: int | None = None

    @property
    def largest(self) -> int:
        """Comments of the longest thread."""
        return max(self.threads)

    @property
    def usual(self) -> int:
        """Comments of the thread whose first page stands for all: a full one, of 50."""
        return 1_000 if 1_000 in self.threads else self.largest

    @property
    def crowd(self) -> int:
        """How many clients are many."""
        return 32 if 32 in self.writers else max(self.writers)


def whole(*, runs: int, seconds: float, rivals: bool, cache: Path) -> Plan:
    """What docs/performance.md shows: one core for the server, another for the load."""
    cores = sorted(os.sched_getaffinity(0))
    return Plan(runs=runs, seconds=seconds, rivals=rivals, cache=cache, server=cores[0], load=cores[-1])


def quick(cache: Path) -> Plan:
    """Every kind of row once, tiny, and nothing that has to be installed; two of the curves, which are made alike."""
    return Plan(
        runs=1,
        seconds=0.2,
        cache=cache,
        threads=(10, 120),
        pages=(),
        sites=(2,),
        workers=(),
        writers=(1, 4),
        rivals=False,
        nginx=False,
    )
