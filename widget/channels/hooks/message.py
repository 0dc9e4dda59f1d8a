"""What the kinds for chats have in common: an event in words, hostile ones made harmless, and cut to what fits."""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from widget.core import letters
from widget.core.hookbody import Body, News


@dataclass(frozen=True)
class Said:
    """An event as a message: a line, the comment's words (none where the event tells none), and links."""

    line: str
    text: str
    title: str
    links: tuple[tuple[str, str], ...]  # (words, address)


def said(news: News) -> Said:
    """Words of a message, in its language; nothing in them is escaped for anybody yet."""
    t, data = _words(news.lang), news.body.data
    comment, who = data.comment, data.comment.author if data.comment else data.person
    values = {
        "name": who.name if who else "",
        "title": data.page.title if data.page else "",
        "site": data.site.name if data.site else "",
    }
    shown = ((t["read"], comment.url),) if comment and comment.state == "published" else ()
    line = calm(letters.plain(t[_key(news.body)].format(**values), longest=400))
    title = data.page.title if data.page else values["site"]
    links = (*shown, (t["desk"], data.desk))
    return Said(line, calm(comment.text or "") if comment else "", calm(letters.plain(title, longest=200)), links)


def calm(text: str) -> str:
    """The same to read, but nothing in it calls anybody: between an @ and a name there is a space of no width."""
    return text.replace("@", "@\u200b")


def fit(text: str, most: int, *, escape: Callable[[str], str] = str, size: Callable[[str], int] | None = None) -> str:
    """The text escaped, of a `size` of at most `most`; what is too long ends in …, never within an escape."""
    measure = size or utf16
    if measure(escape(text)) <= most:
        return escape(text)
    low, high = 0, len(text)
    while low < high:
        middle = (low + high + 1) // 2
        low, high = (middle, high) if measure(escape(text[:middle] + "…")) <= most else (low, middle - 1)
    return escape(text[:low].rstrip() + "…")


def utf16(text: str) -> int:
    """Length as most services count it: in UTF-16, never less than the number of characters."""
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def utf8(text: str) -> int:
    """Length in bytes."""
    return len(text.encode("utf-8", "surrogatepass"))


def languages() -> tuple[str, ...]:
    """Those that messages speak; a site in another one gets English."""
    return tuple(sorted(_all()))


def _key(body: Body) -> str:
    waits = body.type == "comment.created" and body.data.comment and body.data.comment.state == "pending"
    return "comment.waits" if waits else body.type


def _words(lang: str) -> Mapping[str, str]:
    return _all().get(lang) or _all()["en"]


@cache
def _all() -> dict[str, dict[str, str]]:
    found: dict[str, dict[str, str]] = json.loads((Path(__file__).parent / "words.json").read_text(encoding="utf-8"))
    return found
