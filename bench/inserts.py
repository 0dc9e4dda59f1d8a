"""How fast SQLite itself makes single rows durable: the limit of whoever syncs each one (`python -m bench.inserts`).

One connection, WAL, synchronous=FULL, one INSERT of a comment's size a commit: nothing else is done.
"""

import json
import sqlite3
import subprocess
import sys
import time
from contextlib import closing
from pathlib import Path

from bench.load import Sample, percentile
from bench.plan import Plan
from bench.servers import pinned
from tests.support.processes import ROOT

SIZE = 600  # bytes of a row, as many as a comment of ours has


def measure(plan: Plan, folder: Path) -> Sample:
    """In a process of its own, on the server's core and the database's disk."""
    words = [sys.executable, "-m", "bench.inserts", str(folder / "inserts.db"), str(plan.seconds)]
    done = subprocess.run(pinned(plan.server, words), capture_output=True, text=True, check=True, cwd=ROOT)
    return Sample(**json.loads(done.stdout))


def main(path: str, seconds: float) -> None:
    """Insert for so many seconds, and say how it went."""
    latencies = []
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        for statement in ("journal_mode=WAL", "synchronous=FULL"):
            connection.execute(f"PRAGMA {statement}")
        connection.execute("CREATE TABLE IF NOT EXISTS comment (id INTEGER PRIMARY KEY, html TEXT NOT NULL)")
        text = "x" * SIZE
        begin, spent = time.perf_counter(), time.process_time()
        now = begin
        while now < begin + seconds:
            connection.execute("INSERT INTO comment (html) VALUES (?)", (text,))
            before, now = now, time.perf_counter()
            latencies.append((now - before) * 1000)
        spent = time.process_time() - spent
    found = {
        "rate": len(latencies) / (now - begin),
        "p50": percentile(latencies, 50),
        "p99": percentile(latencies, 99),
        "cpu": spent * 1e6 / len(latencies),
        "answers": len(latencies),
    }
    json.dump(found, sys.stdout)


if __name__ == "__main__":
    main(sys.argv[1], float(sys.argv[2]))
