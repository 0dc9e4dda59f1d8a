"""A message of a Telegram bot: the address is https://api.telegram.org/bot<token>/sendMessage.

Its html knows & < > alone (https://core.telegram.org/bots/api#html-style).
"""

import re
from datetime import datetime

import msgspec

from widget.channels.hooks.message import fit, said, utf16
from widget.channels.hooks.request import Destination, Kind, Request
from widget.core.hookbody import News

TEXT, LINE = 4_096, 1_000


def _escape(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;").replace('"', "&quot;")


def _make(to: Destination, news: News, _now: datetime) -> Request:
    what = said(news)
    line = f"<b>{fit(what.line, LINE, escape=_escape)}</b>"
    text = f"\n\n{fit(what.text, TEXT - utf16(line) - 2, escape=_escape)}" if what.text else ""
    body = {
        "chat_id": to.target,
        "text": line + text,
        "parse_mode": "HTML",
        "link_preview_options": {"is_disabled": True},
        "reply_markup": {"inline_keyboard": [[{"text": words, "url": url} for words, url in what.links]]},
    }
    return Request("POST", to.address, msgspec.json.encode(body))


KIND = Kind("telegram", _make, target=re.compile(r"-?[0-9]{1,20}|@[A-Za-z0-9_]{3,64}"))
