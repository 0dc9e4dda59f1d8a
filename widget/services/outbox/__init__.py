"""What is to be sent: a row written with its cause, sent by whoever drains the outbox, once or until it is given up."""

from widget.services.outbox.outcome import Dropped, Failed, Outcome, Sent
from widget.services.outbox.rows import Claimed, put
from widget.services.outbox.worker import Worker, every, handle

__all__ = ["Claimed", "Dropped", "Failed", "Outcome", "Sent", "Worker", "every", "handle", "put"]
