"""A mailbox that answers come to: WIDGET_IMAP_URL, with time-outs, and TLS that is verified.

The rules are those of the mail server that takes ours (widget.smtp): `imaps://` is TLS from the first byte, `imap://`
must become TLS by STARTTLS (on this machine itself it may). A password is sent, so `imap+plain://` is for this machine.
"""

import imaplib
import re
import ssl
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from urllib.parse import unquote, urlsplit

from widget.core.errors import Problem

PORTS = {"imaps": 993, "imap": 143, "imap+plain": 143}
MOST = 200  # mails that one look takes
_HERE = frozenset({"localhost", "127.0.0.1", "::1"})
_SIZE = re.compile(rb"RFC822\.SIZE (\d+)")
_SHAPE = "WIDGET_IMAP_URL is not imaps://user:password@host:port/INBOX"


class Failed(Exception):  # noqa: N818 - as of smtp
    """The mailbox could not be read; the words say what the server said, or what happened, and no password."""


@dataclass(frozen=True)
class Server:
    """Where the mailbox is."""

    scheme: str
    host: str
    port: int
    user: str
    password: str
    folder: str
    ca: str
    timeout: float

    @property
    def name(self) -> str:
        """`host:port`, which is safe to print."""
        return f"{self.host}:{self.port}"


def server(url: str, *, ca: str = "", timeout: float = 20.0) -> Server | None:
    """The mailbox of WIDGET_IMAP_URL; None for an empty one. Raises Problem("config.invalid")."""
    if not url:
        return None
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        raise Problem("config.invalid", reason=_SHAPE) from None
    if parts.scheme not in PORTS or not parts.hostname or not parts.username or parts.password is None:
        raise Problem("config.invalid", reason=_SHAPE)
    if parts.scheme == "imap+plain" and parts.hostname not in _HERE:
        words = "WIDGET_IMAP_URL sends a password without TLS: use imap:// or imaps://"
        raise Problem("config.invalid", reason=words)
    return Server(
        scheme=parts.scheme,
        host=parts.hostname,
        port=port or PORTS[parts.scheme],
        user=unquote(parts.username),
        password=unquote(parts.password),
        folder=unquote(parts.path.strip("/")) or "INBOX",
        ca=ca,
        timeout=timeout,
    )


class Mailbox:
    """The mails of a folder that nobody has seen; by their UIDs."""

    def __init__(self, client: imaplib.IMAP4) -> None:
        self._client = client
        _, told = client.capability()  # what a server can do, it may tell only those who logged in
        self._can = frozenset(_text(told).upper().split())

    def unseen(self) -> list[str]:
        """Those that wait, the oldest first; some of them, if they are very many."""
        found = self._do("SEARCH", "UNSEEN", "UNDELETED")
        return [uid.decode() for line in found if isinstance(line, bytes) for uid in line.split()][:MOST]

    def size(self, uid: str) -> int:
        """How large a mail is, in bytes."""
        for part in self._do("FETCH", uid, "(RFC822.SIZE)"):
            if match := _SIZE.search(part[0] if isinstance(part, tuple) else part or b""):
                return int(match[1])
        return 0

    def read(self, uid: str, *, headers: bool = False) -> bytes:
        """A mail as it came, or its headers alone; it is unseen still. b"" if it is gone."""
        for part in self._do("FETCH", uid, "(BODY.PEEK[HEADER])" if headers else "(BODY.PEEK[])"):
            if isinstance(part, tuple):
                return bytes(part[1])
        return b""

    def settle(self, uid: str, *, folder: str = "") -> None:
        """Have a mail seen, and moved to `folder`, which is made if it is not there."""
        self._do("STORE", uid, "+FLAGS.SILENT", r"(\Seen)")
        if not folder:
            return
        if "MOVE" in self._can:
            self._moved("MOVE", uid, folder)
        else:
            self._moved("COPY", uid, folder)
            self._do("STORE", uid, "+FLAGS.SILENT", r"(\Deleted)")
            if "UIDPLUS" in self._can:
                self._do("EXPUNGE", uid)

    def give_up(self, uid: str) -> None:
        """Have a mail seen that cannot be taken, with a flag for whoever looks there."""
        self._do("STORE", uid, "+FLAGS.SILENT", r"(\Seen \Flagged)")

    def _moved(self, how: str, uid: str, folder: str) -> None:
        try:
            self._do(how, uid, _quoted(folder))
        except Failed:
            self._client.create(_quoted(folder))
            self._do(how, uid, _quoted(folder))

    def _do(self, command: str, *arguments: str) -> list[bytes | tuple[bytes, bytes] | None]:
        kind, data = self._client.uid(command, *arguments)
        if kind != "OK":
            raise Failed(f"{command}: {_text(data)}")
        return data


@contextmanager
def opened(where: Server) -> Iterator[Mailbox]:
    """The mailbox, logged in to. Raises Failed, also for what goes wrong within."""
    try:
        client = _connected(where)
        try:
            yield Mailbox(client)
        finally:
            with suppress(imaplib.IMAP4.error, OSError):
                client.logout()
    except imaplib.IMAP4.error as error:
        raise Failed(f"{where.name}: {_text(error)}") from error
    except ssl.SSLCertVerificationError as error:
        raise Failed(f"{where.name} has a certificate that is not trusted") from error
    except TimeoutError as error:
        raise Failed(f"{where.name} does not answer in time") from error
    except OSError as error:
        raise Failed(f"{where.name}: {error.strerror or error}") from error


def _connected(where: Server) -> imaplib.IMAP4:
    context = ssl.create_default_context()
    if where.ca:
        context.load_verify_locations(where.ca)
    client: imaplib.IMAP4
    if where.scheme == "imaps":
        client = imaplib.IMAP4_SSL(where.host, where.port, ssl_context=context, timeout=where.timeout)
    else:
        client = imaplib.IMAP4(where.host, where.port, timeout=where.timeout)
    try:
        if where.scheme == "imap":
            if "STARTTLS" in client.capabilities:
                client.starttls(context)
            elif where.host not in _HERE:
                raise Failed(f"{where.name} offers no TLS")
        if where.user.isascii() and where.password.isascii():
            client.login(where.user, where.password)
        else:
            said = f"\0{where.user}\0{where.password}".encode()
            client.authenticate("PLAIN", lambda _challenge: said)
        kind, data = client.select(_quoted(where.folder))
        if kind != "OK":
            raise Failed(f"{where.name} has no folder {where.folder}: {_text(data)}")
    except BaseException:
        with suppress(OSError):  # TLS that came to nothing has closed it already
            client.shutdown()
        raise
    return client


def _quoted(folder: str) -> str:
    """A folder's name as IMAP writes it: modified UTF-7 (RFC 3501, section 5.1.3) in quotation marks."""
    out, wide = [], ""
    for char in [*folder, ""]:
        if char and not 0x20 <= ord(char) <= 0x7E:
            wide += char
            continue
        if wide:
            coded = wide.encode("utf-7").decode().strip("+-").replace("/", ",")
            out.append(f"&{coded}-")
            wide = ""
        out.append("&-" if char == "&" else char)
    name = "".join(out).replace("\\", "\\\\").replace('"', '\\"')
    return f'"{name}"'


def _text(said: object) -> str:
    parts = said if isinstance(said, list) else [said]
    words = " ".join(one.decode("utf-8", "replace") if isinstance(one, bytes) else str(one) for one in parts)
    return " ".join("".join(char if char.isprintable() else " " for char in words).split())[:300]
