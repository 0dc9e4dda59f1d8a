"""A message of a Slack app's incoming webhook, or of what understands the same (Mattermost, Rocket.Chat: the text).

Of what others wrote no `<` is left, so nothing in it is a link, a mention or a channel; Slack is told to look for none
itself (`verbatim`), and to show no preview of addresses (https://docs.slack.dev/messaging/formatting-message-text).
"""

from datetime import datetime

import msgspec

from widget.channels.hooks.message import fit, said
from widget.channels.hooks.request import Destination, Kind, Request
from widget.core.hookbody import News

SECTION, BUTTON, ADDRESS = 3_000, 75, 3_000


def _escape(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def _make(to: Destination, news: News, _now: datetime) -> Request:
    what = said(news)
    line = fit(what.line, SECTION, escape=_escape)
    sections = [line, *([fit(what.text, SECTION, escape=_escape)] if what.text else [])]
    buttons = [
        {"type": "button", "text": {"type": "plain_text", "text": fit(words, BUTTON)}, "url": url}
        for words, url in what.links
        if len(url) <= ADDRESS
    ]
    blocks = [{"type": "section", "text": {"type": "mrkdwn", "text": one, "verbatim": True}} for one in sections]
    body = {
        "text": line,
        "unfurl_links": False,
        "unfurl_media": False,
        "blocks": [*blocks, {"type": "actions", "elements": buttons}],
    }
    return Request("POST", to.address, msgspec.json.encode(body))


KIND = Kind("slack", _make)
