"""`widget demo` as people run it: a process that shows everything, and leaves nothing."""

import re
import signal
import socket
import subprocess
import sys
from pathlib import Path

import pytest
import requests

from tests.support.demo import demo
from tests.support.processes import ROOT
from tests.support.waiting import free_port


def test_it_shows_everything_and_leaves_nothing(tmp_path: Path) -> None:
    with demo(tmp_path, "--port", str(free_port())) as shown:
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
        assert [(one["id"], one["name"]) for one in site["providers"]] == [("oidc", "Demo ID")]
        assert re.search(rf"{shown.server}/admin/setup#[\w-]{{43}}\n", shown.text)
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
    with demo(tmp_path, *arguments, number=signal.SIGTERM) as shown:
        first = shown.blog
        before = shown.comments(f"{first}/en/the-kiln-and-the-page/")
    with socket.create_server(("127.0.0.1", int(first.rpartition(":")[2]))), demo(tmp_path, *arguments) as shown:
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
