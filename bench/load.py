"""One burst of load by wrk, and what it cost the server's processes."""

import os
import re
import subprocess
from dataclasses import dataclass

import psutil

LINE = re.compile(r"Requests/sec:\s+([\d.]+)")
PART = re.compile(r"(\d+)%\s+([\d.]+)(us|ms|s)\b")
UNIT = {"us": 0.001, "ms": 1.0, "s": 1000.0}


@dataclass(frozen=True)
class Burst:
    """Requests a second, latencies in milliseconds, CPU of the server in microseconds a request."""

    rate: float
    p50: float
    p99: float
    cpu: float


def pin(processes: list[psutil.Process], core: int) -> None:
    """Keep these processes, with all their threads, on one core."""
    for process in processes:
        for thread in process.threads():
            os.sched_setaffinity(thread.id, {core})


def burst(url: str, server: list[psutil.Process], *, headers: tuple[str, ...], clients: int, seconds: float) -> Burst:
    """Load `url` from the other core. Raises RuntimeError when an answer was no success."""
    before = _cpu(server)
    words = ["taskset", "-c", "1", "wrk", "-t1", f"-c{clients}", f"-d{seconds:g}s", "--latency"]
    for header in headers:
        words += ["-H", header]
    done = subprocess.run([*words, url], capture_output=True, text=True, check=True).stdout
    if "Non-2xx" in done or "Socket errors" in done:
        raise RuntimeError(done)
    rate = float(LINE.search(done)[1])  # type: ignore[index]  # wrk always says it
    parts = {int(share): float(value) * UNIT[unit] for share, value, unit in PART.findall(done)}
    used = (_cpu(server) - before) * 1e6 / max(1.0, rate * seconds)
    return Burst(rate, parts[50], parts[99], used)


def _cpu(processes: list[psutil.Process]) -> float:
    total = 0.0
    for process in processes:
        times = process.cpu_times()
        total += times.user + times.system
    return total
