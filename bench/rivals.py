"""Other systems from their packages, installed once into the bench's cache and run as they are meant to be."""

import contextlib
import json
import os
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import requests

from bench.load import Request, send
from bench.plan import Plan
from bench.servers import Server, pinned, served, version_of
from tests.support.api import BLOG
from tests.support.processes import Program
from tests.support.waiting import free_port

TEXT = "A comment of some words, with a [link](https://example.org/) and *one* word that matters."
# Waline's SQLite tables, as far as its comments and counters need them; what its guide offers is a ready file.
_WALINE = """
    CREATE TABLE wl_Comment (id INTEGER PRIMARY KEY AUTOINCREMENT, user_id INTEGER, comment TEXT,
        insertedAt DATETIME DEFAULT (datetime('now', 'localtime')),
        ip TEXT, link TEXT, mail TEXT, nick TEXT, rid INTEGER, pid INTEGER, sticky NUMERIC, status TEXT NOT NULL,
        "like" INTEGER, ua TEXT, url TEXT, createdAt DATETIME DEFAULT (datetime('now', 'localtime')),
        updatedAt DATETIME DEFAULT (datetime('now', 'localtime')));
    CREATE TABLE wl_Counter (id INTEGER PRIMARY KEY AUTOINCREMENT, time INTEGER, reaction0 INTEGER, url TEXT,
        createdAt DATETIME DEFAULT (datetime('now', 'localtime')),
        updatedAt DATETIME DEFAULT (datetime('now', 'localtime')));
    CREATE TABLE wl_Users (id INTEGER PRIMARY KEY AUTOINCREMENT, display_name TEXT NOT NULL DEFAULT '',
        email TEXT NOT NULL DEFAULT '', password TEXT NOT NULL DEFAULT '', type TEXT NOT NULL DEFAULT '', label TEXT,
        avatar TEXT, url TEXT, createdAt DATETIME DEFAULT (datetime('now', 'localtime')),
        updatedAt DATETIME DEFAULT (datetime('now', 'localtime')));
"""


@dataclass(frozen=True)
class Rival:
    """A system that runs: how its own widget reads and writes, and what it is called with its version."""

    name: str
    server: Server

    def reading(self, comments: int) -> tuple[str, tuple[str, ...]]:
        """Path and headers with which its widget reads the page with so many comments."""
        if self.name == "Isso":
            return f"/?uri=%2Fpage-{comments}%2F", ("Accept-Encoding: gzip",)
        path = f"/api/comment?path=%2Fpage-{comments}%2F&pageSize=10&page=1&lang=en-US&sortBy=insertedAt_desc"
        return path, ("Accept-Encoding: gzip",)

    def posting(self, comments: int) -> Request:
        """A comment on that page."""
        text = f"@@@@@@@@@@@@ {TEXT}"
        if self.name == "Isso":
            body = json.dumps({"text": text, "author": "Ann", "title": "A page"})
            return send("POST", f"/new?uri=%2Fpage-{comments}%2F", body, f"Origin: {BLOG}", kind="post", status=201)
        body = json.dumps(
            {"comment": text, "nick": "Ann", "mail": "", "link": "", "ua": "", "url": f"/page-{comments}/"}
        )
        return send("POST", "/api/comment", body, f"Origin: {BLOG}", kind="post", status=200)

    def stored(self, comments: int) -> int:
        """How many comments that page has now."""
        if self.name == "Isso":
            found = requests.post(self.server.url("/count"), json=[f"/page-{comments}/"], timeout=60).json()
            return int(found[0])
        path = f"/api/comment?type=count&url=%2Fpage-{comments}%2F"
        return int(requests.get(self.server.url(path), timeout=60).json()["data"][0])

    def fill(self, sizes: tuple[int, ...]) -> None:
        """Write these pages, as visitors do."""
        for size in sizes:
            text = self.posting(size).text
            head, _, body = text.partition("\r\n\r\n")
            path = head.split()[1]
            for number in range(size):
                requests.post(
                    self.server.url(path),
                    data=body.replace("@" * 12, f"{number:012}"),
                    headers={"Content-Type": "application/json", "Origin": BLOG},
                    timeout=60,
                ).raise_for_status()
            if (found := self.stored(size)) != size:
                raise RuntimeError(f"{self.name} has {found} comments of {size}")


def install(plan: Plan) -> dict[str, str]:
    """Install what is not there yet; the versions."""
    if not _isso(plan).exists():
        shutil.rmtree(plan.cache / "isso", ignore_errors=True)
        half = plan.cache / "isso"
        subprocess.run([sys.executable, "-m", "venv", str(half)], check=True)
        subprocess.run(
            [str(half / "bin/python"), "-m", "pip", "install", "-q", "isso", "gunicorn", "setuptools<81"], check=True
        )
    modules = plan.cache / "waline" / "node_modules"
    built = modules / "sqlite3/build/Release/node_sqlite3.node"
    if not built.exists():
        (plan.cache / "waline").mkdir(parents=True, exist_ok=True)
        (plan.cache / "waline/package.json").write_text('{"private": true}')
        npm = ["npm", "install", "--no-audit", "--no-fund", "--ignore-scripts", "@waline/vercel"]
        subprocess.run(npm, cwd=plan.cache / "waline", check=True)
        _build_sqlite(modules / "sqlite3")
    python = str(plan.cache / "isso/bin/python")
    waline = json.loads((modules / "@waline/vercel/package.json").read_text(encoding="utf-8"))["version"]
    return {"Isso": version_of(python, "isso"), "gunicorn": version_of(python, "gunicorn"), "Waline": waline}


def _build_sqlite(folder: Path) -> None:
    """Its driver is built here, with the headers that came with Node: ready-made ones lie on no registry."""
    node = shutil.which("node") or "node"
    prefix = Path(node).resolve().parents[1]
    known = [f"--nodedir={prefix}"] if (prefix / "include/node").is_dir() else []
    subprocess.run(["npx", "--no-install", "node-gyp", "rebuild", *known], cwd=folder, check=True, capture_output=True)


def _isso(plan: Plan) -> Path:
    return plan.cache / "isso/bin/gunicorn"


@contextlib.contextmanager
def isso(plan: Plan, folder: Path) -> Iterator[Rival]:
    """Isso under gunicorn, as its image runs it; its own limits off."""
    port = free_port()
    settings = folder / "isso.cfg"
    settings.write_text(
        f"[general]\ndbpath = {folder}/isso.db\nhost = {BLOG}/\n[guard]\nenabled = false\n"
        f"[server]\nlisten = http://127.0.0.1:{port}/\n"
    )
    words = [str(_isso(plan)), "-b", f"127.0.0.1:{port}", "-w", "4", "--preload", "isso.run"]
    if os.access("/dev/shm", os.W_OK):  # noqa: S108 - where its image has this folder, too
        words += ["--worker-tmp-dir", "/dev/shm"]  # noqa: S108
    program = Program(pinned(plan.server, words), log=folder / "isso.log", env={"ISSO_SETTINGS": str(settings)})
    with served(program, port) as server:
        yield Rival("Isso", server)


@contextlib.contextmanager
def waline(plan: Plan, folder: Path) -> Iterator[Rival]:
    """Waline under Node with its SQLite storage; its own limits and its spam service off.

    Before every answer it asks its sign-in service what that offers; here this is a file on the load's core.
    """
    port, service, place = free_port(), free_port(), folder / "waline"
    place.mkdir()
    (place / "index.html").write_text('{"services": []}')
    database = sqlite3.connect(place / "waline.sqlite")
    database.executescript(_WALINE)
    database.close()
    home = plan.cache / "waline"
    env = {
        "SQLITE_PATH": str(place),
        "SQLITE_DB": "waline",
        "JWT_TOKEN": "only-for-measuring",
        "IPQPS": "-3600",  # seconds between two comments from one address: none, nor the same second
        "AKISMET_KEY": "false",
        "OAUTH_URL": f"http://127.0.0.1:{service}/",
        "NODE_ENV": "production",
    }
    words = ["node", str(home / "node_modules/@waline/vercel/vanilla.js"), str(port)]
    files = [sys.executable, "-m", "http.server", str(service), "--bind", "127.0.0.1", "--directory", str(place)]
    with contextlib.ExitStack() as stack:
        helper = Program(pinned(plan.load, files), log=folder / "waline-service.log", env={})
        stack.enter_context(served(helper, service))
        program = Program(pinned(plan.server, words), log=folder / "waline.log", env=env, cwd=home)
        server = stack.enter_context(served(program, port))
        yield Rival("Waline", server)
