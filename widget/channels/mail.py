"""A letter as a mail: plain text and html of the same blocks, in a message that no name, title or text can break.

No picture is fetched from anywhere and nothing tells who read it: images travel inside. Standards: RFC 2046
(multipart/alternative), 2919 (List-Id), 2369 and 8058 (List-Unsubscribe and its one click), 3834 (Auto-Submitted).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import EmailPolicy
from email.utils import format_datetime
from functools import cache
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined

from widget.core import letters
from widget.core.letters import Letter

_SUBJECT = 180
_NAME = 80
_PNG = ("image", "png")
_WHOLE = frozenset({"list-unsubscribe", "list-id", "message-id", "in-reply-to", "references"})


@dataclass(frozen=True)
class Envelope:
    """Everything about a mail besides what it says.

    `message_id` and `thread` are without brackets; `thread` is what mails about the same page answer, so that they
    stand together. `stop` is the address that ends it with one POST.
    """

    sender: tuple[str, str]
    to: str
    lang: str
    direction: str
    message_id: str
    date: datetime
    list_id: str = ""
    list_name: str = ""
    thread: str = ""
    stop: str = ""
    reply_to: str = ""


def compose(letter: Letter, envelope: Envelope) -> bytes:
    """The message as it is handed to a mail server: ASCII lines, whatever letters are in it."""
    message = EmailMessage(policy=_policy(envelope))
    for name, value in _headers(letter, envelope):
        message[name] = value
    message.set_content(letters.text_of(letter), charset="utf-8", cte="quoted-printable")
    pictures = [block for block in letter.blocks if isinstance(block, letters.Image)]
    names = [f"picture{number}.{envelope.message_id}" for number, _ in enumerate(pictures)]
    message.add_alternative(html(letter, envelope, names), subtype="html", charset="utf-8", cte="quoted-printable")
    for picture, name in zip(pictures, names, strict=True):
        related: Any = message.get_payload()[1]  # type: ignore[index]  # the alternative that was just added
        related.add_related(picture.png, *_PNG, cid=f"<{name}>", disposition="inline")
    message["Content-Language"] = envelope.lang  # after its parts: the library gives them what begins with Content-
    return message.as_bytes()


def html(letter: Letter, envelope: Envelope, pictures: Sequence[str] = ()) -> str:
    """The html of the message; `pictures` are the content ids of its images, in order."""
    left = iter(pictures)
    blocks = [
        (type(block).__name__, block, next(left) if isinstance(block, letters.Image) else "") for block in letter.blocks
    ]
    footer = [(type(line).__name__, line) for line in letter.footer]
    template = _templates().get_template("letter.html")
    subject = letters.plain(letter.subject, longest=_SUBJECT)
    return template.render(subject=subject, blocks=blocks, footer=footer, lang=envelope.lang, dir=envelope.direction)


def _headers(letter: Letter, envelope: Envelope) -> list[tuple[str, Any]]:
    name, address = envelope.sender
    headers: list[tuple[str, Any]] = [
        ("From", _address(_line(name, _NAME), address)),
        ("To", _address("", envelope.to)),
        ("Subject", _line(letter.subject, _SUBJECT)),
        ("Date", format_datetime(envelope.date)),
        ("Message-ID", f"<{envelope.message_id}>"),
        ("Auto-Submitted", "auto-generated"),
    ]
    if envelope.reply_to:
        headers.append(("Reply-To", _address("", envelope.reply_to)))
    if envelope.thread:
        headers += [("In-Reply-To", f"<{envelope.thread}>"), ("References", f"<{envelope.thread}>")]
    if envelope.list_id:
        listed = _line(envelope.list_name, _NAME)
        # A phrase of a structured header: only what needs no encoding stands in it.
        phrase = "".join(char if char.isascii() and (char.isalnum() or char in " -_.") else " " for char in listed)
        phrase = " ".join(phrase.split())
        headers.append(("List-Id", f'"{phrase}" <{envelope.list_id}>' if phrase else f"<{envelope.list_id}>"))
    if envelope.stop:
        headers += [("List-Unsubscribe", f"<{envelope.stop}>"), ("List-Unsubscribe-Post", "List-Unsubscribe=One-Click")]
    return headers


def _line(text: str, longest: int) -> str:
    """Somebody's words in a header. The library reads an encoded word in them (RFC 2047) as what it says, line ends and
    all, and then writes that: so there is none."""
    return letters.plain(text, longest=longest).replace("=?", "= ?")


def _address(name: str, address: str) -> Address:
    if "=?" in address:  # as in `_line`; but an address with a space in it is another one
        raise ValueError("an encoded word where an address should be")
    local, _, domain = address.rpartition("@")
    return Address(name, local, domain)


class _Policy(EmailPolicy):
    """As the library's, which would write a word of ours that is longer than a line as an encoded one: no link then."""

    def fold(self, name: str, value: str) -> str:
        """One header with its line end; those that are one word of ASCII are not broken."""
        if name.lower() in _WHOLE:
            return f"{name}: {value}{self.linesep}"
        return str(super().fold(name, value))

    def fold_binary(self, name: str, value: str) -> bytes:
        """The same in bytes."""
        return self.fold(name, value).encode("utf-8" if self.utf8 else "ascii", "surrogateescape")


def _policy(envelope: Envelope) -> EmailPolicy:
    """Seven bits, so that no server on the way has to know more; an address with other letters needs SMTPUTF8."""
    policy = _Policy(linesep="\r\n", raise_on_defect=False, cte_type="7bit")
    return policy if envelope.to.isascii() else policy.clone(utf8=True, cte_type="8bit")


@cache
def _templates() -> Environment:
    return Environment(
        loader=PackageLoader("widget.channels", "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
