"""For a program of one's own: the event as JSON, signed (https://www.standardwebhooks.com)."""

from datetime import datetime

import msgspec

from widget.channels.hooks.request import Destination, Kind, Request
from widget.core import signatures
from widget.core.hookbody import News


def _make(to: Destination, news: News, now: datetime) -> Request:
    body = msgspec.json.encode(news.body)
    return Request("POST", to.address, body, signatures.headers(news.id, now, body, to.secrets))


KIND = Kind("json", _make, signs=True)
