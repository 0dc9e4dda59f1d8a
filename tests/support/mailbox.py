"""A real IMAP server for one test, from a package: what is in it is gone with it."""

import imaplib
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from tests.support import tls
from tests.support.processes import Program
from tests.support.waiting import free_port

USER, PASSWORD = "answers", "p@ss/word"


@dataclass
class Mailbox:
    """What is in it, seen by somebody else than the server of ours."""

    port: int
    program: Program

    @property
    def url(self) -> str:
        """WIDGET_IMAP_URL of it."""
        return f"imap://{USER}:p%40ss%2Fword@127.0.0.1:{self.port}/INBOX"

    @contextmanager
    def _client(self) -> Iterator[imaplib.IMAP4]:
        client = imaplib.IMAP4("127.0.0.1", self.port, timeout=20)
        client.login(USER, PASSWORD)
        try:
            yield client
        finally:
            client.logout()

    def put(self, *mails: bytes) -> None:
        """Mail arrives."""
        with self._client() as client:
            for mail in mails:
                kind, said = client.append("INBOX", "", "", mail.replace(b"\r\n", b"\n").replace(b"\n", b"\r\n"))
                assert kind == "OK", said

    def count(self, which: str = "ALL", folder: str = "INBOX") -> int:
        """How many there are."""
        with self._client() as client:
            kind, _ = client.select(f'"{folder}"', readonly=True)
            assert kind == "OK", folder
            return len(client.search(None, which)[1][0].split())

    def empty(self) -> None:
        """Take everything out of it."""
        with self._client() as client:
            client.select("INBOX")
            client.store("1:*", "+FLAGS", r"(\Deleted)")
            client.expunge()

    def unflag(self) -> None:
        """Have all of them unseen again, as somebody does who looks for a mail that was missed."""
        with self._client() as client:
            client.select("INBOX")
            client.store("1:*", "-FLAGS", r"(\Seen)")


@contextmanager
def mailbox(folder: Path, *, certificate: tls.Identity | None = None) -> Iterator[Mailbox]:
    """An IMAP server on loopback; with `certificate` it offers STARTTLS and takes no password without."""
    port = free_port()
    spoken = ["--cert", str(certificate.certificate), "--key", str(certificate.key)] if certificate else ["--no-tls"]
    code = "import sys; from pymap.main import main; sys.exit(main())"
    command = [sys.executable, "-c", code, "--host", "127.0.0.1", "--port", str(port), *spoken]
    command += ["dict", "--demo-data", "--demo-user", USER, "--demo-password", PASSWORD]
    program = Program(command, log=folder / "imap.log", env={})
    try:
        program.await_port(port)
        box = Mailbox(port, program)
        if certificate is None:
            box.empty()
        yield box
    finally:
        program.stop()
