"""What a kind of hook is: what it must know of its destination, and the request that it makes of an event."""

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime

from widget.core.hookbody import News


@dataclass(frozen=True)
class Destination:
    """Where it goes. `target` is the chat, room or topic; `secrets` are those to sign with, `token` is to show."""

    address: str = field(repr=False)
    target: str = field(default="", repr=False)
    token: str = field(default="", repr=False)
    secrets: tuple[str, ...] = field(default=(), repr=False)


@dataclass(frozen=True)
class Request:
    """One HTTP request; its body is JSON."""

    method: str
    url: str
    body: bytes
    headers: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Kind:
    """One row. `target`: the form of what it needs besides an address, None if nothing; `bearer`: whether it
    shows a token, None if it may."""

    name: str
    make: Callable[[Destination, News, datetime], Request]
    target: re.Pattern[str] | None = None
    bearer: bool | None = False
    signs: bool = False
