"""The servers that are measured: ours as it comes and without ready bytes, and nginx with the same bytes."""

import contextlib
import json
import os
import shutil
import socket
import subprocess
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple
from urllib.parse import quote

import psutil
import requests

from bench import fill
from bench.plan import Plan
from tests.support import live as rig
from tests.support.processes import Program
from tests.support.waiting import free_port

GZIP = "Accept-Encoding: gzip"


class Size(NamedTuple):
    """Bytes of an answer."""

    head: int
    body: int


@dataclass
class Server:
    """Where it listens, and all that answers there."""

    port: int
    program: Program

    def cpu(self) -> float:
        """User and system seconds that its processes have had."""
        times = [process.cpu_times() for process in self.program.descendants()]
        return float(sum(one.user + one.system for one in times))

    def worker(self) -> psutil.Process:
        """The process that answers: the one with the most memory."""
        return max(self.program.descendants(), key=lambda one: one.memory_info().rss)

    def url(self, path: str) -> str:
        """An address on it."""
        return f"http://127.0.0.1:{self.port}{path}"

    def exchange(self, request: str, status: int) -> Size:
        """Send this and see how long the answer is. Raises RuntimeError when it has another status."""
        with socket.create_connection(("127.0.0.1", self.port), timeout=60) as connection:
            connection.sendall(request.encode())
            received = b""
            while (end := received.find(b"\r\n\r\n")) < 0:
                received += (some := connection.recv(65_536))
                if not some:
                    raise RuntimeError(f"{request.splitlines()[0]}: no answer")
            head = received[: end + 4]
            if int(head[9:12]) != status:
                raise RuntimeError(f"{request.splitlines()[0]}: {received[:500]!r}")
            lines = head.decode("latin1").lower().splitlines()
            length = next((int(line[15:]) for line in lines if line.startswith("content-length:")), 0)
            return Size(len(head), 0 if status == 304 else length)

    def etag(self, path: str) -> str:
        """The ETag of a gzipped answer."""
        return str(requests.get(self.url(path), headers={"Accept-Encoding": "gzip"}, timeout=60).headers["ETag"])


def pinned(core: int | None, words: Sequence[str]) -> list[str]:
    """The command on this core alone."""
    return list(words) if core is None else ["taskset", "-c", str(core), *words]


def threads(comments: int, **more: object) -> str:
    """The path under which ours gives the page with so many comments."""
    extra = "".join(f"&{name}={value}" for name, value in more.items())
    return f"/api/v1/threads?site=blog&url={quote(fill.page(comments), safe='')}{extra}"


@contextlib.contextmanager
def ours(plan: Plan, folder: Path, path: Path, **settings: str) -> Iterator[Server]:
    """`widget serve` on this database; `settings` by name without prefix. No limits: of those it is not about."""
    port = free_port()
    env = rig.settings(folder, database_url=f"sqlite:///{path}", port=port, AVATARS="false", LIMITS="0", **settings)
    core = None if int(settings.get("WORKERS", "1")) > 1 else plan.server
    program = Program(pinned(core, [sys.executable, "-m", "widget", "serve"]), log=folder / f"ours-{port}.log", env=env)
    with served(program, port) as server:
        yield server


@contextlib.contextmanager
def nginx(plan: Plan, folder: Path, body: bytes, gzipped: bytes) -> Iterator[Server]:
    """One worker that sends these bytes, gzipped beforehand, from a file."""
    place, port = folder / "nginx", free_port()
    (place / "www").mkdir(parents=True)
    (place / "www" / "page.json").write_bytes(body)
    (place / "www" / "page.json.gz").write_bytes(gzipped)
    shutil.copystat(place / "www" / "page.json", place / "www" / "page.json.gz")
    (place / "nginx.conf").write_text(f"""
        daemon off; worker_processes 1; pid {place}/pid; error_log {place}/error.log;
        events {{ worker_connections 1024; }}
        http {{
          access_log off; keepalive_requests 1000000; gzip_static on; sendfile on; tcp_nopush on;
          open_file_cache max=100; etag on; types {{ application/json json; }}
          client_body_temp_path {place}/b; proxy_temp_path {place}/p; fastcgi_temp_path {place}/f;
          uwsgi_temp_path {place}/u; scgi_temp_path {place}/s;
          server {{ listen 127.0.0.1:{port}; root {place}/www; }}
        }}""")
    os.chmod(folder, 0o755)  # noqa: PTH101, S103 - its worker is another user
    words = ["nginx", "-p", str(place), "-c", str(place / "nginx.conf")]
    with served(Program(pinned(plan.server, words), log=folder / "nginx.log", env={}), port) as server:
        yield server


@contextlib.contextmanager
def served(program: Program, port: int) -> Iterator[Server]:
    """The program, from when it listens to the end of the block."""
    try:
        program.await_port(port, seconds=60)
        yield Server(port, program)
    finally:
        program.stop()


def first_line(*words: str) -> str:
    """What a program says of its version."""
    done = subprocess.run(words, capture_output=True, text=True, check=False)
    return (done.stdout + done.stderr).strip().partition("\n")[0]


def versions() -> dict[str, str]:
    """For the record."""
    found = {"Python": sys.version.split()[0], "granian": version_of(sys.executable, "granian")}
    if shutil.which("nginx"):
        found["nginx"] = first_line("nginx", "-v").rpartition("/")[2]
    if shutil.which("wrk"):
        found["wrk"] = first_line("wrk", "-v").split()[1]
    return found


def version_of(python: str, package: str) -> str:
    """The version of a package that this Python has."""
    words = f"import importlib.metadata as m, json; print(json.dumps(m.version({package!r})))"
    return str(json.loads(first_line(python, "-c", words)))
