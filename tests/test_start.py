"""A worker has in memory what answering needs: what few requests need is imported by the first of them."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import psutil
import pytest
import requests

from tests.support import live, stores
from tests.support.waiting import free_port, until

RARE = "PIL alembic babel defusedxml dns emoji granian mako psycopg pygments".split()
ANSWERING = """
import sys
from tests.support.api import Page, add_site
from widget import create_app
app = create_app({"DATABASE_URL": sys.argv[1], "SECRET_KEY": "s" * 40})
add_site(app)
page = Page(app.test_client()).be_guest()
page.posted("Hello *world*, https://example.org/")
assert len(page.comments()) == 1
print(*sorted(set(sys.argv[2:]) & set(sys.modules)))
"""
USING = "import emoji, pygments, sys; print(*sorted(set(sys.argv[2:]) & set(sys.modules)))"


def loaded(code: str, url: str) -> list[str]:
    """Which of the rare ones are there after `code`."""
    done = subprocess.run([sys.executable, "-c", code, url, *RARE], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout.split()


def test_what_is_rare_is_not_loaded_by_reading_and_writing(sqlite_store: stores.SQLite, tmp_path: Path) -> None:
    with sqlite_store.fresh(tmp_path) as url:
        assert loaded(ANSWERING, url) == []
        assert loaded(USING, url) == ["emoji", "pygments"]  # they are seen where they are


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="elsewhere workers are spawned")
def test_workers_are_forked_from_a_process_that_never_has_the_database_open(
    sqlite_store: stores.SQLite, tmp_path: Path
) -> None:
    port = free_port()
    with sqlite_store.on_disk(tmp_path) as url:
        env = live.settings(tmp_path, database_url=url, port=port, WORKERS="2")
        live.command(env, "site", "add", "blog", "--origin", "https://blog.test")
        with live.running(env, tmp_path / "server.log") as server:
            there = f"{env['WIDGET_PUBLIC_URL']}/api/v1/threads?site=blog&url=https://blog.test/"
            assert requests.get(there, timeout=30).status_code == 200
            keeper, *workers = server.descendants()
            assert len(workers) == 2
            assert all(worker.cmdline() == keeper.cmdline() for worker in workers), "they are forked"
            # One that dies is followed by another, from the same process.
            os.kill(workers[0].pid, signal.SIGKILL)
            until(lambda: len(psutil.Process(keeper.pid).children()) == 2 and workers[0].pid not in _pids(keeper))
            assert requests.get(there, timeout=30).status_code == 200
            assert not [one for one in keeper.open_files() if ".db" in one.path]
            until(lambda: any(_has_database(worker) for worker in psutil.Process(keeper.pid).children()))


def _pids(process: psutil.Process) -> set[int]:
    return {one.pid for one in process.children()}


def _has_database(process: psutil.Process) -> bool:
    return any(".db" in one.path for one in process.open_files())
