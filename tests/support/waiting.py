"""Tests wait for conditions, never for a while."""

import socket
import threading
import time
from collections.abc import Callable
from typing import TypeVar

T = TypeVar("T")


def until(condition: Callable[[], T], *, seconds: float = 15, what: str = "the condition") -> T:
    """The first true value of `condition`, asked again and again; AssertionError after `seconds`."""
    end = time.monotonic() + seconds
    pause = threading.Event()
    while True:
        if value := condition():
            return value
        assert time.monotonic() < end, f"{what} did not come true within {seconds} s"
        pause.wait(0.02)


def free_port() -> int:
    """A port that the kernel says nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def answers(port: int) -> bool:
    """Whether somebody listens on the port."""
    with socket.socket() as probe:
        probe.settimeout(1)
        return probe.connect_ex(("127.0.0.1", port)) == 0
