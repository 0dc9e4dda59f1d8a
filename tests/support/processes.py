"""Starts programs and ends them by their own process group, whatever they started themselves."""

import contextlib
import os
import signal
import subprocess
from collections.abc import Mapping, Sequence
from pathlib import Path

import psutil

from tests.support.waiting import answers, until

ROOT = Path(__file__).resolve().parents[2]


class Program:
    """A program with its output in a file; `stop` leaves nothing of it running."""

    def __init__(self, command: Sequence[str], *, log: Path, env: Mapping[str, str], cwd: Path = ROOT) -> None:
        """Start `command` with exactly `env` over PATH, HOME and the language."""
        kept = {name: os.environ[name] for name in ("PATH", "HOME", "LANG", "TMPDIR") if name in os.environ}
        self.command, self.log = command, log
        with log.open("ab") as out:
            self._process = subprocess.Popen(
                command,
                stdin=subprocess.DEVNULL,
                stdout=out,
                stderr=subprocess.STDOUT,
                env={**kept, "PYTHONUNBUFFERED": "1", **env},
                cwd=cwd,
                start_new_session=True,
            )
        self.pid = self._process.pid

    def output(self) -> str:
        """Everything it has printed so far."""
        return self.log.read_text(encoding="utf-8", errors="replace")

    def await_port(self, port: int, *, seconds: float = 30) -> None:
        """Return when it listens on `port`; AssertionError with its output when it ends or takes too long."""
        until(lambda: self._process.poll() is not None or answers(port), seconds=seconds, what=f"port {port}")
        assert self._process.poll() is None, f"{self.command} ended with {self._process.returncode}:\n{self.output()}"

    def await_output(self, text: str, *, seconds: float = 60) -> str:
        """Its output once `text` is in it; AssertionError when it ends or takes too long."""
        until(lambda: self._process.poll() is not None or text in self.output(), seconds=seconds, what=f"«{text}»")
        assert text in self.output(), f"{self.command} ended with {self._process.returncode}:\n{self.output()}"
        return self.output()

    def ended(self) -> int | None:
        """Its exit status; None while it runs."""
        return self._process.poll()

    def descendants(self) -> list[psutil.Process]:
        """It and every process that it started, directly or not."""
        root = psutil.Process(self.pid)
        return [root, *root.children(recursive=True)]

    def signal(self, number: signal.Signals) -> int:
        """Send a signal to it alone (as `kill PID` does) and return its exit status."""
        self._process.send_signal(number)
        return self._process.wait(20)

    def kill(self) -> None:
        """End it and all that it started in this instant, as a power cut would."""
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self.pid, signal.SIGKILL)
        self._process.wait(20)

    def stop(self) -> None:
        """End it politely, then the rest of its group for certain."""
        if self._process.poll() is None:
            self._process.terminate()
            with contextlib.suppress(subprocess.TimeoutExpired):
                self._process.wait(10)
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self.pid, signal.SIGKILL)
        self._process.wait(10)
