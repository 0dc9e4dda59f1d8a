"""Others on the page that a test's reader has open: many who wrote long ago, and some who write meanwhile."""

import json
import ssl
import urllib.request
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from html import escape
from itertools import count
from pathlib import Path
from secrets import token_hex
from typing import Any, Self
from urllib.parse import urlencode

from tests.support.live import SITE, Live

_POSTS = count(1)
_BEGIN = datetime(2012, 5, 1, 8, tzinfo=UTC)
_ITEM = """<wp:comment><wp:comment_id>{id}</wp:comment_id><wp:comment_author>{name}</wp:comment_author>
<wp:comment_date_gmt>{time}</wp:comment_date_gmt><wp:comment_content>{text}</wp:comment_content>
<wp:comment_approved>1</wp:comment_approved><wp:comment_parent>{parent}</wp:comment_parent></wp:comment>"""
_EXPORT = """<?xml version="1.0" encoding="UTF-8"?>
<rss version="2.0" xmlns:wp="http://wordpress.org/export/1.2/"><channel><title>Old</title><wp:wxr_version>1.2</wp:wxr_version>
<item><title>{title}</title><link>{url}</link><wp:post_id>{post}</wp:post_id><wp:post_type>post</wp:post_type>
<wp:status>publish</wp:status>{comments}</item></channel></rss>"""


@dataclass(frozen=True)
class Old:
    """A comment of years ago; `under` is the place of what it answers among those before it, from 0."""

    text: str
    name: str = "Ines"
    under: int | None = None


def bring(live: Live, url: str, comments: Iterable[Old], *, site: str = SITE) -> None:
    """Import `comments`, each a minute after the one before, as the conversation of `url`."""
    post = next(_POSTS)
    items = [
        _ITEM.format(
            id=post * 1_000_000 + at,
            name=escape(old.name),
            time=(_BEGIN + timedelta(minutes=at)).strftime("%Y-%m-%d %H:%M:%S"),
            text=escape(old.text),
            parent=0 if old.under is None else post * 1_000_000 + old.under + 1,
        )
        for at, old in enumerate(comments, start=1)
    ]
    file = Path(live.folder) / f"old-{post}.xml"
    file.write_text(_EXPORT.format(title=f"Post {post}", url=url, post=post, comments="".join(items)), encoding="utf-8")
    live.widget("import", str(file), "--site", site)


def roots(number: int, *, lines: int = 1) -> list[Old]:
    """So many comments of so many lines, each saying which it is."""
    return [Old("\n\n".join([f"Comment {at}."] * lines), f"Reader {at % 7}") for at in range(1, number + 1)]


def chain(length: int) -> list[Old]:
    """Comments each of which answers the one before."""
    return [Old(f"Link {at}.", f"Reader {at % 3}", at - 2 if at > 1 else None) for at in range(1, length + 1)]


@dataclass
class Voice:
    """A guest who writes on a page while others read it."""

    live: Live
    url: str
    name: str = "Bo"
    site: str = SITE
    _token: str = field(default="", init=False)

    def call(self, method: str, path: str, body: Any = None) -> Any:
        """One call of the API, as a browser on the blog would make it."""
        headers = {"Origin": self.live.blog, "Idempotency-Key": token_hex(12), "Content-Type": "application/json"}
        if self._token:
            headers["Authorization"] = f"Bearer {self._token}"
        data = None if body is None else json.dumps(body).encode()
        request = urllib.request.Request(f"{self.live.server}/api/v1/{path}", data, headers, method=method)  # noqa: S310 - our own server
        # The name is only known to the browser, and with it whose certificate it is.
        request.full_url = request.full_url.replace("comments.test", "127.0.0.1")
        unchecked = ssl._create_unverified_context()  # noqa: S323 - this machine
        with urllib.request.urlopen(request, context=unchecked) as answer:  # noqa: S310
            return json.loads(answer.read() or b"null")

    def enter(self) -> Self:
        """Say who one is."""
        self._token = self.call("POST", "session", {"site": self.site, "guest": {"name": self.name}})["token"]
        return self

    def say(self, text: str, parent: str | None = None) -> str:
        """Write; the id of what was written."""
        if not self._token:
            self.enter()
        page = {"url": self.url}
        made = self.call("POST", "comments", {"site": self.site, "page": page, "text": text, "parent": parent})
        return str(made["comment"]["id"])

    def edit(self, comment: str, text: str) -> None:
        """Change one's own comment."""
        self.call("PATCH", f"comments/{comment}", {"text": text})

    def delete(self, comment: str) -> None:
        """Take it away."""
        self.call("DELETE", f"comments/{comment}")

    def read(self, **query: str) -> Any:
        """The conversation."""
        return self.call("GET", "threads?" + urlencode({"site": self.site, "url": self.url, **query}))
