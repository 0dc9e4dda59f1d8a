"""Where a mail comes from: a person or a machine, for which address, and what the receiving server found about that.

Standards: RFC 3834 (Auto-Submitted), 3464 (reports), 8601 (Authentication-Results), 7489 (DMARC).
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from email.errors import HeaderParseError
from email.header import decode_header, make_header
from email.message import Message
from email.utils import getaddresses, parseaddr
from itertools import islice

from widget.core import ids, mailwords

PASS, NONE, FAIL = "pass", "none", "fail"
_MOST = 50  # headers of one name that are looked at
_LONGEST = 8_000
_TO = ("delivered-to", "x-original-to", "envelope-to", "x-delivered-to", "x-envelope-to", "to", "cc")
_MACHINES = ("x-auto-response-suppress", "x-autoreply", "x-autorespond", "x-auto-reply-from", "list-id", "list-post")
_DAEMONS = frozenset({"mailer-daemon", "postmaster", "noreply", "no-reply", "donotreply", "do-not-reply", "bounces"})
_RESULT = re.compile(r"\s*(spf|dkim|dmarc)(?:/\d+)?\s*=\s*([a-z]+)(.*)", re.IGNORECASE | re.DOTALL)
_DOMAIN = re.compile(r"(?:header\.[di]|smtp\.(?:mailfrom|mail))\s*=\s*\"?([^\s\";]+)", re.IGNORECASE)


@dataclass(frozen=True)
class Found:
    """What the receiving server found: pass, none or fail; `aligned`: it vouches for the domain of From."""

    verdict: str
    aligned: bool = False


def recipients(message: Message) -> Iterator[str]:
    """Every address that the mail says it is for, those that servers noted first."""
    for name in _TO:
        yield from _addresses(message, name)


def sender(message: Message) -> str:
    """The address of From; "" where there is none, or more than one."""
    found = list(_addresses(message, "from"))
    return found[0] if len(found) == 1 else ""


def is_automatic(message: Message, *, envelope: str | None, own_domain: str) -> bool:
    """Whether no person wrote it just now: a bounce, a report, somebody who is away, a list, a mail of ours.

    `envelope` is the sender that the receiving server was given, where that is known.
    """
    value = one(message, "auto-submitted").partition(";")[0].strip().lower()
    returned = one(message, "return-path").replace(" ", "") if envelope is None else f"<{envelope}>"
    precedence = one(message, "precedence").strip().lower()
    local = sender(message).partition("@")[0].lower()
    kind = message.get_content_type()
    name, _, domain = one(message, "message-id").strip().strip("<>").rpartition("@")
    return (
        value not in {"", "no"}
        or precedence in {"bulk", "junk", "list", "auto_reply"}
        or any(name in message for name in _MACHINES)
        or returned == "<>"
        or kind in {"multipart/report", "message/delivery-status", "message/disposition-notification"}
        or local in _DAEMONS
        or local.startswith("mailer-daemon")
        or subject(message).casefold().startswith(mailwords.AWAY)
        or (domain.lower() == own_domain.lower() and ids.is_public_id(name))
    )


def authentication(message: Message, authserv_id: str) -> Found:
    """What the server called `authserv_id` found. Only its topmost word counts: those below may be the sender's."""
    for value in _all(message, "authentication-results") if authserv_id else ():
        name, *results = _without_comments(value).split(";")
        words = name.split()
        if words and words[0].strip('"').casefold() == authserv_id.casefold():
            return _judge(results, sender(message).rpartition("@")[2].lower())
    return Found(NONE)


def subject(message: Message) -> str:
    """The subject as people read it."""
    raw = one(message, "subject")
    try:
        return " ".join(str(make_header(decode_header(raw))).split())
    except (HeaderParseError, LookupError, ValueError):
        return raw


def one(message: Message, name: str) -> str:
    """The first header of this name on one line; "" where there is none."""
    return next(_all(message, name), "")


def _addresses(message: Message, name: str) -> Iterator[str]:
    for value in _all(message, name):
        if value.count("(") <= _MOST:  # the library reads comments within comments by recursion
            yield from (address for _, address in getaddresses([value]) if "@" in address)


def _all(message: Message, name: str) -> Iterator[str]:
    for value in islice(message.get_all(name, []), _MOST):
        yield " ".join(str(value)[:_LONGEST].split())


def _judge(results: list[str], domain: str) -> Found:
    found: dict[str, set[str]] = {"spf": set(), "dkim": set(), "dmarc": set()}
    aligned = False
    for result in results:
        if match := _RESULT.fullmatch(result):
            method, verdict = match[1].lower(), match[2].lower()
            found[method].add(verdict)
            named = {one.rpartition("@")[2].lower() for one in _DOMAIN.findall(match[3])}
            aligned |= verdict == PASS and bool(domain) and (method == "dmarc" or domain in named)
    if FAIL in found["dmarc"]:
        return Found(FAIL)
    if any(PASS in verdicts for verdicts in found.values()):
        return Found(PASS, aligned)
    failed = found["spf"] & {"fail", "hardfail", "softfail"} or found["dkim"] & {"fail", "permerror", "policy"}
    return Found(FAIL if failed else NONE)


def _without_comments(value: str) -> str:
    """A header's value without what stands in parentheses, which may be nested and quoted (RFC 5322, section 3.2)."""
    out, depth, quoted, escaped = [], 0, False, False
    for char in value:
        if escaped:
            escaped = False
        elif char == "\\":
            escaped = True
        elif char == '"' and not depth:
            quoted = not quoted
        elif not quoted and char == "(":
            depth += 1
        elif not quoted and char == ")" and depth:
            depth -= 1
            continue
        if not depth:
            out.append(char)
    return "".join(out)


def is_address(value: str) -> bool:
    """Whether it is an address alone, of ASCII letters."""
    return parseaddr(value)[1] == value and value.isascii() and 0 < value.find("@") == value.rfind("@") < len(value) - 1
