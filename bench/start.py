"""What is there before anybody reads: the time to the first answer, memory, and how many bytes a reader gets."""

import contextlib
import gzip
import re
import time
from dataclasses import dataclass
from pathlib import Path

import requests

from bench import fill, servers
from bench.lab import Lab
from bench.load import get
from bench.plan import Plan
from bench.rounds import Figure, figure
from bench.servers import GZIP, Server, threads

COLD, WORKER, KEEPER = "cold start to the first answer", "memory of an idle worker", "memory of the process above it"
SCRIPT = "the embed's script, gzipped"
EMBED = "from nothing to visible comments: our bytes, gzipped"
REQUESTS = "from nothing to visible comments: requests"


@dataclass(frozen=True)
class Fact:
    """One line: what, how much, in which unit."""

    name: str
    figure: Figure
    unit: str


def facts(lab: Lab) -> list[Fact]:
    """All of it; memory is what a process would give back (PSS)."""
    cold, workers, keepers = [], [], []
    with contextlib.ExitStack() as stack:
        path = stack.enter_context(fill.database_of(fill.Filling((10, 50)), lab.plan.cache, lab.folder))
        for _ in range(lab.plan.runs):
            seconds, worker, keeper = _started(lab.plan, lab, path)
            cold.append(seconds)
            workers.append(worker)
            keepers.append(keeper)
        server = stack.enter_context(servers.ours(lab.plan, lab.folder, path))
        found = [
            Fact(COLD, figure(cold), "s"),
            Fact(WORKER, figure(workers), "MB"),
            Fact(KEEPER, figure(keepers), "MB"),
            *_bytes(server),
            *_weight(server),
        ]
    for rival in lab.rivals:
        total = sum(one.memory_full_info().pss for one in rival.server.program.descendants()) / 1e6
        found.append(Fact(f"memory of {rival.name}, all of its processes", figure([total]), "MB"))
        if rival.name == "Isso":  # Waline's script is another package
            script = requests.get(rival.server.url("/js/embed.min.js"), timeout=60)
            script.raise_for_status()
            found.append(Fact("Isso's script, gzipped", figure([len(gzip.compress(script.content, 9))]), "bytes"))
    return found


def _started(plan: Plan, lab: Lab, path: Path) -> tuple[float, float, float]:
    """Seconds from the command to its first answer, and the MB of the worker and of the process that started it."""
    begin = time.perf_counter()
    with servers.ours(plan, lab.folder, path) as server:
        server.exchange(get(threads(50), GZIP).text, 200)
        seconds = time.perf_counter() - begin
        sizes = sorted(one.memory_full_info().pss / 1e6 for one in server.program.descendants())
        return seconds, sizes[-1], sum(sizes[:-1])


def _bytes(server: Server) -> list[Fact]:
    sizes = {}
    for coding in ("identity", "gzip", "br"):
        request = get(threads(50), f"Accept-Encoding: {coding}")
        sizes[coding] = server.exchange(request.text, 200).body / 50
    names = {"identity": "as it is", "gzip": "gzipped", "br": "brotli"}
    return [
        Fact(f"a comment in a page of 50, {names[coding]}", figure([size]), "bytes") for coding, size in sizes.items()
    ]


def _weight(server: Server) -> list[Fact]:
    """The script, and the page of comments that it asks for; it asks for nothing else before they are there.

    tests/test_embed_build.py holds that the first painted comments need this one script.
    """
    script = server.exchange(get("/embed.js", GZIP).text, 200)
    source = requests.get(server.url("/embed.js"), timeout=60).text
    imports = set(re.findall(r'^\s*import\b[^(\n]*?["\']([^"\']+)["\']', source, re.MULTILINE))
    answer = server.exchange(get(threads(50), GZIP).text, 200)
    return [
        Fact(SCRIPT, figure([script.body]), "bytes"),
        Fact(EMBED, figure([script.body + answer.body]), "bytes"),
        Fact(REQUESTS, figure([2 + len(imports)]), ""),
    ]
