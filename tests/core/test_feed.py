"""Feeds as XML and JSON: whatever stands in a row, what comes out can be read."""

import json
from dataclasses import replace
from datetime import timedelta

import pytest
from defusedxml.ElementTree import fromstring

from widget.core import clock, feed
from widget.core.feed import Entry, Feed

# Old rows and imports may have what XML cannot hold: a reader would refuse the whole feed for one character.
UNFIT = "a\x00b\x0b\x1f\ufffe\uffff]]>&<\"'\u202e\U0001f600z"
ENTRY = Entry(
    key="k",
    url="https://a.test/?a=1&b=2#c",
    title=UNFIT,
    author=UNFIT,
    author_url=None,
    html=UNFIT,
    published=clock.EPOCH,
    updated=clock.EPOCH + timedelta(days=1),
)
FEED = Feed("f", UNFIT, "https://a.test/", lambda form: f"https://c.test/f.{form}", clock.EPOCH, (ENTRY,))


@pytest.mark.parametrize("form", ["atom", "rss"])
def test_what_xml_cannot_hold_is_left_out(form: str) -> None:
    root = fromstring(feed.FORMS[form](FEED))
    texts = [element.text for element in root.iter() if element.text]
    assert texts.count("ab]]>&<\"'\u202e\U0001f600z") >= 3


def test_json_holds_everything() -> None:
    item = json.loads(feed.json(FEED))["items"][0]
    assert (item["title"], item["url"]) == (UNFIT, ENTRY.url)
    assert (item["date_published"], item["date_modified"]) == ("1970-01-01T00:00:00Z", "1970-01-02T00:00:00Z")


def test_an_id_is_made_of_the_key_alone() -> None:
    made = {form: feed.FORMS[form](FEED) for form in feed.FORMS}
    again = {form: feed.FORMS[form](replace(FEED, entries=(replace(ENTRY, html="other"),))) for form in feed.FORMS}
    for form in feed.FORMS:
        assert feed.identity("k").encode() in made[form]
        assert feed.identity("k").encode() in again[form]
    assert feed.identity("k") != feed.identity("l")
