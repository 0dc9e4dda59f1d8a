"""The one door to a mail server: WIDGET_SMTP_URL, with time-outs, and TLS that is verified.

`smtps://` is TLS from the first byte, `smtp://` must become TLS by STARTTLS (on this machine itself it may), and only
`smtp+plain://` says that a network is trusted. A password goes nowhere without TLS, this machine excepted.
"""

import smtplib
import ssl
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from email.utils import parseaddr
from urllib.parse import unquote, urlsplit

from widget.core.errors import Problem

PORTS = {"smtp": 587, "smtps": 465, "smtp+plain": 25}
_HERE = frozenset({"localhost", "127.0.0.1", "::1"})
_ANSWER = 300


class Failed(Exception):  # noqa: N818 - the field's word: a failed delivery
    """The message did not go out; `answer` is what the server said, or what happened.

    `refused`: the server took us and said no to this message or address for good (5xx). `unreachable`: no message
    could have gone out at all.
    """

    def __init__(self, answer: str, *, refused: bool = False, unreachable: bool = False) -> None:
        super().__init__(answer)
        self.answer, self.refused, self.unreachable = answer[:_ANSWER], refused, unreachable


@dataclass(frozen=True)
class Server:
    """Where mail is handed in."""

    scheme: str
    host: str
    port: int
    user: str = ""
    password: str = ""
    helo: str = "localhost"  # how we introduce ourselves
    ca: str = ""  # a file with certificates of authorities, besides the system's
    timeout: float = 20.0

    @property
    def here(self) -> bool:
        """Whether it is this machine itself."""
        return self.host in _HERE

    @property
    def name(self) -> str:
        """`host:port`, which is safe to print."""
        return f"{self.host}:{self.port}"


def server(url: str, *, helo: str = "localhost", ca: str = "", timeout: float = 20.0) -> Server | None:
    """The server of WIDGET_SMTP_URL; None for an empty one. Raises Problem("config.invalid")."""
    if not url:
        return None
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        raise Problem("config.invalid", reason="WIDGET_SMTP_URL is not smtp://user:password@host:port") from None
    if parts.scheme not in PORTS or not parts.hostname or parts.path.strip("/"):
        raise Problem("config.invalid", reason="WIDGET_SMTP_URL is not smtp://user:password@host:port")
    found = Server(
        scheme=parts.scheme,
        host=parts.hostname,
        port=port or PORTS[parts.scheme],
        user=unquote(parts.username or ""),
        password=unquote(parts.password or ""),
        helo=helo,
        ca=ca,
        timeout=timeout,
    )
    if found.user and found.scheme == "smtp+plain" and not found.here:
        raise Problem("config.invalid", reason="WIDGET_SMTP_URL sends a password without TLS: use smtp:// or smtps://")
    return found


def send(where: Server, *, sender: str, to: str, message: bytes, tell: Callable[[str], None] | None = None) -> str:
    """Hand one message in; returns the server's answer. `tell` hears the dialogue line by line, without passwords.

    Raises Failed.
    """
    say = tell or (lambda _line: None)
    with _dialogue(where, say) as client:
        return _hand_in(client, sender=sender, to=to, message=message, say=say)


def greet(where: Server) -> None:
    """Everything before a message: connect, TLS, password. Raises Failed."""
    with _dialogue(where, lambda _line: None):
        pass


@contextmanager
def _dialogue(where: Server, say: Callable[[str], None]) -> Iterator[smtplib.SMTP]:
    """A connection over which a message can be handed in; whatever goes wrong with it is Failed."""
    try:
        client = _open(where, say)
        try:
            yield client
        finally:
            _leave(client)
    except smtplib.SMTPServerDisconnected as error:
        raise Failed(f"{where.name} hung up: {_text(str(error))}", unreachable=True) from error
    except smtplib.SMTPResponseException as error:
        raise Failed(f"{error.smtp_code} {_text(error.smtp_error)}", unreachable=True) from error
    except smtplib.SMTPException as error:
        raise Failed(f"{where.name}: {_text(str(error))}", unreachable=True) from error
    except ssl.SSLCertVerificationError as error:
        raise Failed(f"{where.name} has a certificate that is not trusted", unreachable=True) from error
    except TimeoutError as error:
        raise Failed(f"{where.name} does not answer in time", unreachable=True) from error
    except OSError as error:
        raise Failed(f"{where.name}: {error.strerror or error}", unreachable=True) from error


def _open(where: Server, say: Callable[[str], None]) -> smtplib.SMTP:
    context = ssl.create_default_context()
    if where.ca:
        context.load_verify_locations(where.ca)
    say(f"connecting to {where.name}{' with TLS' if where.scheme == 'smtps' else ''}")
    client: smtplib.SMTP
    if where.scheme == "smtps":
        client = smtplib.SMTP_SSL(where.host, where.port, where.helo, timeout=where.timeout, context=context)
    else:
        client = smtplib.SMTP(where.host, where.port, where.helo, timeout=where.timeout)
    try:
        _greet(client, say)
        if where.scheme == "smtp":
            if client.has_extn("starttls"):
                _step(client.starttls(context=context), "STARTTLS", say)
                _greet(client, say)
            elif not where.here:
                raise Failed(f"{where.name} offers no STARTTLS", unreachable=True)
        if where.user:
            _log_in(client, where, say)
    except BaseException:
        client.close()
        raise
    return client


def _leave(client: smtplib.SMTP) -> None:
    """End the connection, whatever the server says to that: the message is gone, or is not."""
    with suppress(smtplib.SMTPException, OSError):
        client.quit()
    client.close()


def _greet(client: smtplib.SMTP, say: Callable[[str], None]) -> None:
    _step(client.ehlo(), "EHLO", say)


def _log_in(client: smtplib.SMTP, where: Server, say: Callable[[str], None]) -> None:
    try:
        code, answer = client.login(where.user, where.password)
    except smtplib.SMTPAuthenticationError as error:
        said = _text(error.smtp_error)
        say(f"AUTH … -> {error.smtp_code} {said}")
        raise Failed(f"{error.smtp_code} {said}", unreachable=True) from error
    say(f"AUTH … -> {code} {_text(answer)}")


def _hand_in(client: smtplib.SMTP, *, sender: str, to: str, message: bytes, say: Callable[[str], None]) -> str:
    options: Sequence[str] = ()
    if not (sender + to).isascii():
        if not client.has_extn("smtputf8"):
            raise Failed("the server takes no addresses with such letters", refused=True)
        options = ("SMTPUTF8", "BODY=8BITMIME")
    # The sender is ours: who refuses it refuses every message.
    _step(client.mail(sender, options), f"MAIL FROM:<{sender}>", say)
    _step(client.rcpt(to), f"RCPT TO:<{to}>", say, message=True)
    try:
        answered = client.data(message)
    except smtplib.SMTPDataError as error:
        answered = error.smtp_code, error.smtp_error  # type: ignore[assignment]  # bytes or str: _text reads both
    return _step(answered, f"DATA ({len(message)} bytes)", say, message=True)


def _step(answered: tuple[int, bytes], asked: str, say: Callable[[str], None], *, message: bool = False) -> str:
    code, raw = answered
    answer = f"{code} {_text(raw)}"
    say(f"{asked} -> {answer}")
    if code // 100 in {2, 3}:
        return answer
    raise Failed(answer, refused=message and code >= 500, unreachable=not message)


def _text(raw: bytes | str) -> str:
    words = raw.decode("utf-8", "replace") if isinstance(raw, bytes) else raw
    return " ".join("".join(char if char.isprintable() else " " for char in words).split())


def sender_of(value: str) -> tuple[str, str]:
    """(name, address) of WIDGET_MAIL_FROM. Raises Problem("config.invalid")."""
    name, address = parseaddr(value)
    if "@" not in address or address != address.strip() or not address.isascii() or not value.isprintable():
        raise Problem("config.invalid", reason=f"WIDGET_MAIL_FROM must be an address, not {value!r}")
    return name, address
