"""Bursts of load, and what they cost the server's processes: by wrk, or by clients of our own that tell more."""

import contextlib
import json
import math
import signal
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field, replace
from itertools import count
from pathlib import Path

from bench.plan import Plan
from bench.servers import Server, pinned
from tests.support.processes import ROOT

CLIENTS = 32
_NUMBERS = count(1)
_ROOM = 100_000_000  # numbers of requests that one burst can have


@dataclass(frozen=True)
class Sample:
    """One burst: answers a second as they were asked for, latencies in milliseconds, CPU of the server in
    microseconds an answer; `bytes` of one answer with its head, where all are alike; how many were others, by reason.
    """

    rate: float
    p50: float = math.nan
    p99: float = math.nan
    cpu: float = math.nan
    bytes: int = 0
    answers: int = 0
    refused: dict[str, int] = field(default_factory=dict)


@dataclass(frozen=True)
class Request:
    """What a client sends: `text` is the whole request as it goes over the wire (bench.clients)."""

    kind: str
    text: str
    status: int = 200
    length: int | None = None


def get(path: str, *headers: str, kind: str = "read", status: int = 200, length: int | None = None) -> Request:
    """A GET."""
    return Request(kind, _text("GET", path, headers, ""), status, length)


def send(method: str, path: str, body: str, *headers: str, kind: str, status: int) -> Request:
    """A request that writes; its body is JSON, or nothing."""
    kinds = ("Content-Type: application/json",) if body else ()
    return Request(kind, _text(method, path, (*kinds, *headers), body), status)


def burst(plan: Plan, server: Server, path: str, *headers: str, status: int = 200, slow: bool = False) -> Sample:
    """Ask for one path as fast as it goes. Raises RuntimeError unless every answer was alike, and as a first one was.

    wrk counts statuses and bytes: all answers together have to be as long as so many times the first. It forgets what
    was on its way at the end, which is much of what a `slow` server does: there, 8 clients of our own wait for it.
    """
    size = server.exchange(get(path, *headers).text, status)
    if slow or plan.load is None:
        request = get(path, *headers, status=status, length=size.body)
        found = crowd(plan, server, [request], [[0]] * 8)["read"]
        if found.refused:
            raise RuntimeError(f"{path}: {found.refused}")
        return replace(found, bytes=size.head + size.body)
    words = ["wrk", "-t1", f"-c{CLIENTS}", "-d1h", "-s", str(Path(__file__).with_name("wrk.lua"))]
    for header in headers:
        words += ["-H", header]
    before = server.cpu()
    said = _stopped(pinned(plan.load, [*words, server.url(path)]), plan.seconds)
    used = server.cpu() - before
    found = json.loads(said.partition("FOUND ")[2].partition("\n")[0])
    number, whole = found["requests"], size.head + size.body
    # What was on its way at the end has bytes and no request.
    strange = not -whole <= found["bytes"] - number * whole <= CLIENTS * whole
    if found["refused"] or found["broken"] or strange or not number:
        raise RuntimeError(f"{path}: not every answer was {status} with {whole} bytes: {found}")
    return Sample(
        rate=number / found["took"] * 1e6,
        p50=found["p50"] / 1000,
        p99=found["p99"] / 1000,
        cpu=used * 1e6 / number,
        bytes=whole,
        answers=number,
    )


class Crowd:
    """Clients of our own at work, until `result` is asked for."""

    def __init__(
        self,
        plan: Plan,
        server: Server,
        requests: Sequence[Request],
        clients: Sequence[Sequence[int]],
        *,
        rate: float | None = None,
        seconds: float | None = None,
    ) -> None:
        """Every client sends the requests that it lists, in turns; `rate` of all together, or as fast as it goes."""
        self._server = server
        task = {
            "port": server.port,
            "seconds": seconds or plan.seconds,
            "rate": rate,
            "number": next(_NUMBERS) * _ROOM,
            "requests": [asdict(one) for one in requests],
            "clients": [list(turns) for turns in clients],
        }
        self._process = subprocess.Popen(
            pinned(plan.load, [sys.executable, "-m", "bench.clients"]),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            cwd=ROOT,
        )
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        try:
            print(json.dumps(task), file=self._process.stdin, flush=True)
            self._process.stdout.readline()  # all clients are connected
        except BaseException:
            self._process.kill()
            raise
        self._before = server.cpu()

    def result(self) -> dict[str, Sample]:
        """What came of each kind of request; CPU is over all kinds."""
        try:
            said, _ = self._process.communicate()
        finally:
            self._process.kill()
        used = self._server.cpu() - self._before
        found = json.loads(said)
        total = sum(len(kind["latencies"]) for kind in found["kinds"].values())
        return {
            name: Sample(
                rate=len(kind["latencies"]) / found["seconds"],
                p50=percentile(kind["latencies"], 50),
                p99=percentile(kind["latencies"], 99),
                cpu=used * 1e6 / total if total else math.nan,
                answers=len(kind["latencies"]),
                refused=kind["refused"],
            )
            for name, kind in found["kinds"].items()
        }


def crowd(
    plan: Plan, server: Server, requests: Sequence[Request], clients: Sequence[Sequence[int]], **more: float
) -> dict[str, Sample]:
    """The same from beginning to end."""
    return Crowd(plan, server, requests, clients, **more).result()


def percentile(values: Sequence[float], share: int) -> float:
    """The value that `share` of a hundred do not exceed; nan of nothing."""
    ordered = sorted(values)
    return ordered[max(0, math.ceil(len(ordered) * share / 100) - 1)] if ordered else math.nan


def _stopped(words: Sequence[str], seconds: float) -> str:
    """What the program says when it is stopped, as by Ctrl-C; wrk itself knows whole seconds only."""
    with subprocess.Popen(words, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True) as process:
        try:
            with contextlib.suppress(subprocess.TimeoutExpired):
                process.wait(seconds)
            process.send_signal(signal.SIGINT)
            said, _ = process.communicate()
        except BaseException:
            process.kill()
            raise
    if process.returncode:
        raise RuntimeError(f"{' '.join(words)}\n{said}")
    return said


def _text(method: str, path: str, headers: Sequence[str], body: str) -> str:
    lines = [f"{method} {path} HTTP/1.1", "Host: 127.0.0.1", *headers]
    if method != "GET":
        lines.append(f"Content-Length: {len(body.encode())}")
    return "\r\n".join([*lines, "", body])
