"""Which links a comment may carry, and where plain text has one."""

import re
from collections.abc import Iterator
from typing import NamedTuple

from widget.core import urls
from widget.core.errors import Problem

MAX_HREF = 2_000
# White space, control, zero-width and direction characters, and what ends an address in html or text.
_NEVER = r"\s\x00-\x1f\x7f-\xa0\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff<>\"`\\"
_UNFIT = re.compile(f"[{_NEVER}]")
_MAILTO = re.compile(r"mailto:[^@?]+@[^@?]+(?:\?.*)?\Z", re.IGNORECASE)

# What may stand in an address within running text. Brackets are left out for the sake of [text](address).
_REST = rf"[^{_NEVER}\[\]{{}}|^\u3000-\u303f\uff00-\uffef]+"
_ADDRESS = re.compile(rf"(?<![\w@/.:-])(?:https?://|www\.)(?=\w){_REST}", re.IGNORECASE)
_AFTER_SCHEME = re.compile(rf"(?=\w){_REST}")
_SCHEME_BEFORE = re.compile(r"(?<![\w@/.:-])https?\Z", re.IGNORECASE)
_NOT_AT_END = "?!.,:;*_~'"


class Found(NamedTuple):
    """An address in text: where it starts and ends, and where it leads."""

    start: int
    end: int
    href: str


def safe_href(href: str) -> str | None:
    """The href if a comment may link there, else None: http, https with a real host and no user name, or mailto.

    The sanitiser's own check is not enough: it takes `\\x01java\\x03script:` and `//host` for relative addresses.
    """
    href = href.strip(" \t\n")
    if len(href) > MAX_HREF or _UNFIT.search(href):
        return None
    if _MAILTO.match(href):
        return href
    try:
        urls.origin_of(href)
    except Problem:
        return None
    return href


def web_page(href: str | None) -> str | None:
    """The href if it is a web page's that one may link to, else None."""
    return href if href and href.startswith(("https://", "http://")) and safe_href(href) == href else None


def find(text: str) -> Iterator[Found]:
    """Addresses that stand in `text` as they are: https://…, http://… and www.…; in linear time."""
    for found in _ADDRESS.finditer(text):
        address = _without_tail(found[0])
        href = safe_href(address if "://" in address[:8] else f"http://{address}")
        if href is not None and ("://" in address[:8] or "." in address[4:]):
            yield Found(found.start(), found.start() + len(address), href)


def end_of_address(text: str, colon: int) -> int:
    """Where the address ends whose `://` stands at `colon`; `colon` itself if there is none."""
    if not text.startswith("://", colon) or not _SCHEME_BEFORE.search(text, max(0, colon - 6), colon):
        return colon
    found = _AFTER_SCHEME.match(text, colon + 3)
    return colon + 3 + len(_without_tail(found[0])) if found else colon


def _without_tail(address: str) -> str:
    """Cut what belongs to the sentence: its full stop, its closing bracket."""
    surplus = address.count(")") - address.count("(")
    end = len(address)
    while end and (address[end - 1] in _NOT_AT_END or (address[end - 1] == ")" and surplus > 0)):
        surplus -= address[end - 1] == ")"
        end -= 1
    return address[:end]
