"""When a provider does not answer, nobody waits for it for a while: a thread that waits answers no reader."""

import threading
from collections import deque
from datetime import datetime, timedelta

from widget.core import clock

FAILURES = 5  # in a row …
WITHIN = timedelta(seconds=60)  # … in this time
PAUSE = timedelta(seconds=30)


class Breaker:
    """Of one provider, in this process.

    After the pause it is asked again; what fails then begins the next pause at once, until it has answered.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._failed: deque[datetime] = deque(maxlen=FAILURES)
        self._open_until: datetime | None = None

    def is_open(self) -> bool:
        """Whether the provider is left alone for now."""
        with self._lock:
            return self._open_until is not None and clock.now() < self._open_until

    def failed(self) -> None:
        """It could not be reached, or did not answer in time."""
        now = clock.now()
        with self._lock:
            self._failed.append(now)
            in_a_row = len(self._failed) == FAILURES and now - self._failed[0] <= WITHIN
            if in_a_row or self._open_until is not None:
                self._open_until = now + PAUSE

    def answered(self) -> None:
        """It is there."""
        with self._lock:
            self._failed.clear()
            self._open_until = None
