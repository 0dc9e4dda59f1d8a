"""A mail server as they are: it takes mail, refuses it for now or for good, hangs, greylists, speaks TLS or none."""

import asyncio
import email
import email.policy
import re
import ssl
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email.message import EmailMessage
from typing import Any

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult, LoginPassword

from tests.support.waiting import free_port, until

BEHAVIOURS = ("ok", "later", "never", "greylist", "hang", "drop", "busy", "closed")


@dataclass
class Postbox:
    """What has come, and how the server behaves to whoever comes next."""

    port: int = 0
    behaviour: str = "ok"
    raw: list[bytes] = field(default_factory=list)
    to: list[str] = field(default_factory=list)
    seen: set[str] = field(default_factory=set)
    tried: int = 0
    go_on: threading.Event = field(default_factory=threading.Event)
    taken: threading.Event = field(default_factory=threading.Event)
    start: Callable[[], None] = lambda: None
    stop: Callable[[], None] = lambda: None

    @property
    def url(self) -> str:
        """WIDGET_SMTP_URL of it."""
        return f"smtp://127.0.0.1:{self.port}"

    @property
    def mails(self) -> list[EmailMessage]:
        """The messages, parsed."""
        parsed = [email.message_from_bytes(one, policy=email.policy.default) for one in self.raw]
        return [one for one in parsed if isinstance(one, EmailMessage)]

    def await_mails(self, number: int, *, seconds: float = 30) -> list[EmailMessage]:
        """The messages once there are so many."""
        until(lambda: len(self.raw) >= number, seconds=seconds, what=f"{number} mails")
        return self.mails

    async def handle_MAIL(self, _server: SMTP, _session: Any, envelope: Any, address: str, options: list[str]) -> str:  # noqa: N802 - aiosmtpd's name
        """The sender."""
        self.tried += 1
        if self.behaviour == "busy":
            return "421 4.3.2 Service not available, closing"
        envelope.mail_from = address
        envelope.mail_options.extend(options)
        return "250 OK"

    async def handle_RCPT(self, server: SMTP, _session: Any, envelope: Any, address: str, options: list[str]) -> str:  # noqa: N802 - aiosmtpd's name
        """The reader."""
        if self.behaviour == "later":
            return "451 4.7.1 Try again later"
        if self.behaviour == "never":
            return "550 5.1.1 No such user here"
        if self.behaviour == "greylist" and address not in self.seen:
            self.seen.add(address)
            return "450 4.2.0 Greylisted"
        if self.behaviour == "hang":
            await asyncio.get_running_loop().run_in_executor(None, self.go_on.wait)
        if self.behaviour == "drop" and server.transport:
            server.transport.abort()
        envelope.rcpt_tos.append(address)
        envelope.rcpt_options.extend(options)
        return "250 OK"

    async def handle_DATA(self, _server: SMTP, _session: Any, envelope: Any) -> str:  # noqa: N802 - aiosmtpd's name
        """The message."""
        self.raw.append(bytes(envelope.original_content or envelope.content))
        self.to.extend(envelope.rcpt_tos)
        self.taken.set()
        if self.behaviour == "silent":  # it has the message, and nobody ever hears that
            await asyncio.get_running_loop().run_in_executor(None, self.go_on.wait)
        return "250 2.0.0 Queued as 4711"


@contextmanager
def postbox(
    *, port: int = 0, tls: ssl.SSLContext | None = None, password: str = "", behaviour: str = "ok"
) -> Iterator[Postbox]:
    """A mail server on loopback; with `tls` it offers STARTTLS and takes nothing without."""
    box = Postbox(port=port or free_port(), behaviour=behaviour)

    def check(_server: SMTP, _session: Any, _envelope: Any, _mechanism: str, given: Any) -> AuthResult:
        right = isinstance(given, LoginPassword) and given.password.decode() == password
        return AuthResult(success=right, handled=False)

    def controller() -> Controller:
        return Controller(
            box,
            hostname="127.0.0.1",
            port=box.port,
            tls_context=tls,
            require_starttls=tls is not None,
            authenticator=check if password else None,
            auth_required=bool(password),
            ready_timeout=20,
        )

    running = list[Controller]()

    def start() -> None:
        running.append(controller())
        running[-1].start()

    def stop() -> None:
        while running:
            running.pop().stop()

    box.start, box.stop = start, stop
    start()
    try:
        yield box
    finally:
        box.go_on.set()
        stop()


def text_of(mail: EmailMessage) -> str:
    """The plain part."""
    part = mail.get_body(("plain",))
    assert part is not None
    return str(part.get_content()).replace("\r\n", "\n")


def html_of(mail: EmailMessage) -> str:
    """The html part."""
    part = mail.get_body(("html",))
    assert part is not None
    return str(part.get_content())


def link_of(mail: EmailMessage, part: str) -> str:
    """The first address in a mail's text that has `part` in it."""
    found = re.search(rf"https?://\S*{re.escape(part)}\S*", text_of(mail))
    assert found, f"no {part} in\n{text_of(mail)}"
    return found[0]
