"""`widget work` that is wrong on purpose, the control of the kills: `early` notes a row as sent before it is,
`nameless` gives a message another name at every try."""

import sys
from typing import Any

from widget.core import tokens
from widget.services.mail import post
from widget.services.outbox import rows
from widget.services.outbox.outcome import Sent
from widget.services.outbox.rows import Claimed

_take, _envelope = rows.take, post._envelope


def _taken_is_sent(**how: Any) -> Claimed | None:
    claimed = _take(**how)
    if claimed and claimed.channel == "mail":
        rows.settle(claimed, Sent("it will be all right"))
    return claimed


def _renamed(to: Any, claimed: Claimed, *more: Any, **named: Any) -> Any:
    import dataclasses

    return dataclasses.replace(_envelope(to, claimed, *more, **named), message_id=f"{tokens.secret()}@comments.test")


if __name__ == "__main__":
    if sys.argv.pop() == "early":
        rows.take = _taken_is_sent
    else:
        post._envelope = _renamed

    from widget.__main__ import main

    sys.argv = ["widget", "work"]
    main()
