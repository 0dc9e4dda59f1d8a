"""Feeds are what their standards say, whatever is in them: checked against schemas that were written from the texts."""

import json
import re
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator
from lxml import etree

from tests.support import trials
from tests.support.api import PAGE, Page
from tests.support.hostile import STRINGS, TEXTS
from widget.core import feed, text
from widget.core.feed import Entry, Feed
from widget.core.sanitise import sanitise

SCHEMAS = Path(__file__).parent / "schemas"
WHEN = datetime(2026, 11, 9, 7, 30, tzinfo=UTC)
ATOM = "{http://www.w3.org/2005/Atom}"


@cache
def _grammar(form: str) -> Any:
    return etree.RelaxNG(etree.parse(SCHEMAS / f"{form}.rng"))


@cache
def _schema() -> Draft202012Validator:
    told = json.loads((SCHEMAS / "jsonfeed.json").read_text(encoding="utf-8"))
    Draft202012Validator.check_schema(told)
    return Draft202012Validator(told)


def unfit(form: str, body: bytes) -> list[str]:
    """What a feed's standard does not allow in it."""
    if form == "json":
        return [f"{error.json_path}: {error.message}" for error in _schema().iter_errors(json.loads(body))]
    parser = etree.XMLParser(resolve_entities=False, no_network=True)
    tree = etree.fromstring(body, parser)
    grammar = _grammar(form)
    return [] if grammar.validate(tree) else [str(line) for line in grammar.error_log]


def contents(form: str, body: bytes) -> list[str]:
    """The html of the entries."""
    if form == "json":
        return [one["content_html"] for one in json.loads(body)["items"]]
    tree = etree.fromstring(body)
    found = tree.findall(f".//{ATOM}content") if form == "atom" else tree.findall(".//item/description")
    return [one.text or "" for one in found]


def made(entries: list[Entry], title: str = "The blog") -> Feed:
    """A feed of them."""
    return Feed(
        key="https://comments.test/feeds/blog",
        title=title,
        home="https://blog.test/",
        address=lambda form: f"https://comments.test/feeds/site.{form}?site=blog",
        updated=WHEN,
        entries=tuple(entries),
        hub="https://hub.test/",
    )


def entry(html: str = "<p>Hello</p>", name: str = "Ann", at: int = 0) -> Entry:
    """A comment."""
    return Entry(
        key=f"https://comments.test/comments/{at}",
        url=f"{PAGE}#comment-{at}",
        title=f"{name} · Post",
        author=name,
        author_url="https://ann.test/",
        html=html,
        published=WHEN,
        updated=WHEN,
        answers="https://comments.test/comments/above",
    )


@pytest.mark.parametrize("form", feed.FORMS)
@pytest.mark.parametrize("path", ["site", "page", "replies"])
def test_served_feeds_are_valid(page: Page, ann: Page, bob: Page, form: str, path: str) -> None:
    root = ann.posted("One with *stress*", page={"url": PAGE, "title": "Bread & salt"})["id"]
    bob.posted("Two", root)
    query = {"site": "blog"} | ({"url": PAGE} if path == "page" else {})
    where = f"/feeds/{path}.{form}"
    if path == "replies":
        where = ann.send("GET", "/me/feeds").json["replies"][form].removeprefix("https://comments.test")
        query = {}
    answer = page.client.get(where, query_string=query)
    assert unfit(form, answer.data) == []
    assert len(contents(form, answer.data)) == (1 if path == "replies" else 2)


@pytest.mark.parametrize("form", feed.FORMS)
def test_an_empty_feed_is_valid(page: Page, form: str) -> None:
    assert unfit(form, page.client.get(f"/feeds/page.{form}", query_string={"site": "blog", "url": PAGE}).data) == []
    assert unfit(form, page.client.get(f"/feeds/site.{form}", query_string={"site": "blog"}).data) == []


@pytest.mark.parametrize("form", feed.FORMS)
def test_hostile_texts_and_names_make_no_other_feed(form: str, record_property: trials.Noted) -> None:
    entries = [entry(text.render(raw, markup="html").html, at=at) for at, raw in enumerate(TEXTS)]
    body = feed.FORMS[form](made(entries))
    assert unfit(form, body) == []
    found = contents(form, body)
    assert len(found) == len(TEXTS)
    for html in found:
        assert sanitise(html).html == html
        addresses = re.findall(r'(?:href|src)="([^"]*)"', html)
        assert all(url.startswith(("http://", "https://", "mailto:")) for url in addresses)
    for nasty in STRINGS:
        body = feed.FORMS[form](made([entry(name=nasty or "Guest")], title=f"{nasty} x"))
        assert unfit(form, body) == [], nasty
        assert contents(form, body) == ["<p>Hello</p>"]
    trials.note(record_property, f"F.{form}", len(TEXTS) + len(STRINGS))


@pytest.mark.parametrize("form", feed.FORMS)
def test_the_control_words_that_are_not_escaped_are_found_out(form: str, record_property: trials.Noted) -> None:
    marker = "Some words"
    good = feed.FORMS[form](made([entry(name=marker)])).decode()
    broken = 0
    for raw in [*TEXTS, *STRINGS]:
        body = good.replace(marker, raw).encode("utf-8", "replace")
        try:
            broken += bool(unfit(form, body) or contents(form, body) != ["<p>Hello</p>"])
        except (etree.XMLSyntaxError, ValueError):
            broken += 1
    assert broken > 20
    trials.note(record_property, f"F.{form}", 0, control=broken)


@pytest.mark.parametrize(
    ("form", "was", "becomes"),
    [
        ("atom", "<updated>2026-11-09T07:30:00", "<updated>yesterday"),
        ("atom", "<name>Ann</name>", ""),
        ("atom", 'type="html">', 'type="xhtml">'),
        ("rss", "<description>The blog</description>", ""),
        ("rss", "09 Nov 2026", "9.11.26"),
        ("rss", "https://blog.test/post#", "/post#"),
        ("json", '"content_html"', '"content"'),
        ("json", "version/1.1", "version/2"),
    ],
)
def test_the_control_what_is_no_feed_is_not_taken_for_one(form: str, was: str, becomes: str) -> None:
    good = feed.FORMS[form](made([entry()])).decode()
    assert was in good
    assert unfit(form, good.replace(was, becomes).encode())
