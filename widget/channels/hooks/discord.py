"""A message of a Discord webhook: nobody is mentioned whatever it says, and no Markdown of others is left in it.

Embeds read Markdown, masked links too, so each of its characters is escaped. Webhooks that no application owns have no
buttons: the desk's address stands in a field (https://docs.discord.com/developers/resources/webhook#execute-webhook).
"""

import re
from datetime import datetime

import msgspec

from widget.channels.hooks.message import fit, said
from widget.channels.hooks.request import Destination, Kind, Request
from widget.core.hookbody import News

CONTENT, TITLE, DESCRIPTION, FIELD = 2_000, 256, 4_096, 1_024
ALL = 6_000  # of one embed's texts together
_MARKDOWN = re.compile(r"[\\*_~`|<>\[\]()#:-]")


def _escape(text: str) -> str:
    """Backslashes before all that has a meaning; an address keeps none of its own, and so is no link either."""
    return _MARKDOWN.sub(r"\\\g<0>", text)


def _make(to: Destination, news: News, _now: datetime) -> Request:
    what = said(news)
    fields = [{"name": fit(words, TITLE), "value": url} for words, url in what.links if len(url) <= FIELD]
    title = fit(what.title, TITLE, escape=_escape)
    room = ALL - len(title) - sum(len(one["name"]) + len(one["value"]) for one in fields) - 10
    embed = {
        "title": title,
        "description": fit(what.text, min(DESCRIPTION, room), escape=_escape),
        "fields": fields,
    }
    body = {
        "content": fit(what.line, CONTENT, escape=_escape),
        "embeds": [embed],
        "allowed_mentions": {"parse": []},
    }
    return Request("POST", to.address, msgspec.json.encode(body))


KIND = Kind("discord", _make)
