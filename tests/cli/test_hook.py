"""Hooks on the command line; and `widget serve` sends what is to go to them, without a mail server, too."""

import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support import stores
from tests.support.api import BLOG, Page
from tests.support.live import OPEN, command, running, settings
from tests.support.processes import ROOT
from tests.support.receiver import Receiver, receiver
from tests.support.waiting import free_port
from widget import create_app
from widget.extensions import db


@pytest.fixture
def box() -> Iterator[Receiver]:
    """The receiver."""
    with receiver() as made:
        yield made


@pytest.fixture
def env(box: Receiver, tmp_path: Path, sqlite_store: stores.SQLite) -> Iterator[dict[str, str]]:
    """The environment of a server with a site."""
    with sqlite_store.fresh(tmp_path) as url:
        made = settings(tmp_path, database_url=url, port=free_port(), HOOK_HOSTS=box.place)
        command(made, "site", "add", "blog", "--origin", BLOG, "--name", "The blog")
        command(made, "site", "set", "blog", *OPEN)
        yield made


def failing(env: dict[str, str], *arguments: str) -> str:
    """What `widget ARGUMENTS` says when it is refused."""
    done = subprocess.run(
        [sys.executable, "-m", "widget", *arguments],
        env={**os.environ, **env},
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode != 0
    return done.stdout + done.stderr


def test_a_hooks_life(env: dict[str, str], box: Receiver, tmp_path: Path) -> None:
    added = command(env, "hook", "add", box.url, "--all-sites", "--event", "comment.created", "--label", "Mine")
    hook = added.split()[1].rstrip(".")
    key = re.search(r"whsec_\S+", added)
    assert key
    listed = command(env, "hook", "list")
    assert f"{hook}  *  json  on  http://{box.place}  Mine\n  comment.created\n" == listed
    assert command(env, "hook", "list", "--site", "blog") == ""
    assert command(env, "hook", "test", hook).startswith('200 {"ok": true}')
    assert box.got[0].verify(key[0])["type"] == "test"
    rotated = command(env, "hook", "rotate", hook).strip()
    with running(env, tmp_path / "serve.log"):
        app = create_app({name.removeprefix("WIDGET_"): value for name, value in env.items()} | {"CONFIG": ""})
        Page(app.test_client()).be_guest("Bob").posted("Told by the server")
        got = box.await_got(2)[1]
        with app.app_context():
            db.session.remove()
            db.engine.dispose()
    for one in (key[0], rotated):
        assert got.verify(one)["data"]["comment"]["text"] == "Told by the server"
    box.behaviour = "never"
    assert failing(env, "hook", "test", hook).startswith("400 ")
    assert command(env, "hook", "remove", hook) == f"Removed {hook}.\n"
    assert "hook.not_found" in failing(env, "hook", "test", hook)


def test_what_is_refused(env: dict[str, str], box: Receiver) -> None:
    assert "either --site" in failing(env, "hook", "add", box.url)
    assert "hook.bad_address" in failing(env, "hook", "add", "http://hooks.example/", "--site", "blog")
    assert "hook.bad_target" in failing(env, "hook", "add", box.url, "--site", "blog", "--kind", "ntfy")
    assert "site.unknown" in failing(env, "hook", "add", box.url, "--site", "shop")
    added = command(env, "hook", "add", box.url, "--site", "blog", "--kind", "ntfy", "--target", "x", "--token", "tk_y")
    assert "whsec_" not in added
    assert command(env, "hook", "test", added.split()[1].rstrip(".")).startswith("200")
    assert box.got[0].headers["authorization"] == "Bearer tk_y"
