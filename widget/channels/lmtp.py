"""The door at which a mail server on this machine hands answers in, over LMTP (RFC 2033): one reply for each address.

It opens on this machine alone: whoever can reach it is believed to be that mail server.
"""

import asyncio
import ipaddress
from collections.abc import Callable
from typing import Any, AnyStr

from aiosmtpd.controller import Controller
from aiosmtpd.lmtp import LMTP
from aiosmtpd.smtp import Envelope, Session

from widget.core.errors import Problem

_SECONDS = 120.0
_WHOLE = ("552 ", "500 Line too long")  # what the library says once for a message, however many it is for


def place(listen: str) -> tuple[str, int] | None:
    """Host and port of WIDGET_LMTP_LISTEN; None for an empty one. Raises Problem("config.invalid")."""
    if not listen:
        return None
    host, _, port = listen.rpartition(":")
    host = host.strip("[]")
    try:
        if host == "localhost" or ipaddress.ip_address(host).is_loopback:
            return host, int(port)
    except ValueError:
        pass
    words = f"WIDGET_LMTP_LISTEN must be an address of this machine itself, like 127.0.0.1:8024, not {listen!r}"
    raise Problem("config.invalid", reason=words)


class Door(Controller):
    """Listens from `start()` to `stop()`, in a thread of its own.

    `known(address)` and `take(raw, address, envelope sender)` return a reply of LMTP (`250 …`); they may take their
    time, and are called in threads.
    """

    def __init__(
        self,
        where: tuple[str, int],
        *,
        known: Callable[[str], str],
        take: Callable[[bytes, str, str], str],
        most: int,
    ) -> None:
        super().__init__(_Handler(known, take), hostname=where[0], port=where[1], ready_timeout=20)
        self._most = most

    def factory(self) -> LMTP:
        """The server of one connection."""
        return _Server(
            self.handler,
            hostname="localhost",
            ident="comment-widget",
            data_size_limit=self._most,
            enable_SMTPUTF8=True,
            timeout=_SECONDS,
            loop=self.loop,
        )


class _Server(LMTP):
    async def push(self, status: AnyStr) -> None:
        """Send a reply; one about a whole message once for each of its addresses."""
        if isinstance(status, str) and status.startswith(_WHOLE) and self.envelope and self.envelope.rcpt_tos:
            await super().push("\r\n".join([status] * len(self.envelope.rcpt_tos)))
        else:
            await super().push(status)


class _Handler:
    def __init__(self, known: Callable[[str], str], take: Callable[[bytes, str, str], str]) -> None:
        self._known, self._take = known, take

    async def handle_RCPT(  # noqa: N802 - the library's name
        self, _server: LMTP, _session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        """One address."""
        reply = await asyncio.get_running_loop().run_in_executor(None, self._known, address)
        if reply.startswith("250"):
            envelope.rcpt_tos.append(address)
            envelope.rcpt_options.extend(options)
        return reply

    async def handle_DATA(self, _server: LMTP, _session: Session, envelope: Envelope) -> str:  # noqa: N802 - the library's name
        """The message, for all of them."""
        raw: Any = envelope.original_content or b""
        loop, sender = asyncio.get_running_loop(), (envelope.mail_from or "").strip("<>")
        replies = [
            await loop.run_in_executor(None, self._take, bytes(raw), address, sender) for address in envelope.rcpt_tos
        ]
        return "\r\n".join(replies)
