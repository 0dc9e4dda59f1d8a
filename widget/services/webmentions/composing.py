"""What a mention says as a comment: its words cut to what a conversation bears, and always the way to its source."""

from collections.abc import Mapping
from html import escape
from typing import Any

from widget.core.microformats import Entry

MOST = {"reply": 2_000, "mention": 400}  # characters of what is quoted
MOST_HTML = 8_000
MOST_TITLE, MOST_LABEL = 200, 70
_WORDS = {"like": "mention.like", "repost": "mention.repost", "bookmark": "mention.bookmark"}


def html(entry: Entry, source: str, said: Mapping[str, Any], *, most: int) -> str:
    """A body for core.text to render: foreign html is in it. `said` are the words of the site's language; no more than
    `most` characters are quoted."""
    link = f'<p><a href="{escape(source)}">{escape(cut(_label(source), MOST_LABEL))}</a></p>'
    if entry.kind in _WORDS:
        return f"<p>{escape(said[_WORDS[entry.kind]])}</p>{link}"
    most = min(most, MOST[entry.kind])
    title = f"<p><strong>{escape(cut(entry.title, MOST_TITLE))}</strong></p>" if entry.title else ""
    if entry.kind == "mention" and entry.summary:
        return title + _lines(entry.summary, most) + link
    if entry.html and len(entry.text) <= most and len(entry.html) <= MOST_HTML:
        return f"{title}<div>{entry.html}</div>{link}"
    return title + _lines(entry.text or entry.summary, most) + link


def cut(text: str, most: int) -> str:
    """The beginning of a text, up to a word's end."""
    if len(text) <= most:
        return text
    start = text[: most - 1]
    head, space, _ = start.rpartition(" ")
    return f"{(head if space and len(head) > most // 2 else start).rstrip()}…"


def _lines(text: str, most: int) -> str:
    return "".join(f"<p>{escape(line)}</p>" for line in cut(text, most).split("\n") if line)


def _label(source: str) -> str:
    return source.partition("://")[2].removesuffix("/")
