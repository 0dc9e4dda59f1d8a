"""Turns of the processes of one machine at what only one can have, by the kernel's file locks.

A process that waits for SQLite's lock sleeps up to 100 ms between two looks, and whoever has just let go is back
before: one process can keep all others waiting. Here whoever comes back stands behind the one that is next already.
"""

import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

if sys.platform != "win32":
    import fcntl

LOOK_SECONDS = 0.001


class Turns:
    """One line of processes, each with an object of its own; two empty files beside `path` are its locks."""

    def __init__(self, path: str, *, patience: float) -> None:
        """The files are made by the first who waits. `patience`: seconds that a process waits at most."""
        self._paths = [Path(f"{path}-{name}") for name in ("next", "turn")]
        self._patience = patience
        self._files: list[IO[bytes]] = []

    @contextmanager
    def mine(self) -> Iterator[None]:
        """This process's turn, for one thread at a time. Raises TimeoutError.

        Whoever ends without a word gives their turn back: the kernel does. Where there are no such locks (Windows),
        nobody waits here.
        """
        if sys.platform == "win32":
            yield
            return
        if not self._files:
            self._files = [path.open("ab") for path in self._paths]
        following, turn = self._files
        end = time.monotonic() + self._patience
        with _locked(following, end):
            _lock(turn, end)  # only one waits for it: no other can come before
        try:
            yield
        finally:
            fcntl.flock(turn, fcntl.LOCK_UN)

    def close(self) -> None:
        """Let go of the files."""
        files, self._files = self._files, []
        for file in files:
            file.close()

    def __del__(self) -> None:
        """Applications end without a word."""
        self.close()


if sys.platform != "win32":

    @contextmanager
    def _locked(file: IO[bytes], end: float) -> Iterator[None]:
        _lock(file, end)
        try:
            yield
        finally:
            fcntl.flock(file, fcntl.LOCK_UN)

    def _lock(file: IO[bytes], end: float) -> None:
        while True:
            try:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                if time.monotonic() > end:
                    raise TimeoutError("no turn") from None
                time.sleep(LOOK_SECONDS)
            else:
                return
