"""I8: hostile words in every place of every kind of hook: valid JSON, nobody called, no forged link, never too long."""

import html
import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any
from urllib.parse import unquote

import msgspec
import pytest
from standardwebhooks.webhooks import Webhook

from widget.channels.hooks import KINDS, Destination, discord, message, ntfy, slack, telegram
from widget.channels.hooks.message import utf8, utf16
from widget.core import events, hookbody, letters, signatures
from widget.core.hookbody import Body, CommentRef, Data, News, PageRef, PersonRef, SiteRef

NOW = datetime.now(UTC)
KEY = signatures.new_secret()
TO = {
    "json": Destination("https://receiver.test/x", secrets=(KEY,)),
    "slack": Destination("https://hooks.slack.test/services/x"),
    "discord": Destination("https://discord.test/api/webhooks/x"),
    "telegram": Destination("https://api.telegram.test/bot1:x/sendMessage", "-100"),
    "matrix": Destination("https://matrix.test/", "!room/../x:matrix.test", "syt_token"),
    "ntfy": Destination("https://ntfy.test", "topic"),
}
PLACES = ("name", "text", "title", "site")
HOSTILE = [
    "@everyone",
    "@here and @channel, @room",
    "<!everyone> <!here|here> <!channel>",
    "<!subteam^S0123|the team> <@U0123> <#C0123|general>",
    "<https://evil.test/login|https://bank.test>",
    "<mailto:x@evil.test|write>",
    "&lt;!everyone&gt; &amp;lt;!here&amp;gt;",
    "<@123456789012345678> <@&123456789012345678> <@!1> <#1> <t:0:R> </x:1>",
    "[https://bank.test](https://evil.test/login)",
    "[click](<https://evil.test>) ![x](https://evil.test/pixel.gif)",
    "||spoiler|| **bold** __under__ ~~gone~~ `code` ```js\nalert(1)\n``` > quote\n>>> all\n# big\n- one\n1. two",
    "<a href='https://evil.test'>bank.test</a><img src=x onerror=alert(1)>",
    "<b>bold</b><i><u></b>",
    '<a href="tg://user?id=1">Ann</a>',
    "</blockquote></p><mx-reply>x</mx-reply>",
    '", "text": "forged", "x": "',
    '\\", "allowed_mentions": {"parse": ["everyone"]}, "x": "\\',
    "'; DROP TABLE hook; --",
    "{name} {0} %s ${title} {{ 7*7 }} {}",
    "Bob\r\nX-Evil: 1\r\n\r\n",
    "\u2028\u2029\x85\x0b\x0c",
    "\x00\x01\x1b[31m\x7f",
    "\u202egro.elpmaxe@enoyreve",
    "@\u202ddeeveryone\u202c @\u200beveryone",
    "\ufeff\u2066@room\u2069",
    "🦊" * 3_000,
    "é" * 9_000,
    "本" * 9_000,
    "&" * 9_000,
    "<" * 9_000,
    "*" * 9_000,
    "\\" * 9_000,
    '"' * 9_000,
    "\n" * 9_000 + "x",
    "a" * 9_999,
    "e\u0301" * 4_999,
    "javascript:alert(1) data:text/html,x vbscript:x",
    "https://evil.test/" + "a" * 3_000,
    "discord.gg/x t.me/x slack://x matrix:r/x",
    "",
    " ",
]


def news(**words: str) -> News:
    """An event with hostile words where they are named; cleaned as services.hooks.news does it."""
    given = {"name": "Bob", "text": "Hello", "title": "A page", "site": "Blog", **words}
    author = PersonRef("a" * 20, letters.plain(given["name"], longest=80), "oidc")
    body = Body(
        "comment.created",
        "2026-11-24T12:00:00Z",
        Data(
            site=SiteRef("blog", given["site"]),
            desk="https://comments.test/admin/queue?view=all&site=blog",
            page=PageRef("https://blog.test/post", letters.plain(given["title"], longest=200)),
            comment=CommentRef(
                id="c" * 20,
                url="https://blog.test/post#comment-" + "c" * 20,
                kind="comment",
                state="published",
                before=None,
                parent=None,
                author=author,
                text=letters.excerpt([given["text"]], longest=10_000),
                time="2026-11-24T12:00:00Z",
                edited=None,
            ),
            by=author,
        ),
    )
    return News("msg_" + "m" * 20, body)


OURS = {"https://comments.test/admin/queue?view=all&site=blog", "https://blog.test/post#comment-" + "c" * 20}


def strings(value: Any) -> Iterator[str]:
    """Every string of a JSON value, names of fields aside."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for one in value.values():
            yield from strings(one)
    elif isinstance(value, list):
        for one in value:
            yield from strings(one)


def same_shape(one: Any, other: Any) -> bool:
    """Whether two JSON values differ in their strings alone (and in whether a message has words at all)."""
    if isinstance(one, dict) and isinstance(other, dict):
        return one.keys() == other.keys() and all(same_shape(one[key], other[key]) for key in one)
    if isinstance(one, list) and isinstance(other, list):
        return len(one) == len(other) and all(map(same_shape, one, other))
    return type(one) is type(other)


def nobody_is_called(said: dict[str, Any]) -> None:
    for one in strings(said):
        assert re.search(r"@(?:everyone|here|channel|room)", one, re.IGNORECASE) is None
        assert re.search(r"@[A-Za-z0-9_]", one) is None  # a name that is anybody's


def check_slack(said: dict[str, Any]) -> None:
    nobody_is_called(said)
    sections = [block for block in said["blocks"] if block["type"] == "section"]
    for one in [said["text"], *(block["text"]["text"] for block in sections)]:
        assert not set("<>") & set(one)
        assert re.sub(r"&(?:amp|lt|gt);", "", one).count("&") == 0
        assert 0 < utf16(one) <= slack.SECTION
    assert all(block["text"]["verbatim"] for block in sections)
    assert (said["unfurl_links"], said["unfurl_media"]) == (False, False)
    buttons = said["blocks"][-1]["elements"]
    assert {one["url"] for one in buttons} == OURS
    assert all(len(one["text"]["text"]) <= slack.BUTTON for one in buttons)


def check_discord(said: dict[str, Any]) -> None:
    nobody_is_called(said)
    assert said["allowed_mentions"] == {"parse": []}
    [embed] = said["embeds"]
    assert 0 < utf16(said["content"]) <= discord.CONTENT
    assert utf16(embed["title"]) <= discord.TITLE
    assert utf16(embed["description"]) <= discord.DESCRIPTION
    assert sum(utf16(one) for one in strings(embed)) <= discord.ALL
    assert {one["value"] for one in embed["fields"]} == OURS
    for one in (said["content"], embed["title"], embed["description"]):
        left = re.sub(r"\\[\\*_~`|<>\[\]()#:-]", "", one)
        assert re.search(r"[\\*_~`|<>\[\]()#:-]", left) is None  # all that has a meaning is escaped


def check_telegram(said: dict[str, Any]) -> None:
    nobody_is_called({"text": said["text"]})
    assert said["parse_mode"] == "HTML"
    assert said["chat_id"] == "-100"
    assert said["link_preview_options"] == {"is_disabled": True}
    assert 0 < utf16(said["text"]) <= telegram.TEXT
    assert re.findall(r"<[^>]*>?", said["text"]) == ["<b>", "</b>"]
    assert re.sub(r"&(?:amp|lt|gt|quot);", "", said["text"]).count("&") == 0
    assert {button["url"] for row in said["reply_markup"]["inline_keyboard"] for button in row} == OURS


def check_matrix(said: dict[str, Any]) -> None:
    nobody_is_called(said)
    assert said["m.mentions"] == {}
    assert said["msgtype"] == "m.notice"
    tags = re.findall(r"<(/?[a-z-]+)", said["formatted_body"])
    assert {tag.strip("/") for tag in tags} <= {"p", "strong", "blockquote", "br", "a"}
    assert {html.unescape(url) for url in re.findall(r'href="([^"]*)"', said["formatted_body"])} == OURS
    assert len(msgspec.json.encode(said)) < 60_000


def check_ntfy(said: dict[str, Any]) -> None:
    nobody_is_called(said)
    assert said["topic"] == "topic"
    assert 0 < utf8(said["message"]) <= ntfy.MESSAGE
    assert utf8(said["title"]) <= ntfy.TITLE
    assert {said["click"], *(one["url"] for one in said["actions"])} == OURS
    assert {one["action"] for one in said["actions"]} == {"view"}
    assert "markdown" not in said


def check_json(said: dict[str, Any]) -> None:
    assert said["type"] == "comment.created"


CHECKS: dict[str, Callable[[dict[str, Any]], None]] = {
    "json": check_json,
    "slack": check_slack,
    "discord": check_discord,
    "telegram": check_telegram,
    "matrix": check_matrix,
    "ntfy": check_ntfy,
}


def test_the_table_is_as_long_as_it_has_to_be() -> None:
    assert CHECKS.keys() == KINDS.keys()
    assert len(HOSTILE) * len(PLACES) * len(CHECKS) >= 243


@pytest.mark.parametrize("place", PLACES)
@pytest.mark.parametrize("kind", KINDS)
def test_hostile_words(kind: str, place: str) -> None:
    good = msgspec.json.decode(KINDS[kind].make(TO[kind], news(), NOW).body)
    for hostile in HOSTILE:
        told = news(**{place: hostile})
        request = KINDS[kind].make(TO[kind], told, NOW)
        said = msgspec.json.decode(request.body)
        CHECKS[kind](said)
        if hostile.strip() and told.body.data.comment and told.body.data.comment.text:
            assert same_shape(said, good), hostile
        for name, value in request.headers.items():
            assert value.isascii()
            assert value.isprintable(), name
        if kind == "json":
            assert Webhook(KEY).verify(request.body, request.headers) == said
            assert msgspec.json.decode(request.body, type=Body) == told.body


@pytest.mark.parametrize("kind", [kind for kind in CHECKS if kind != "json"])
def test_the_control_words_that_nobody_cleans_are_found(kind: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Without the care of this room the same table fails."""
    monkeypatch.setattr(message, "calm", str)
    monkeypatch.setattr(discord, "_escape", str)
    monkeypatch.setattr(slack, "_escape", str)
    monkeypatch.setattr(telegram, "_escape", str)
    failed = 0
    for hostile in HOSTILE:
        said = msgspec.json.decode(KINDS[kind].make(TO[kind], news(text=hostile), NOW).body)
        try:
            CHECKS[kind](said)
        except AssertionError:
            failed += 1
    assert failed >= 3


def test_where_a_notice_goes() -> None:
    request = KINDS["matrix"].make(TO["matrix"], news(), NOW)
    assert request.method == "PUT"
    start = "https://matrix.test/_matrix/client/v3/rooms/"
    assert request.url.startswith(start)
    room, *rest = request.url.removeprefix(start).split("/")
    assert unquote(room) == TO["matrix"].target
    assert rest == ["send", "m.room.message", "msg_" + "m" * 20]
    assert request.headers == {"Authorization": "Bearer syt_token"}


@pytest.mark.parametrize("lang", [*message.languages(), "xx"])
@pytest.mark.parametrize("kind", KINDS)
def test_every_event_has_its_words(kind: str, lang: str) -> None:
    whole = news().body
    for type_ in (*events.KINDS, hookbody.TEST):
        data = whole.data
        if type_ == "person.banned":
            data = Data(data.site, data.desk, person=data.by)
        if type_ == hookbody.TEST:
            data = Data(data.site, data.desk)
        told = News("msg_x", Body(type_, whole.timestamp, data), lang)
        assert KINDS[kind].make(TO[kind], told, NOW).body
        said = message.said(told)
        assert said.line
        assert "{" not in said.line


def test_the_languages_say_the_same() -> None:
    found = message._all()
    assert {frozenset(words) for words in found.values()} == {frozenset(found["en"])}
    for words in found.values():
        for key, text in words.items():
            assert set(re.findall(r"\{\w+\}", text)) == set(re.findall(r"\{\w+\}", found["en"][key]))


def test_what_waits_says_so_and_does_not_lead_to_the_page() -> None:
    told = news()
    comment = msgspec.structs.replace(told.body.data.comment, state="pending")
    data = msgspec.structs.replace(told.body.data, comment=comment)
    waiting = message.said(replace(told, body=msgspec.structs.replace(told.body, data=data)))
    assert "waits for a decision" in waiting.line
    assert [words for words, _ in waiting.links] == ["To the desk"]


@pytest.mark.parametrize("most", [1, 2, 5, 17, 100])
@pytest.mark.parametrize("text", ["", "a", "&" * 50, "🦊" * 50, "a b" * 40])
def test_what_is_cut_fits_and_never_within_an_escape(text: str, most: int) -> None:
    cut = message.fit(text, most, escape=slack._escape)
    assert utf16(cut) <= most
    assert re.sub(r"&amp;", "", cut).count("&") == 0
