"""A notification of ntfy, on its own server or another: the address is the server's, the target is the topic.

It is plain text (https://docs.ntfy.sh/publish/#publish-as-json).
"""

import re
from datetime import datetime

import msgspec

from widget.channels.hooks.message import fit, said, utf8
from widget.channels.hooks.request import Destination, Kind, Request
from widget.core.hookbody import News

MESSAGE, TITLE = 4_096, 250  # bytes; a longer message would become a file


def _make(to: Destination, news: News, _now: datetime) -> Request:
    what = said(news)
    body = {
        "topic": to.target,
        "title": fit(what.title, TITLE, size=utf8),
        "message": fit("\n\n".join(part for part in (what.line, what.text) if part), MESSAGE, size=utf8),
        "click": what.links[0][1],
        "actions": [{"action": "view", "label": words, "url": url} for words, url in what.links],
    }
    headers = {"Authorization": f"Bearer {to.token}"} if to.token else {}
    return Request("POST", to.address, msgspec.json.encode(body), headers)


KIND = Kind("ntfy", _make, target=re.compile(r"[-_A-Za-z0-9]{1,64}"), bearer=None)
