"""Ports and child processes of the demo: everything it starts, it ends."""

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from types import FrameType


class Failed(Exception):  # noqa: N818 - reads as what happened
    """Something that the demo needs did not start; the message says what and why."""


def port_near(wished: int, tell: Callable[[str], None]) -> int:
    """`wished`, or another free port when somebody listens there already (which is told)."""
    if wished and not _taken(wished):
        return wished
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        found = int(probe.getsockname()[1])
    if wished:
        tell(f"Port {wished} is taken; using {found} instead.")
    return found


def _taken(port: int) -> bool:
    for family, address in ((socket.AF_INET, "127.0.0.1"), (socket.AF_INET6, "::1")):
        try:
            with socket.socket(family) as probe:
                probe.settimeout(1)
                if probe.connect_ex((address, port)) == 0:
                    return True
        except OSError:  # a machine without IPv6
            continue
    return False


def run(arguments: list[str], env: Mapping[str, str]) -> str:
    """Run `widget ARGUMENTS` to its end, and what it printed; Failed with its words when it ends badly."""
    done = subprocess.run(  # noqa: S603 - our own program with arguments of our own
        [sys.executable, "-m", "widget", *arguments],
        env=_environment(env),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
        start_new_session=True,
    )
    if done.returncode:
        raise Failed(f"`widget {' '.join(arguments)}` failed:\n{done.stdout}")
    return done.stdout


def _environment(env: Mapping[str, str]) -> dict[str, str]:
    """This process's environment without the settings of a real server, which are none of the demo's business."""
    return {name: value for name, value in os.environ.items() if not name.startswith("WIDGET_")} | dict(env)


class Interrupted(Exception):  # noqa: N818 - no error: somebody asked for the end
    """Ctrl-C or a request to end, met at a place where everything started so far can be ended."""


class Ending:
    """Whether the end was asked for. The signal only sets a mark, so that no process is lost between two lines."""

    def __init__(self) -> None:
        self.asked = False

    def check(self) -> None:
        """Raise Interrupted if the end was asked for."""
        if self.asked:
            raise Interrupted


@contextmanager
def ending() -> Iterator[Ending]:
    """Listen to SIGINT, SIGTERM and SIGHUP (a closed terminal) while the block runs."""
    mark = Ending()

    def ask(_number: int, _frame: FrameType | None) -> None:
        mark.asked = True

    before = {number: signal.signal(number, ask) for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)}
    try:
        yield mark
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


@dataclass(frozen=True)
class Child:
    """A running part of the demo."""

    name: str
    process: subprocess.Popen[bytes]
    log: Path

    def require_alive(self) -> None:
        """Raise Failed with what it said last, if it has ended by itself."""
        if (status := self.process.poll()) is not None:
            said = self.log.read_text(encoding="utf-8", errors="replace")
            raise Failed(f"{self.name} ended with status {status}:\n{said}")

    def end(self) -> None:
        """End it and whatever it started itself: politely first."""
        if self.process.poll() is None:
            self.process.terminate()
            with suppress(subprocess.TimeoutExpired):
                self.process.wait(10)
        with suppress(ProcessLookupError):
            os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()


@contextmanager
def child(arguments: list[str], *, port: int, log: Path, env: Mapping[str, str], mark: Ending) -> Iterator[Child]:
    """Run a Python module as a process, from when it listens on `port` to the end of the block.

    It has a process group of its own: a Ctrl-C in the terminal reaches the demo alone, which ends its parts in order.
    """
    with log.open("wb") as out:
        process = subprocess.Popen(  # noqa: S603 - our own program with arguments of our own
            [sys.executable, "-m", *arguments],
            env=_environment(env),
            stdin=subprocess.DEVNULL,
            stdout=out,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
    started = Child(" ".join(arguments), process, log)
    try:
        limit = time.monotonic() + 30
        while not _taken(port):
            mark.check()
            started.require_alive()
            if time.monotonic() > limit:
                raise Failed(f"{started.name} did not listen on port {port} within 30 s")
            time.sleep(0.05)
        yield started
    finally:
        started.end()


def watch(children: Iterable[Child], mark: Ending) -> None:
    """Stay until the end is asked for (Interrupted) or one of the children ends by itself (Failed)."""
    while True:
        mark.check()
        for one in children:
            one.require_alive()
        time.sleep(0.2)
