"""Measures everything of docs/performance.md in one run: `python -m bench`. Needs wrk, nginx and two cores."""

import os
import platform
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import click

from bench import curves, plan, plots, profiles, reads, rivals, servers, start, tables, writes
from bench.lab import Lab
from bench.plan import CACHE, Plan
from bench.rounds import rounds
from bench.tables import Found
from tests.support.processes import ROOT

PARTS = ("reads", "writes", "start", "growth", "profile")
NEEDED = {"wrk": "wrk", "nginx": "nginx-light", "taskset": "util-linux"}
FOR_RIVALS = {"node": "nodejs", "npm": "npm"}


@click.command()
@click.option("--runs", default=5, show_default=True, help="How often each row is measured, in turns.")
@click.option("--seconds", default=1.2, show_default=True, help="How long each burst is.")
@click.option("--part", "parts", type=click.Choice(PARTS), multiple=True, help="Only this part; writes no files.")
@click.option("--rivals/--no-rivals", "others", default=True, help="Whether Isso and Waline are measured, too.")
@click.option("--quick", is_flag=True, help="Everything once and tiny, without wrk, nginx and others; writes no files.")
@click.option("--cache", type=click.Path(path_type=Path), default=CACHE, help="What is made once is kept here.")
@click.option("--write/--no-write", default=True, help="Whether a whole run writes docs/performance.md.")
def main(
    runs: int, seconds: float, parts: tuple[str, ...], cache: Path, *, others: bool, quick: bool, write: bool
) -> None:
    """Measure, print the tables, and write them down."""
    signal.signal(signal.SIGTERM, lambda *_: sys.exit("bench: told to end"))
    chosen = plan.quick(cache) if quick else plan.whole(runs=runs, seconds=seconds, rivals=others, cache=cache)
    if not quick:
        _require(NEEDED | (FOR_RIVALS if others else {}))
    begin, load = time.monotonic(), os.getloadavg()[0]
    if load > 0.5 and not quick:
        click.echo(f"bench: a load of {load:.1f} before anything began; the figures will be worse for it", err=True)
    found = measure(chosen, parts or PARTS)
    record = _record(chosen) | {"load before": f"{load:.1f}", "minutes": f"{(time.monotonic() - begin) / 60:.0f}"}
    text = tables.document(chosen, found, record)
    click.echo(text)
    if write and not (quick or parts or not others):
        (ROOT / "docs/performance.md").write_text(text, encoding="utf-8")
        for name, picture in pictures(chosen, found).items():
            (ROOT / "docs/images" / name).write_text(picture, encoding="utf-8")


def measure(chosen: Plan, parts: tuple[str, ...]) -> Found:
    """These parts, one after the other."""
    begin = time.monotonic()

    def tell(what: str) -> None:
        click.echo(f"{time.monotonic() - begin:6.0f} s  {what}", err=True)

    found = Found()
    with Lab(chosen) as lab:
        if "reads" in parts:
            found.reading = rounds(reads.rows(lab), runs=chosen.runs, tell=tell)
        if "writes" in parts:
            found.writing = rounds(writes.rows(lab), runs=chosen.runs, tell=tell)
        if "start" in parts:
            found.facts = start.facts(lab)
        if "growth" in parts:
            found.growing = curves.measure(lab, tell)
        if "profile" in parts:
            found.profiles = profiles.profiles(chosen)
    return found


def pictures(chosen: Plan, found: Found) -> dict[str, str]:
    """The plots by the names of their files."""
    made = {}
    for curve in curves.curves(chosen) if found.growing.samples else ():
        series = [
            plots.Series(name, [(x, found.growing.figure(curve.name(name, x), curve.what)) for x in curve.points])
            for name in curves.SERIES
        ]
        made[f"bench-{curve.key}.svg"] = plots.plot(curve.title, curve.across, curve.up, series)
    return made


def _require(programs: dict[str, str]) -> None:
    if missing := [name for name in programs if not shutil.which(name)]:
        packages = " ".join(programs[name] for name in missing)
        sys.exit(f"bench: {', '.join(missing)} not found. On Debian: apt-get install {packages}")


def _record(chosen: Plan) -> dict[str, str]:
    """What was used, for the page."""
    kind = subprocess.run(
        ["stat", "-f", "-c", "%T", str(chosen.cache)], capture_output=True, text=True, check=False
    ).stdout.strip()
    return {
        **servers.versions(),
        **(rivals.install(chosen) if chosen.rivals else {}),
        "cores": str(os.cpu_count()),
        "Linux": platform.release(),
        "file system": kind or "unknown",
    }


if __name__ == "__main__":
    main()
