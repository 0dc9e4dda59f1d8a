"""Measures A B A B and writes docs/performance.md. Needs wrk and nginx (Debian's packages) and two cores."""

import contextlib
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import click
import requests

from bench import rivals
from bench.load import Burst, burst, pin
from bench.rivals import Server, page, threads
from tests.support.processes import ROOT

GZIP = "Accept-Encoding: gzip"


@dataclass(frozen=True)
class Case:
    """One row of the table: what is asked of whom."""

    name: str
    server: Server
    path: str
    headers: tuple[str, ...] = (GZIP,)
    clients: int = 32


@click.command()
@click.option("--runs", default=5, show_default=True, help="How often each case is measured, in turns.")
@click.option("--seconds", default=3.0, show_default=True, help="How long each burst is.")
@click.option("--isso/--no-isso", default=True, help="Whether Isso is installed from its package and measured.")
@click.option("--write/--no-write", default=True, help="Whether docs/performance.md is written.")
def main(runs: int, seconds: float, *, isso: bool, write: bool) -> None:
    """Measure, print the table, and write it down."""
    if missing := [name for name in ("wrk", "nginx", "taskset") if not shutil.which(name)]:
        sys.exit(f"bench: {', '.join(missing)} not found: apt-get install wrk nginx-light util-linux")
    with contextlib.ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="bench-")))
        ready, alone = stack.enter_context(rivals.ours(folder, (10, 50, 100, 1000)))
        body = requests.get(ready.url(threads(50)), headers={"Accept-Encoding": "identity"}, timeout=30).content
        limit = stack.enter_context(rivals.nginx(folder, body))
        cases = _cases(ready, alone, limit)
        if isso:
            other = stack.enter_context(rivals.isso(folder, (10, 100)))
            cases += [Case(f"Isso, thread of {size}", other, f"/?uri=%2Fpage-{size}%2F") for size in (10, 100)]
        for server in {id(case.server): case.server for case in cases}.values():
            pin(server.processes(), 0)
        found = _measure(cases, runs=runs, seconds=seconds)
    table = _table(cases, found, runs=runs, seconds=seconds, size=len(body))
    click.echo(table)
    if write:
        (ROOT / "docs/performance.md").write_text(table, encoding="utf-8")


def _cases(ready: Server, alone: Server, limit: Server) -> list[Case]:
    def tag(server: Server, path: str) -> tuple[str, ...]:
        found = requests.get(server.url(path), headers={"Accept-Encoding": "gzip"}, timeout=30).headers["ETag"]
        return GZIP, f"If-None-Match: {found}"

    counts = "/api/v1/counts?site=blog&" + "&".join(f"url={page(number)}" for number in range(30))
    still = "/page.json"
    return [
        Case("nginx, the same bytes", limit, still),
        Case("nginx, 304", limit, still, tag(limit, still)),
        *(Case(f"ours, thread of {size}", ready, threads(size)) for size in (10, 50, 100, 1000)),
        Case("ours, 304", ready, threads(50), tag(ready, threads(50))),
        Case("ours, counts of 30 addresses", ready, counts),
        Case("Flask alone, thread of 50", alone, threads(50)),
        Case("Flask alone, 304", alone, threads(50), tag(alone, threads(50))),
    ]


def _measure(cases: list[Case], *, runs: int, seconds: float) -> dict[str, list[Burst]]:
    found: dict[str, list[Burst]] = {case.name: [] for case in cases}
    for _ in range(runs):
        for case in cases:
            address, server = case.server.url(case.path), case.server.processes()
            found[case.name].append(burst(address, server, headers=case.headers, clients=case.clients, seconds=seconds))
    return found


def _table(cases: list[Case], found: dict[str, list[Burst]], *, runs: int, seconds: float, size: int) -> str:
    def median(name: str, what: Callable[[Burst], float]) -> float:
        return statistics.median(what(one) for one in found[name])

    base = {
        False: median("nginx, the same bytes", lambda one: one.rate),
        True: median("nginx, 304", lambda one: one.rate),
    }
    version = subprocess.run(["nginx", "-v"], capture_output=True, text=True, check=False).stderr.strip()
    lines = [
        "# Performance\n",
        "<!-- Written by python -m bench; run it again to renew it. -->",
        f"Measured by `python -m bench`: {runs} bursts of {seconds:g} s for each row in turns (A B A B …), medians; 32",
        f"connections by wrk on one core, the server pinned to the other, of {os.cpu_count()};",
        f"{version.removeprefix('nginx version: ')}, Python {rivals.python_version()}. Every answer was a success, or",
        f"the burst failed. A page of 50 comments has {size:,} bytes, gzipped on the wire. CPU is user and system time",
        "of the server's processes. Machines differ: the ratios matter, not the figures.\n",
        "| what | requests/s | spread | p50 ms | p99 ms | CPU µs a request | beside nginx |",
        "|---|---|---|---|---|---|---|",
    ]
    for case in cases:
        rates = [one.rate for one in found[case.name]]
        rate = statistics.median(rates)
        lines.append(
            f"| {case.name} | {rate:,.0f} | {min(rates):,.0f} to {max(rates):,.0f} "
            f"| {median(case.name, lambda one: one.p50):.2f} | {median(case.name, lambda one: one.p99):.2f} "
            f"| {median(case.name, lambda one: one.cpu):,.0f} | {rate / base['304' in case.name]:.3f} |"
        )
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    main()
