"""`widget demo` in a process of its own."""

import re
import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import psutil
import requests

from tests.support.processes import Program
from tests.support.waiting import answers, until


@dataclass(frozen=True)
class Demo:
    """What a running demo printed."""

    program: Program
    text: str

    def _address(self, pattern: str) -> str:
        found = re.search(pattern, self.text)
        assert found, self.text
        return found[1]

    @property
    def blog(self) -> str:
        """The blog's origin."""
        return self._address(r"(http://localhost:\d+)/en/")

    @property
    def server(self) -> str:
        """The comment server's origin."""
        return self._address(r"Comment server +(http://127\.0\.0\.1:\d+)")

    @property
    def provider(self) -> str:
        """Demo ID's issuer."""
        return self._address(r"Demo ID +(http://127\.0\.0\.1:\d+)")

    def comments(self, url: str) -> list[dict[str, object]]:
        """The comments of a page."""
        query = {"site": "demo", "url": url}
        answer = requests.get(f"{self.server}/api/v1/threads", params=query, timeout=30)
        assert answer.status_code == 200, answer.text
        found: list[dict[str, object]] = answer.json()["comments"]
        return found


@contextmanager
def demo(folder: Path, *arguments: str, number: signal.Signals = signal.SIGINT) -> Iterator[Demo]:
    """Run it, end it by the signal, and see that no process, port or temporary file is left."""
    temporary = folder / "tmp"
    temporary.mkdir(exist_ok=True)
    env = {"TMPDIR": str(temporary), "WIDGET_DATABASE_URL": "sqlite:////nowhere/of-a-real-server.db"}
    log = folder / f"{len(list(folder.iterdir()))}.log"
    program = Program([sys.executable, "-m", "widget", "demo", *arguments], log=log, env=env, cwd=folder)
    try:
        shown = Demo(program, program.await_output("Ctrl-C stops it all.", seconds=60))
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
