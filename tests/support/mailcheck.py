"""What is wrong with a mail: headers that nobody meant, markup or links that are not ours, lines too long."""

import email
import email.policy
import re
from collections.abc import Collection
from email.message import EmailMessage
from html.parser import HTMLParser

from tests.support.postbox import html_of, text_of

TAGS = frozenset("html head meta title style body div p h2 a br table tr td img".split())
_ATTRIBUTES = frozenset(
    "lang dir charset name content class style href role cellpadding cellspacing src alt width height".split()
)
_LINE = 998  # RFC 5322


class _Seen(HTMLParser):
    """Tags and attributes as they stand, and the addresses that something leads to."""

    def __init__(self) -> None:
        super().__init__()
        self.wrong: list[str] = []
        self.hrefs: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag not in TAGS:
            self.wrong.append(f"<{tag}>")
        for name, value in attrs:
            if name not in _ATTRIBUTES:
                self.wrong.append(f"{tag} has {name}")
            if name == "href":
                self.hrefs.append(value or "")

    def handle_pi(self, data: str) -> None:
        self.wrong.append(f"<?{data[:20]}")

    def handle_comment(self, data: str) -> None:
        self.wrong.append(f"<!--{data[:20]}")


def parsed(raw: bytes) -> EmailMessage:
    """A message as mailboxes read it."""
    mail = email.message_from_bytes(raw, policy=email.policy.default)
    assert isinstance(mail, EmailMessage)
    return mail


def faults(raw: bytes, *, headers: Collection[str], ours: Collection[str], sender: str) -> list[str]:
    """What is wrong with a message, in words. `headers` are those that it has, `ours` what its links begin with."""
    mail = parsed(raw)
    wrong = [] if sorted(mail.keys()) == sorted(headers) else [f"headers {sorted(set(mail.keys()) ^ set(headers))}"]
    wrong += [f"{part.get_content_type()} in it" for part in mail.walk() if part.get_content_type() not in _PARTS]
    wrong += [] if len(list(mail.walk())) == len(_PARTS) else ["more parts than were made"]
    wrong += [] if raw.isascii() else ["letters beyond ASCII"]
    wrong += [] if max(len(line) for line in raw.split(b"\r\n")) <= _LINE else ["a line too long"]
    wrong += ["a bare line end"] if re.search(rb"(?<!\r)\n|\r(?!\n)", raw) else []
    if [one.addr_spec for one in mail["From"].addresses] != [sender]:
        wrong.append(f"from {mail['From']}")
    if len(mail["To"].addresses) != 1 or re.search(r"[\r\n]", f"{mail['Subject']}{mail['To']}{mail['From']}"):
        wrong.append(f"to {mail['To']}, about {mail['Subject']}")
    seen = _Seen()
    seen.feed(html_of(mail))
    wrong += seen.wrong
    wrong += [f"leads to {url}" for url in seen.hrefs if not url.startswith(tuple(ours))]
    invisible = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")
    shown = text_of(mail) + html_of(mail).replace("\r\n", "\n")
    wrong += [f"{found!a} in it" for found in invisible.findall(shown)]
    return wrong


_PARTS = ("multipart/alternative", "text/plain", "text/html")
