"""What somebody says in an answer to a mail, without what they answer: quoted text, the line above it, signatures.

Mail programs mark all that in their languages and ways. Looked at is the shape, not a language: a line that ends with
a colon, names a time and an address, and stands above lines with `>` introduces a quotation wherever it was written.
Words are asked only where the shape alone would not do. Answers below and between quoted lines stay, the quoted lines
go. Every pattern is tried on short lines alone, so that no mail takes long. Why no library does it: decision 013.
"""

import re
from collections.abc import Collection, Sequence
from itertools import pairwise
from urllib.parse import unquote

from widget.core import mailwords

_LONGEST = 400  # characters of what introduces a quotation, or of a line that programs add
_QUOTED = re.compile(r"\s{0,3}[>\uff1e]")
_ADDRESS = re.compile(r"[^\s<>\[\]()]{1,64}@[^\s<>\[\]()]{1,190}")
_LINK = re.compile(r"mail[/_](?:decide|stop|mine|confirm)[/_]")
_LABEL = re.compile(r"\s{0,3}[*_]{0,2}([^\W\d_][\w .'\u2019/-]{0,24}?)\s?[*_]{0,2}\s?[:\uff1a]\s?[*_]{0,2}\s{0,3}\S")
_BETWEEN = re.compile(r"\s{0,3}[-\u2013\u2014_]{5,80}\s{0,3}[^\W_][^-_]{0,60}[-\u2013\u2014_]{5,80}\s{0,3}")
_RULE = re.compile(r"\s{0,3}[-\u2013\u2014_]{8,200}\s{0,3}")


def cut(text: str, *, ours: Collection[str] = ()) -> str:
    """The words of the answer alone, paragraphs as they were; "" where there are none.

    `text` is a mail's plain text. `ours` are the names and addresses that the answered mail had as its sender: who is
    named so in what looks like an introduction was quoted.
    """
    lines = _clean(text).split("\n")
    known = {name.casefold() for name in ours if len(name) > 2}
    lines = lines[: _end(lines, known)]
    lines = _signed(_unquoted(lines, known))
    return re.sub(r"\n{3,}", "\n\n", "\n".join(line.rstrip() for line in lines)).strip("\n")


def has_link_of_ours(text: str) -> bool:
    """Whether a link of a mail of ours is left in it, or a part of one: also broken, or rewritten by what checks links
    (Safe Links, URL Defense), of whatever server."""
    whole = "".join(text.split())
    for _ in range(2):
        whole = unquote(whole)
    if _LINK.search(whole.casefold()):
        return True
    words = (part for word in text.split() for part in re.split(r"[^A-Za-z0-9_.-]", word) if "." in part)
    return any(
        len(said) >= 16 and len(signature) >= 43 for word in words for said, signature in pairwise(word.split("."))
    )


def unwrap(text: str) -> str:
    """Lines that a mail program broke for their length, joined again: a newline is a line break in a comment.

    Such lines are about as long as the longest, which is no longer than 80, and the next one's first word would not
    have stood on them.
    """
    lines = text.split("\n")
    width = max(map(len, lines))
    if not 50 < width <= 80:
        return text
    out: list[list[str]] = []
    for number, line in enumerate(lines):
        before = lines[number - 1] if number else ""
        if out and before and line[:1].isalnum() and not re.match(r"\d{1,3}[.)]\s", line):
            first = line.split(None, 1)[0]
            if len(before) + 1 + len(first) > width and len(before) > width * 0.6:
                out[-1].append(line)
                continue
        out.append([line])
    return "\n".join(map(" ".join, out))


def _clean(text: str) -> str:
    text = text.replace("\r\n", "\n").replace("\r", "\n").replace("\xa0", " ").replace("\u202f", " ")
    return re.sub("[\u200b\u200c\u200e\u200f\u2060\ufeff\u202a-\u202e\u2066-\u2069]", "", text)


def _end(lines: Sequence[str], known: Collection[str]) -> int:
    """The line from which on all is the answered mail: an Outlook's headers, a forwarded message, or an introduction
    whose quotation is not marked."""
    for number, line in enumerate(lines):
        if len(line) > _LONGEST or _QUOTED.match(line) or not line.strip():
            continue
        bare = line.strip().rstrip(":\uff1a ").casefold()
        if _BETWEEN.fullmatch(line) or bare in mailwords.FORWARDED or _headers(lines, number):
            return _above_rule(lines, number)
        if _ends_like_introduction(line):
            start = _introduction(lines, number, known, sure=True)
            if start is not None and not _quote_follows(lines, number):
                return _above_rule(lines, start)
    return len(lines)


def _above_rule(lines: Sequence[str], number: int) -> int:
    at = number
    while at > 0 and not lines[at - 1].strip():
        at -= 1
    return at - 1 if at > 0 and _RULE.fullmatch(lines[at - 1]) else number


def _headers(lines: Sequence[str], number: int) -> bool:
    """Whether the headers of a mail begin there, in any language: three together, the sender among the first."""
    found = [match[1].strip().casefold() if match else "" for match in map(_LABEL.match, lines[number : number + 6])]
    return bool(found[0]) and not mailwords.FROM.isdisjoint(found[:2]) and sum(map(bool, found)) >= 3


def _ends_like_introduction(line: str) -> bool:
    return line.rstrip().endswith((":", "\uff1a"))


def _introduction(lines: Sequence[str], last: int, known: Collection[str], *, sure: bool) -> int | None:
    """The line at which the introduction begins that ends with line `last`; None: it is none.

    `sure`: only with an address, or a name of ours.
    """
    fitting = []
    for start in range(last, max(-1, last - 4), -1):
        if not lines[start].strip() or _QUOTED.match(lines[start]):
            break
        said = " ".join(line.strip() for line in lines[start : last + 1])
        if len(said) > _LONGEST:
            break
        low = said.casefold()
        named = bool(_ADDRESS.search(said)) or any(name in low for name in known)
        if any(char.isdigit() for char in said) and (
            named or (not sure and any(word in low for word in mailwords.WROTE))
        ):
            if mailwords.STARTER.match(lines[start]):
                return start
            fitting.append(start)
    return fitting[0] if fitting else None


def _quote_follows(lines: Sequence[str], number: int) -> bool:
    after = [line for line in lines[number + 1 : number + 4] if line.strip()]
    return bool(after and _QUOTED.match(after[0]))


def _unquoted(lines: Sequence[str], known: Collection[str]) -> list[str]:
    out: list[str] = []
    for number, line in enumerate(lines):
        if _QUOTED.match(line):
            continue
        out.append(line)
        if _ends_like_introduction(line) and len(line) <= _LONGEST and _quote_follows(lines, number):
            start = _introduction(lines, number, known, sure=False)
            if start is not None:
                del out[len(out) - (number - start + 1) :]
    return out


def _signed(lines: list[str]) -> list[str]:
    """Without what stands below `-- `, and what a telephone says of itself."""
    for number, line in enumerate(lines):
        if line.rstrip() in {"--", "\u2014"} and (number or len(lines) > 1):
            lines = lines[:number]
            break
    while lines:
        last = lines[-1]
        if last.strip() and not (len(last) <= _LONGEST and (mailwords.SENT.match(last) or _RULE.fullmatch(last))):
            break
        lines = lines[:-1]
    return lines
