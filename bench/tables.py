"""docs/performance.md: from what was measured to text that says how, against what, and what was missed."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from bench import reads
from bench.bars import bars
from bench.curves import SERIES, Curve, curves
from bench.plan import Plan
from bench.profiles import Profile
from bench.rounds import Book, Figure
from bench.start import Fact

NOTES = Path(__file__).with_name("notes.md")


@dataclass
class Found:
    """All that a run measured; what it left out is empty."""

    reading: Book = field(default_factory=Book)
    writing: Book = field(default_factory=Book)
    facts: list[Fact] = field(default_factory=list)
    growing: Book = field(default_factory=Book)
    profiles: list[Profile] = field(default_factory=list)


def document(plan: Plan, found: Found, record: Mapping[str, str]) -> str:
    """The whole page; `record` is what was used, in words by name."""
    parts = [
        "# Performance\n",
        "<!-- Written by python -m bench; run it again to renew it. The words in between are in bench/. -->\n",
        _method(plan, record),
        "## Bars\n",
        bar_table(plan, found),
        NOTES.read_text(encoding="utf-8"),
        profile_table(found.profiles),
        "## Reading\n",
        READING,
        rate_table(found.reading, base=_beside(plan)),
        "## Writing\n",
        WRITING.format(many=plan.crowd),
        rate_table(found.writing, base={}),
        "## Start, memory, bytes\n",
        fact_table(found.facts),
        "## As it grows\n",
        GROWING,
        *(part for curve in curves(plan) for part in _curve(curve, found.growing)),
        BY_YOURSELF,
    ]
    return "\n".join(parts)


def bar_table(plan: Plan, found: Found) -> str:
    """What was asked and what was reached."""
    book = Book(found.reading.samples | found.writing.samples)
    facts = {fact.name: fact for fact in found.facts}
    lines = ["| what | asked | reached | spread | kept |", "|---|---|---|---|---|"]
    for bar in bars(plan):
        reached = bar.read(book, facts)
        asked = f"{'≤' if bar.at_most else '≥'} {bar.asked:,g} {bar.unit}".strip()
        said = f"{_number(reached.median)} {bar.unit}".strip() if not math.isnan(reached.median) else ""
        lines.append(f"| {bar.name} | {asked} | {said} | {_spread(reached)} | {bar.verdict(reached)} |")
    return "\n".join(lines) + "\n"


def rate_table(book: Book, *, base: Mapping[str, str]) -> str:
    """Every row with its rate, latencies and CPU; `base` names the row beside which a row is put."""
    beside = bool(base)
    lines = [
        "| what | a second | spread | p50 ms | p99 ms | CPU µs | bytes |" + (" beside nginx |" if beside else ""),
        "|---|---|---|---|---|---|---|" + ("---|" if beside else ""),
    ]
    for name in book.samples:
        rate = book.figure(name, "rate")
        cells = [
            name,
            _number(rate.median),
            _spread(rate),
            *(_number(book.figure(name, what).median) for what in ("p50", "p99", "cpu")),
            _number(book.figure(name, "bytes").median or math.nan),
        ]
        if beside:
            other = base.get(name)
            cells.append(_number(book.ratio(name, other).median) if other in book.samples else "")
        lines.append(f"| {' | '.join(cells)} |")
    refused = {name: refusals for name in book.samples if (refusals := book.refused(name))}
    notes = [f"Not answered as asked: {name}: {refusals}" for name, refusals in refused.items()]
    return "\n".join(lines) + "\n" + "".join(f"\n{note}.\n" for note in notes)


def fact_table(facts: Sequence[Fact]) -> str:
    """One line each."""
    lines = ["| what | how much | spread |", "|---|---|---|"]
    lines += [
        f"| {fact.name} | {_number(fact.figure.median)} {fact.unit} | {_spread(fact.figure)} |".replace("  ", " ")
        for fact in facts
    ]
    return "\n".join(lines) + "\n"


def profile_table(found: Sequence[Profile]) -> str:
    """Whose code the processor's time goes to."""
    owners = sorted(
        {owner for profile in found for owner in profile.shares},
        key=lambda owner: -sum(profile.shares.get(owner, 0) for profile in found),
    )
    lines = [f"| of the CPU time | {' | '.join(one.name for one in found)} |", "|---|" + "---|" * len(found)]
    lines += [f"| {owner} | {' | '.join(f'{one.shares.get(owner, 0):.0%}' for one in found)} |" for owner in owners]
    lines.append(f"| SQL statements a request | {' | '.join(_number(one.statements) for one in found)} |")
    return "\n".join(lines) + "\n" if found else ""


def curve_table(curve: Curve, book: Book) -> str:
    """The figures of a plot."""
    lines = [f"| {curve.across} | {' | '.join(SERIES)} |", "|---|" + "---|" * len(SERIES)]
    for x in curve.points:
        cells = [_number(book.figure(curve.name(series, x), curve.what).median) for series in SERIES]
        lines.append(f"| {x:,} | {' | '.join(cells)} |")
    return "\n".join(lines) + "\n"


def _curve(curve: Curve, book: Book) -> list[str]:
    if not book.samples:
        return []
    said = f"{curve.title}; the same figures are in the table below"
    return [f"![{said}](images/bench-{curve.key}.svg)\n", f"In {curve.up}:\n", curve_table(curve, book)]


def _beside(plan: Plan) -> dict[str, str]:
    unchanged = dict.fromkeys((reads.NGINX_304, reads.OURS_304, reads.FLASK_304), reads.NGINX_304)
    others = [reads.NGINX, reads.COUNTS, reads.FLASK, *(reads.ours(size) for size in plan.threads)]
    others += [reads.anew(size) for size in (plan.threads[0], plan.largest)]
    others += [reads.other(rival, size) for rival in ("Isso", "Waline") for size in (10, 100)]
    return dict.fromkeys(others, reads.NGINX) | unchanged


def _method(plan: Plan, record: Mapping[str, str]) -> str:
    cores = (
        f"Servers have core {plan.server} alone, those who ask have core {plan.load}"
        if plan.load is not None
        else "Nothing was bound to a core"
    )
    used = ", ".join(f"{name} {version}" for name, version in record.items())
    return METHOD.format(runs=plan.runs, seconds=plan.seconds, cores=cores, used=used)


def _number(value: float) -> str:
    if math.isnan(value):
        return ""
    if value == 0 or abs(value) >= 100:
        return f"{value:,.0f}"
    return f"{value:,.3g}"


def _spread(found: Figure) -> str:
    return "" if math.isnan(found.low) or found.low == found.high else f"{_number(found.low)} to {_number(found.high)}"


METHOD = """\
Measured by `python -m bench`. Every row is measured once in each of {runs} rounds (A B A B …), in bursts of
{seconds:g} s, after one that does not count; shown are medians, with the least and the most as the spread. Ratios are
those of one round, and then their median. {cores};
all are on one machine, over loopback. Machines differ, and some have neighbours: trust ratios and CPU time more than
rates.

Used: {used}.

Reads are asked by wrk over 32 connections. Its count of bytes must be that of its answers times the length of the
first, and every status as expected; else the run ends. Where an answer takes milliseconds, 8 clients of our own
(`bench/clients.py`) ask and look at each answer. They send the posts, the likes and the mix, too, over connections kept
open where the server keeps them; a comment that was answered 201 is looked for afterwards. CPU is the user and system
time of all of a server's processes over the answers it gave. Ours runs as it comes (`widget serve`, one worker, all
settings at their defaults) on SQLite in WAL with `synchronous=FULL`: what was answered is on the disk. Isso runs under
gunicorn with 4 workers, as its image does, with its guard off; Waline under Node with SQLite, without its limits and
its spam service, and with a file in place of the sign-in service that it asks before every answer. Both send as many
comments as their own widgets ask for: Isso all of them, Waline 10, ours 50.
"""
READING = """\
The long threads lie in one SQLite file of more than a million comments. *Made anew* and *without ready answers* are
ours with `WIDGET_READY_MB=0`: Flask and SQL for every request, not compressed. The last column compares rates (304 with
304).
"""
WRITING = """\
SQLite's own rate is one connection in a loop: one row of 600 bytes, one commit, one sync. Posts are all on one page of
the file above, each by a person with a session of their own; likes are given to comments of the longest thread and
taken back. In the mix every client reads 19 of 20 pages of 50 comments and then posts on one of them. At the end {many}
readers of a page that stays ready, without and with {many} people who post on another page meanwhile.
"""
GROWING = """\
Pages show 10 comments. A flat line is what we want: what an answer costs depends on what it shows.
"""
BY_YOURSELF = """\
## Measure it yourself

```sh
apt-get install wrk nginx-light util-linux      # Debian; node and npm for Waline
.venv/bin/python -m bench                       # everything; writes this page and its pictures
.venv/bin/python -m bench --part writes         # reads, writes, start, growth, profile: writes nothing
.venv/bin/python -m bench --no-rivals           # without Isso and Waline
.venv/bin/python -m bench --quick               # seconds; only to see that it works: no wrk, nginx or others
```

It takes about 10 minutes, and some 6 more the first time: then it installs Isso and Waline (whose SQLite driver it
compiles) and fills databases. They stay in `.cache/bench`, 2 GB of them; delete it when you like. `Ctrl-C` ends it all,
and everything that was started.
"""
