"""/t/: hostile words stay words, in the page and in what search engines read."""

import json
from html.parser import HTMLParser
from urllib.parse import urlsplit

from flask import Flask

from tests.support import valid_html as html
from tests.support.api import BLOG, Page, add_site
from tests.support.sheets import Sheets, data

HOSTILE = (
    "</script><script>alert(1)</script>",
    "<!--<script>",
    '"><img src=x onerror=alert(1)>',
    "' onfocus='alert(1)' autofocus='",
    "</textarea></title></style><svg onload=alert(1)>",
    "{{ 7777*7777 }} {% raw %}",
    "]]>\u2028alert(1)\u2029",
    "\u202e\u2066evil",
)


OURS = set(
    """html head meta title link style body main header h1 h2 p a bdi section ol li article div strong span time br em
    code pre form input label textarea button script blockquote img""".split()
)


class Tags(HTMLParser):
    """The tags of a page with their attributes."""

    def __init__(self) -> None:
        super().__init__()
        self.seen: list[tuple[str, list[tuple[str, str | None]]]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.seen.append((tag, attrs))


def test_hostile_words_stay_words(app: Flask, ann: Page, sheets: Sheets) -> None:
    add_site(app, "odd", ("https://odd.test",))
    for number, words in enumerate(HOSTILE):
        url = f"{BLOG}/{number}?q={words}"
        empty = sheets.of(url, title=words, id=words if words.isprintable() else "x", lang="en")
        assert empty.status_code == 200
        wrong = sheets.send(empty, name=words, text="", email=words, website=words)
        assert wrong.status_code == 422
        sent = sheets.send(empty, name=words, text=words)
        assert sent.status_code == 303, sent.text
        sheet = sheets.get(sent.headers["Location"].partition("#")[0])
        assert data(sheet)["comment"][0]["text"]
        assert data(sheet)["headline"]
        for answer in (empty, wrong, sheet):
            tags = Tags()
            tags.feed(answer.text)
            assert {name for name, _ in tags.seen} <= OURS
            scripts = [attributes for name, attributes in tags.seen if name == "script"]
            assert scripts in ([], [[("type", "application/ld+json")]])
            for _, attributes in tags.seen:
                assert not [name for name, _ in attributes if name.startswith("on") or name == "style"]
                assert all(
                    urlsplit(value or "").scheme in {"", "http", "https"}
                    for name, value in attributes
                    if name in {"href", "src", "action"}
                )
            assert "60481729" not in answer.text
        assert html.complaints(empty.text, wrong.text, sheet.text) == [[], [], []], words


def test_json_in_a_page_is_what_it_was(ann: Page, sheets: Sheets) -> None:
    for words in HOSTILE:
        ann.posted(f"`{words.replace(chr(96), '')}`")
    found = [one["text"] for one in data(sheets.of())["comment"]]
    assert len(found) == len(HOSTILE)
    assert found[0] == HOSTILE[0]
    assert json.dumps(found)
