"""The servers that are measured: ours with and without ready bytes, nginx with those bytes, Isso from its package."""

import contextlib
import json
import os
import subprocess
import sys
import venv
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

import psutil
import requests

from tests.support import live as rig
from tests.support import stores
from tests.support.api import BLOG, key
from tests.support.processes import ROOT, Program
from tests.support.waiting import free_port

TEXT = "A comment of some words, with a [link](https://example.org/) and *one* word that matters. "


@dataclass
class Server:
    """Where it listens, and all that answers there."""

    port: int
    program: Program

    def processes(self) -> list[psutil.Process]:
        """Those whose CPU counts."""
        return self.program.descendants()

    def url(self, path: str) -> str:
        """An address on it."""
        return f"http://127.0.0.1:{self.port}{path}"


def page(comments: int) -> str:
    """The page with so many comments."""
    return f"{BLOG}/page-{comments}"


def threads(comments: int) -> str:
    """The path under which ours gives that page's comments."""
    return f"/api/v1/threads?site=blog&url={quote(page(comments), safe='')}"


@contextlib.contextmanager
def ours(folder: Path, sizes: tuple[int, ...]) -> Iterator[tuple[Server, Server]]:
    """Two servers on one database with pages of these sizes: with ready bytes, and Flask alone."""
    store = stores.SQLite(folder)
    (folder / "ours").mkdir()
    with store.fresh(folder / "ours") as url, contextlib.ExitStack() as stack:
        servers = []
        for ready in (64, 0):
            port = free_port()
            env = rig.settings(folder / "ours", database_url=url, port=port, READY_MB=str(ready), LIVE_PLACES="4")
            if ready:
                rig.command(env, "site", "add", "blog", "--origin", BLOG)
                rig.command(env, "site", "set", "blog", *rig.OPEN)
            servers.append(Server(port, stack.enter_context(rig.running(env, folder / f"ours-{ready}.log"))))
        fill(servers[0], sizes)
        yield servers[0], servers[1]


def fill(server: Server, sizes: tuple[int, ...]) -> None:
    """Write the comments, as guests do."""
    http = requests.Session()
    http.headers["Origin"] = BLOG

    def send(where: str, body: dict[str, object]) -> dict[str, str]:
        answer = http.post(server.url(f"/api/v1/{where}"), json=body, headers={"Idempotency-Key": key()}, timeout=60)
        answer.raise_for_status()
        found: dict[str, str] = answer.json()
        return found

    http.headers["Authorization"] = f"Bearer {send('session', {'site': 'blog', 'guest': {'name': 'Ann'}})['token']}"
    for size in sizes:
        for number in range(size):
            send("comments", {"site": "blog", "page": {"url": page(size)}, "text": f"{number}. {TEXT}"})


@contextlib.contextmanager
def nginx(folder: Path, body: bytes) -> Iterator[Server]:
    """One worker that sends these bytes, gzipped beforehand, from a file."""
    place, port = folder / "nginx", free_port()
    (place / "www").mkdir(parents=True)
    (place / "www" / "page.json").write_bytes(body)
    subprocess.run(["gzip", "-9k", str(place / "www" / "page.json")], check=True)
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
    program = Program(["nginx", "-p", str(place), "-c", str(place / "nginx.conf")], log=folder / "nginx.log", env={})
    try:
        program.await_port(port)
        yield Server(port, program)
    finally:
        program.stop()


@contextlib.contextmanager
def isso(folder: Path, sizes: tuple[int, ...]) -> Iterator[Server]:
    """Isso from its package under gunicorn, as its image runs it; its own limits off."""
    home = ROOT / ".cache" / "bench-isso"
    python = home / "bin" / "python"
    if not python.exists():
        venv.create(home, with_pip=True)
        subprocess.run([python, "-m", "pip", "install", "-q", "isso", "gunicorn", "setuptools<81"], check=True)
    port = free_port()
    settings = folder / "isso.cfg"
    settings.write_text(
        f"[general]\ndbpath = {folder}/isso.db\nhost = {BLOG}/\n[guard]\nenabled = false\n[server]\nlisten = http://127.0.0.1:{port}/\n"
    )
    words = [str(home / "bin" / "gunicorn"), "-b", f"127.0.0.1:{port}", "-w", "4", "--preload", "isso.run"]
    program = Program(words, log=folder / "isso.log", env={"ISSO_SETTINGS": str(settings)})
    try:
        program.await_port(port)
        server = Server(port, program)
        for size in sizes:
            for number in range(size):
                body = json.dumps({"text": f"{number}. {TEXT}", "author": "Ann", "title": "A page"})
                address = server.url(f"/new?uri=%2Fpage-{size}%2F")
                headers = {"Content-Type": "application/json", "Origin": BLOG}
                requests.post(address, data=body, headers=headers, timeout=60).raise_for_status()
        yield server
    finally:
        program.stop()


def python_version() -> str:
    """For the record."""
    return sys.version.split()[0]
