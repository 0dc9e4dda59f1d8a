"""The short things people tell us (name, address, website) and the text itself, checked and brought into one form."""

import re
import unicodedata
from itertools import groupby

import idna

from widget.core import links, urls
from widget.core.errors import Problem

MAX_NAME = 80
MAX_EMAIL = 254  # RFC 5321, 4.5.3.1.3 less the brackets
MAX_WEBSITE = 500
_MAX_MARKS = 30  # UAX #15, stream-safe text: no language needs more on one letter
_MAX_MARKS_IN_NAME = 4

# Letters and symbols by their category that show nothing: Hangul fillers, the empty Braille cell.
_INVISIBLE = frozenset("\u115f\u1160\u3164\uffa0\u2800")
_UNASSIGNED_INVISIBLE = re.compile(r"[\u2065\ufff0-\ufff8\U000e0000-\U000e0fff]")
_NOTHING_TO_SEE = frozenset({"Cc", "Cf", "Cs", "Zs", "Zl", "Zp", "Mn", "Me", "Mc"})
# Turn the reading direction around, or take no room; the joiners (200C, 200D) stay: Persian and emoji need them.
_NOT_IN_NAMES = re.compile(
    r"[\u00ad\u034f\u061c\u115f\u1160\u180e\u200b\u200e\u200f\u202a-\u202e\u2060-\u206f\u3164\ufeff\uffa0\ufff0-\ufffc"
    r"\ud800-\udfff\U000e0000-\U000e0fff]"
)
_NOT_TO_KEEP = re.compile(r"[\x00\ud800-\udfff]")
_EMAIL = re.compile(r"(?P<local>[A-Za-z0-9.!#$%&'*+/=?^_`{|}~\u0080-\uffff-]{1,64})@(?P<domain>[^@\s]{1,253})\Z")
_LABEL = re.compile(r"[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\Z")


def clean_text(raw: str) -> str:
    """The text of a comment as it is kept: newlines as \\n, no space at the end of it, composed letters (NFC).

    Nothing else is changed. Raises Problem("request.bad_field") for NUL and lone surrogates, which no database keeps.
    """
    if _NOT_TO_KEEP.search(raw):
        raise Problem("request.bad_field", field="text", reason="it has characters that are none")
    text = raw.replace("\r\n", "\n").replace("\r", "\n").rstrip()
    # Composing takes the square of a run of marks; a run beyond any language is left as it is.
    return text if text.isascii() or _longest_marks(text) > _MAX_MARKS else unicodedata.normalize("NFC", text)


def is_blank(text: str) -> bool:
    """Whether there is nothing to see: white space, zero-width and filler characters, marks without a letter."""
    return all(
        unicodedata.category(char) in _NOTHING_TO_SEE or char in _INVISIBLE or _UNASSIGNED_INVISIBLE.match(char)
        for char in text
    )


def clean_name(name: str) -> str:
    """A name on one line, at most 80 characters, without control, direction and invisible ones; "" if none is left."""
    name = _NOT_IN_NAMES.sub("", "".join(" " if unicodedata.category(char) == "Cc" else char for char in name[:2_000]))
    name = _few_marks(" ".join(name.split()))
    name = _cut(unicodedata.normalize("NFC", name), MAX_NAME)
    return "" if is_blank(name) else name


def clean_website(url: str) -> str:
    """A person's site as an https or http address; one without a scheme gets https.

    Raises Problem("guest.bad_website").
    """
    url = url.strip()
    if "://" not in url and not url.lower().startswith(("javascript:", "data:", "mailto:", "//")):
        url = f"https://{url}"
    href = links.safe_href(url)
    try:
        host = urls.origin_of(href or "").partition("://")[2]
    except Problem:
        raise Problem("guest.bad_website", field="website") from None
    if href is None or len(href) > MAX_WEBSITE or ("." not in host and not host.startswith(("localhost", "["))):
        raise Problem("guest.bad_website", field="website")
    return href


def clean_email(address: str) -> str:
    """An e-mail address that can be written to, its domain in lower case and in ASCII.

    Raises Problem("guest.bad_email").
    """
    found = _EMAIL.match(address.strip())
    if found is None or found["local"].startswith(".") or found["local"].endswith(".") or ".." in found["local"]:
        raise Problem("guest.bad_email", field="email")
    # Mail programs read an encoded word (RFC 2047) in an address as what it says: another header, say.
    if "=?" in found["local"] or not found["local"].isprintable():
        raise Problem("guest.bad_email", field="email")
    try:
        domain = idna.encode(found["domain"], uts46=True).decode() if not found["domain"].isascii() else found["domain"]
    except (idna.IDNAError, UnicodeError):
        raise Problem("guest.bad_email", field="email") from None
    labels = domain.lower().split(".")
    result = f"{unicodedata.normalize('NFC', found['local'])}@{'.'.join(labels)}"
    if len(labels) < 2 or labels[-1].isdigit() or not all(map(_LABEL.match, labels)) or len(result) > MAX_EMAIL:
        raise Problem("guest.bad_email", field="email")
    return result


def _longest_marks(text: str) -> int:
    return max((sum(1 for _ in run) for mark, run in groupby(text, key=_is_mark) if mark), default=0)


def _few_marks(name: str) -> str:
    runs = ("".join(run)[: _MAX_MARKS_IN_NAME if mark else None] for mark, run in groupby(name, key=_is_mark))
    return "".join(runs)


def _is_mark(char: str) -> bool:
    return unicodedata.combining(char) != 0 or unicodedata.category(char) in {"Mn", "Me"}


def _cut(text: str, length: int) -> str:
    """The first `length` characters, not ending within a letter with marks or a joined emoji."""
    if len(text) <= length:
        return text
    end = length
    while end > length // 2 and (_joins(text[end]) or text[end - 1] == "\u200d"):
        end -= 1
    return text[:end].rstrip()


def _joins(char: str) -> bool:
    return _is_mark(char) or char in "\u200c\u200d" or "\U0001f3fb" <= char <= "\U0001f3ff"
