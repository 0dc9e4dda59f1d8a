"""A notice in a Matrix room: the address is that of the homeserver, the token that of the user who speaks.

The transaction id is the message's own, so a repeat is no second notice; `m.mentions` says that nobody is called
(https://spec.matrix.org/v1.16/client-server-api/#put_matrixclientv3roomsroomidsendeventtypetxnid).
"""

import re
from datetime import datetime
from html import escape
from urllib.parse import quote

import msgspec

from widget.channels.hooks.message import fit, said, utf8
from widget.channels.hooks.request import Destination, Kind, Request
from widget.core.hookbody import News

TEXT = 6_000  # bytes; an event has 65,536 in all, with its words twice and escaped


def _html(text: str) -> str:
    return escape(text).replace("\n", "<br>")


def _make(to: Destination, news: News, _now: datetime) -> Request:
    what = said(news)
    links = "".join(f"\n{words}: {url}" for words, url in what.links)
    shown = " · ".join(f'<a href="{escape(url)}">{escape(words)}</a>' for words, url in what.links)
    text = fit(what.text, TEXT, size=utf8)
    body = {
        "msgtype": "m.notice",
        "body": "\n\n".join(part for part in (what.line, text) if part) + f"\n{links}",
        "format": "org.matrix.custom.html",
        "formatted_body": f"<p><strong>{_html(what.line)}</strong></p>"
        + (f"<blockquote><p>{_html(text)}</p></blockquote>" if text else "")
        + f"<p>{shown}</p>",
        "m.mentions": {},
    }
    room, once = quote(to.target, safe=""), quote(news.id, safe="")
    url = f"{to.address.rstrip('/')}/_matrix/client/v3/rooms/{room}/send/m.room.message/{once}"
    return Request("PUT", url, msgspec.json.encode(body), {"Authorization": f"Bearer {to.token}"})


KIND = Kind("matrix", _make, target=re.compile(r"![\x21-\x7e]{1,250}"), bearer=True)
