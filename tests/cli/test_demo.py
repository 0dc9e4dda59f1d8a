"""`widget demo` as people run it: a process that shows everything, and leaves nothing."""

import re
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import psutil
import pytest
import requests

from tests.support.processes import ROOT, Program
from tests.support.waiting import answers, free_port, until


@dataclass(frozen=True)
class Shown:
    """What a running demo printed."""

    program: Program
    text: str

    def address(self, before: str) -> str:
        """The address that stands after (or, of the blog, before) some words."""
        found = re.search(before, self.text)
        assert found, self.text
        return found[1]

    @property
    def blog(self) -> str:
        return self.address(r"(http://localhost:\d+)/en/")

    @property
    def server(self) -> str:
        return self.address(r"Comment server +(http://127\.0\.0\.1:\d+)")

    @property
    def provider(self) -> str:
        return self.address(r"Demo ID +(http://127\.0\.0\.1:\d+)")

    def comments(self, url: str) -> list[dict[str, object]]:
        """The comments of a page."""
        query = {"site": "demo", "url": url}
        answer = requests.get(f"{self.server}/api/v1/threads", params=query, timeout=30)
        assert answer.status_code == 200, answer.text
        found: list[dict[str, object]] = answer.json()["comments"]
        return found


@contextmanager
def _demo(tmp_path: Path, *arguments: str, number: signal.Signals = signal.SIGINT) -> Iterator[Shown]:
    """Run it, end it by the signal, and see that no process, port or temporary file is left."""
    temporary = tmp_path / "tmp"
    temporary.mkdir(exist_ok=True)
    env = {"TMPDIR": str(temporary), "WIDGET_DATABASE_URL": "sqlite:////nowhere/of-a-real-server.db"}
    log = tmp_path / f"{len(list(tmp_path.iterdir()))}.log"
    program = Program([sys.executable, "-m", "widget", "demo", *arguments], log=log, env=env, cwd=tmp_path)
    try:
        shown = Shown(program, program.await_output("Ctrl-C stops it all.", seconds=60))
        yield shown
        family = program.descendants()
        assert len(family) >= 4
        assert program.signal(number) == 0, program.output()
        _, alive = psutil.wait_procs(family, timeout=10)
        assert not alive
        ports = [int(address.rpartition(":")[2]) for address in (shown.blog, shown.server, shown.provider)]
        until(lambda: not any(map(answers, ports)), what="closed ports")
        assert list(temporary.iterdir()) == []
    finally:
        program.stop()


def test_it_shows_everything_and_leaves_nothing(tmp_path: Path) -> None:
    with _demo(tmp_path, "--port", str(free_port())) as shown:
        for path, title in (
            ("/", "The open workshop"),
            ("/en/the-kiln-and-the-page/", "The kiln and the page"),
            ("/it/il-forno-e-la-pagina/", "Il forno e la pagina"),
        ):
            page = requests.get(shown.blog + path, timeout=10)
            assert page.status_code == 200
            assert f"<title>{title}</title>" in page.text
        assert f'src="{shown.server}/embed.js"' in page.text
        assert requests.get(f"{shown.blog}/../demo.json", timeout=10).status_code == 404
        assert requests.get(f"{shown.server}/embed.js", timeout=10).status_code == 200
        assert (
            requests.get(f"{shown.provider}/.well-known/openid-configuration", timeout=10).json()["issuer"]
            == shown.provider
        )
        site = requests.get(f"{shown.server}/api/v1/site?site=demo", timeout=10).json()
        assert site["providers"] == [{"id": "oidc", "name": "Demo ID"}]
        for path, count in (("/en/the-kiln-and-the-page/", 6), ("/it/il-forno-e-la-pagina/", 5)):
            first, second, *rest = shown.comments(shown.blog + path)
            assert first["time"] == "2011-04-02T20:00:00Z"
            assert second["parent"] == first["id"]
            assert second["author"]["name"] == "Elio"  # type: ignore[index]
            assert len(rest) == count - 2
    assert list(tmp_path.glob("*.db")) == []


def test_a_kept_demo_goes_on_even_on_another_port(tmp_path: Path) -> None:
    keep, port = tmp_path / "kept", free_port()
    arguments = ("--keep", str(keep), "--port", str(port))
    with _demo(tmp_path, *arguments, number=signal.SIGTERM) as shown:
        first = shown.blog
        before = shown.comments(f"{first}/en/the-kiln-and-the-page/")
    with socket.create_server(("127.0.0.1", int(first.rpartition(":")[2]))), _demo(tmp_path, *arguments) as shown:
        assert f"Port {first.rpartition(':')[2]} is taken; using {shown.blog.rpartition(':')[2]} instead." in shown.text
        assert shown.blog != first
        assert f'data-page-url="{first}/en/' in requests.get(f"{shown.blog}/en/the-kiln-and-the-page/", timeout=10).text
        assert shown.comments(f"{first}/en/the-kiln-and-the-page/") == before
        guest = {"site": "demo", "guest": {"name": "Ann"}}
        headers = {"Origin": shown.blog, "Idempotency-Key": "k" * 20}
        assert (
            requests.post(f"{shown.server}/api/v1/session", json=guest, headers=headers, timeout=10).status_code == 201
        )
    assert (keep / "demo.json").stat().st_mode & 0o077 == 0


def test_without_the_provider_it_says_which_extra_to_install() -> None:
    program = (
        "import sys; from widget.__main__ import main;"
        "sys.modules['oidc_provider_mock'] = None; sys.argv = ['widget', 'demo']; main()"
    )
    done = subprocess.run([sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 1
    assert "pip install 'comment-widget[demo]'" in done.stderr


@pytest.mark.parametrize("port", ["-1", "70000", "many"])
def test_a_port_that_is_none_is_refused(port: str) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "widget", "demo", "--port", port], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert done.returncode == 2
    assert "--port" in done.stderr
