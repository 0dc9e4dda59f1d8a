"""`widget work` that dies by SIGKILL as it takes an answer: `before` its commit, or `after` it, the mail unseen."""

import os
import signal
import sys
from typing import Any

from widget.channels import imap
from widget.cli import work
from widget.services.inbound import taking


def _die(*_args: Any, **_more: Any) -> Any:
    os.kill(os.getpid(), signal.SIGKILL)


if __name__ == "__main__":
    if sys.argv[1] == "after":
        imap.Mailbox.settle = _die  # type: ignore[method-assign]
    else:
        taking._arrival = _die
    work.command([])
