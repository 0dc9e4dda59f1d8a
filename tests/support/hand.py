"""A worker of the outbox that is called by hand."""

from flask import Flask

from widget.services.outbox import Worker


class Hand:
    """It looks when it is told to."""

    def __init__(self, app: Flask) -> None:
        self.worker = Worker(app)

    def work(self) -> int:
        """Do everything that is due; how many rows that were."""
        done = 0
        while self.worker.turn():
            done += 1
        return done
