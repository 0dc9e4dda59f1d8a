"""Processes take turns: whoever comes back stands behind the one that waits, and who is killed gives the turn back."""

import fcntl
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from tests.support.waiting import until
from widget.turns import Turns

HOLD = """
import sys, threading
from widget.turns import Turns
with Turns(sys.argv[1], patience=20).mine():
    print("mine", flush=True)
    threading.Event().wait()
"""


def is_next(path: str) -> bool:
    """Whether somebody stands at the head of the line."""
    with Path(f"{path}-next").open("ab") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return True
        return False


def test_whoever_comes_back_stands_behind_the_one_that_waits(tmp_path: Path) -> None:
    path, order = str(tmp_path / "x.db"), list[str]()
    first, second = Turns(path, patience=20), Turns(path, patience=20)

    def wait() -> None:
        with second.mine():
            order.append("second")

    with first.mine():
        order.append("first")
        waiting = threading.Thread(target=wait)
        waiting.start()
        until(lambda: is_next(path))
    with first.mine():
        order.append("first again")
    waiting.join(20)
    assert order == ["first", "second", "first again"]


def test_who_is_killed_gives_the_turn_back(tmp_path: Path) -> None:
    path = str(tmp_path / "x.db")
    with subprocess.Popen([sys.executable, "-c", HOLD, path], stdout=subprocess.PIPE, text=True) as other:
        assert other.stdout is not None
        assert other.stdout.readline() == "mine\n"
        with pytest.raises(TimeoutError), Turns(path, patience=0.01).mine():
            pass
        other.kill()
    with Turns(path, patience=20).mine():
        pass
