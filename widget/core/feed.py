"""A feed as a value, and what it looks like as Atom (RFC 4287), RSS 2.0 and JSON Feed 1.1.

Entries keep their id whatever happens to them: a reader of feeds shows each of them once.
"""

import re
import uuid
import xml.etree.ElementTree as ET  # it only writes here: what is read from others goes through defusedxml
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from email.utils import format_datetime
from typing import Any

from widget.core import clock, payload

_ATOM = "http://www.w3.org/2005/Atom"
_THREADING = "http://purl.org/syndication/thread/1.0"
_CREATOR = "http://purl.org/dc/elements/1.1/"
# What no XML 1.0 document may hold, not even escaped.
_UNFIT = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


@dataclass(frozen=True)
class Entry:
    """A comment. `key` is what its id is made of, `answers` that of the comment it answers; `html` is sanitised and
    has absolute links; `url` leads to the comment on its page."""

    key: str
    url: str
    title: str
    author: str
    author_url: str | None
    html: str
    published: datetime
    updated: datetime
    answers: str | None = None


@dataclass(frozen=True)
class Feed:
    """`key` is what its id is made of; `home` the page it is about, `address` where it is read, without the ending that
    says the form; `hub` a WebSub hub."""

    key: str
    title: str
    home: str
    address: Callable[[str], str]
    updated: datetime
    entries: tuple[Entry, ...] = field(default=())
    hub: str = ""


def identity(key: str) -> str:
    """The id that is made of a key: the same for ever, and nothing can be read from it."""
    return uuid.uuid5(uuid.NAMESPACE_URL, key).urn


def atom(feed: Feed) -> bytes:
    """RFC 4287, with the threads of RFC 4685."""
    root = ET.Element("feed", {"xmlns": _ATOM, "xmlns:thr": _THREADING})
    _text(root, "id", identity(feed.key))
    _text(root, "title", feed.title)
    _text(root, "updated", clock.rfc3339(feed.updated))
    _link(root, "link", rel="alternate", href=feed.home, type="text/html")
    _link(root, "link", rel="self", href=feed.address("atom"), type=MIMETYPES["atom"])
    if feed.hub:
        _link(root, "link", rel="hub", href=feed.hub)
    for entry in feed.entries:
        item = ET.SubElement(root, "entry")
        _text(item, "id", identity(entry.key))
        _text(item, "title", entry.title)
        _text(item, "published", clock.rfc3339(entry.published))
        _text(item, "updated", clock.rfc3339(entry.updated))
        _link(item, "link", rel="alternate", href=entry.url, type="text/html")
        author = ET.SubElement(item, "author")
        _text(author, "name", entry.author)
        if entry.author_url:
            _text(author, "uri", entry.author_url)
        if entry.answers:
            _link(item, "thr:in-reply-to", ref=identity(entry.answers))
        _text(item, "content", entry.html, type="html")
    return _written(root)


def rss(feed: Feed) -> bytes:
    """RSS 2.0, as its Advisory Board's profile advises: an atom:link to itself, dc:creator for people's names."""
    root = ET.Element("rss", {"version": "2.0", "xmlns:atom": _ATOM, "xmlns:dc": _CREATOR})
    channel = ET.SubElement(root, "channel")
    _text(channel, "title", feed.title)
    _text(channel, "link", feed.home)
    _text(channel, "description", feed.title)
    _text(channel, "lastBuildDate", format_datetime(feed.updated, usegmt=True))
    _link(channel, "atom:link", rel="self", href=feed.address("rss"), type=MIMETYPES["rss"])
    if feed.hub:
        _link(channel, "atom:link", rel="hub", href=feed.hub)
    for entry in feed.entries:
        item = ET.SubElement(channel, "item")
        _text(item, "title", entry.title)
        _text(item, "link", entry.url)
        _text(item, "guid", identity(entry.key), isPermaLink="false")
        _text(item, "pubDate", format_datetime(entry.published, usegmt=True))
        _text(item, "dc:creator", entry.author)
        _text(item, "description", entry.html)
    return _written(root)


def json(feed: Feed) -> bytes:
    """JSON Feed 1.1."""
    items = [
        {
            "id": identity(entry.key),
            "url": entry.url,
            "title": entry.title,
            "content_html": entry.html,
            "date_published": clock.rfc3339(entry.published),
            "date_modified": clock.rfc3339(entry.updated),
            "authors": [{"name": entry.author} | ({"url": entry.author_url} if entry.author_url else {})],
        }
        for entry in feed.entries
    ]
    whole: dict[str, Any] = {
        "version": "https://jsonfeed.org/version/1.1",
        "title": feed.title,
        "home_page_url": feed.home,
        "feed_url": feed.address("json"),
        "items": items,
    }
    if feed.hub:
        whole["hubs"] = [{"type": "WebSub", "url": feed.hub}]
    return payload.encode(whole)


FORMS: Mapping[str, Callable[[Feed], bytes]] = {"atom": atom, "rss": rss, "json": json}
MIMETYPES = {"atom": "application/atom+xml", "rss": "application/rss+xml", "json": "application/feed+json"}


def _text(parent: ET.Element, name: str, text: str, **attributes: str) -> None:
    ET.SubElement(parent, name, attributes).text = _UNFIT.sub("", text)


def _link(parent: ET.Element, name: str, **attributes: str) -> None:
    ET.SubElement(parent, name, attributes)


def _written(root: ET.Element) -> bytes:
    body: bytes = ET.tostring(root, encoding="utf-8", xml_declaration=True)
    return body
