"""A conversation that is too old is seen to be closed before anybody types, from the moment on at which it closes."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from urllib.parse import urlsplit

import pytest
from flask import Flask
from flask.testing import FlaskClient

from tests.support.api import Page, add_site, code
from widget.core import clock
from widget.services import sites, transaction

NOW = datetime(2026, 5, 1, 12, tzinfo=UTC)
OVER = NOW + timedelta(days=7)


@pytest.fixture
def ann(app: Flask, client: FlaskClient) -> Iterator[Page]:
    """Who began a conversation on a site that closes them after a week."""
    add_site(app, close_days=7)
    page = Page(client)
    with clock.freeze(NOW):
        page.be_guest("Ann").posted("first")
        yield page


def open_(page: Page, **params: object) -> bool:
    found: bool = page.read(**params).json["thread"]["open"]
    return found


def test_it_closes_by_itself(ann: Page) -> None:
    before = ann.read()
    assert before.json["thread"]["open"] is True
    known = {"If-None-Match": before.headers["ETag"]}
    with clock.freeze(OVER - timedelta(seconds=1)):
        assert ann.read(headers=known).status_code == 304
        assert open_(ann)
    with clock.freeze(OVER):  # nothing was written, and what was ready is not any more
        assert not open_(ann)
        assert not open_(ann, since=before.json["thread"]["version"])
        again = ann.read(headers=known)
        assert again.status_code == 200
        assert ann.read(headers={"If-None-Match": again.headers["ETag"]}).status_code == 304
        ann.be_guest("Ann")
        assert code(ann.post("late")) == "thread.closed"
        there = ann.client.get("/t/", query_string={"site": "blog", "url": ann.url}).headers["Location"]
        sheet = ann.client.get(urlsplit(there).path)
        assert "Comments are closed." in sheet.text
        assert "<textarea" not in sheet.text


def test_what_one_may_do_still_does_not_open_it(ann: Page) -> None:
    first = ann.read().json["comments"][0]["id"]
    with clock.freeze(OVER):
        answer = ann.be_person("Ada").react(first)
        assert answer.status_code == 200
        assert answer.json["thread"]["open"] is False


def test_another_span_holds_at_once(app: Flask, ann: Page) -> None:
    def span(days: int) -> None:
        with app.app_context():
            transaction.write(lambda session: sites.change(session, "blog", settings={"close_days": days}))

    with clock.freeze(OVER):
        assert not open_(ann)
        span(8)
        assert open_(ann)
        span(0)
        assert open_(ann)
        span(7)
        assert not open_(ann)
