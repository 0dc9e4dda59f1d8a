"""The endpoint of mentions: what it takes, and what it refuses by which code, before anything is fetched."""

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select
from werkzeug.test import TestResponse

from tests.support.api import BLOG, PAGE, add_site, code
from widget.extensions import db
from widget.models import Outbox, Webmention

SOURCE = "https://ada.test/1"


@pytest.fixture
def site(app: Flask, client: FlaskClient) -> FlaskClient:
    """A site that takes mentions, and one that does not."""
    add_site(app, "blog", (BLOG,), webmentions="receive")
    add_site(app, "quiet", ("https://quiet.test",))
    return client


def tell(
    client: FlaskClient, source: str = SOURCE, target: str = PAGE, site: str = "blog", **more: str
) -> TestResponse:
    """POST /webmention/<site>."""
    return client.post(f"/webmention/{site}", data={"source": source, "target": target}, headers=more)


def count(app: Flask) -> tuple[int, int]:
    """Rows of mentions and of the outbox."""
    with app.app_context():
        found = [db.session.scalar(select(func.count()).select_from(table)) or 0 for table in (Webmention, Outbox)]
        return found[0], found[1]


def test_it_is_queued_and_tells_how_it_stands(app: Flask, site: FlaskClient) -> None:
    answer = tell(site)
    assert answer.status_code == 201
    assert answer.headers["Cache-Control"] == "no-store"
    place = answer.headers["Location"]
    assert answer.json == {"state": "waiting", "url": place}
    assert place.startswith("https://comments.test/webmention/blog/")
    assert site.get(place.removeprefix("https://comments.test")).json == answer.json
    assert count(app) == (1, 1)


@pytest.mark.parametrize("origin", ["https://evil.test", "null", BLOG, ""])
def test_where_a_browser_would_come_from_is_not_asked(site: FlaskClient, origin: str) -> None:
    answer = tell(site, Origin=origin)
    assert answer.status_code == 201
    assert "Access-Control-Allow-Credentials" not in answer.headers
    assert "Set-Cookie" not in answer.headers


@pytest.mark.parametrize(
    ("source", "target", "name"),
    [
        ("ftp://ada.test/", PAGE, "webmention.bad_source"),
        ("javascript:alert(1)", PAGE, "webmention.bad_source"),
        ("https://user@ada.test/", PAGE, "webmention.bad_source"),
        ("https://ada.test/\x00", PAGE, "webmention.bad_source"),
        ("https://ada.test/" + "x" * 3_000, PAGE, "webmention.bad_source"),
        ("", PAGE, "webmention.bad_source"),
        (SOURCE, "", "webmention.bad_target"),
        (SOURCE, "mailto:ada@blog.test", "webmention.bad_target"),
        (SOURCE, f"{PAGE}#{'x' * 3_000}", "webmention.bad_target"),
        (PAGE, f"{PAGE}#top", "webmention.same"),
        (f"{BLOG}/other", PAGE, "webmention.own_source"),
        ("https://comments.test/t/x", PAGE, "webmention.own_source"),
        (SOURCE, "https://blog.test.evil.test/post", "webmention.foreign_target"),
        (SOURCE, "http://blog.test/post", "webmention.foreign_target"),
        (SOURCE, "https://quiet.test/post", "webmention.foreign_target"),
        (SOURCE, "https://comments.test/desk", "webmention.foreign_target"),
    ],
)
def test_what_is_refused(app: Flask, site: FlaskClient, source: str, target: str, name: str) -> None:
    answer = tell(site, source, target)
    assert (answer.status_code, code(answer)) == (400, name)
    assert count(app) == (0, 0)


def test_a_site_that_takes_none(site: FlaskClient) -> None:
    answer = tell(site, target="https://quiet.test/post", site="quiet")
    assert (answer.status_code, code(answer)) == (400, "webmention.off")


def test_no_such_site_or_mention(site: FlaskClient) -> None:
    assert code(tell(site, site="nobody")) == "site.unknown"
    assert code(site.get("/webmention/blog/00000000000000000000")) == "webmention.unknown"
    assert code(site.get("/webmention/blog/x")) == "webmention.unknown"
    place = tell(site).headers["Location"].removeprefix("https://comments.test")
    assert code(site.get(place.replace("/blog/", "/quiet/"))) == "webmention.unknown"


def test_only_as_a_form_with_one_of_each(site: FlaskClient) -> None:
    path = "/webmention/blog"
    assert code(site.post(path, json={"source": SOURCE, "target": PAGE})) == "webmention.bad_source"
    assert code(site.post(path, data={"source": [SOURCE, SOURCE], "target": PAGE})) == "webmention.bad_source"
    assert code(site.post(path, query_string={"source": SOURCE, "target": PAGE})) == "webmention.bad_source"
    assert code(site.post(path, data={"source": SOURCE, "target": PAGE, "x": "x" * 30_000})) == "request.too_large"
    assert site.get(path).status_code == 405


def test_the_same_written_otherwise_is_the_same(app: Flask, site: FlaskClient) -> None:
    for source, target in ((SOURCE, PAGE), ("HTTPS://ADA.test:443/1?utm_source=x#a", f"{BLOG}:443/./post")):
        assert tell(site, source, target).status_code == 201
    assert count(app) == (1, 1)
    assert tell(site, SOURCE, f"{PAGE}#comment-1").status_code == 201
    assert count(app) == (2, 2)


def test_too_often(app: Flask, site: FlaskClient) -> None:
    app.config["LIMITS"] = 1
    assert tell(site).status_code == 201
    answer = tell(site, "https://ada.test/2")
    assert (answer.status_code, code(answer)) == (429, "limit.source")
    assert int(answer.headers["Retry-After"]) > 0
