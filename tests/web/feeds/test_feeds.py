"""Feeds of a site, of a page and of what a person is answered: read by a reader of feeds, fresh, and safe."""

from typing import Any

import feedparser
import pytest
from defusedxml.ElementTree import fromstring
from flask import Flask
from sqlalchemy import event, text
from werkzeug.test import TestResponse

from tests.support.api import BLOG, PAGE, Page, add_site, code
from widget.extensions import db
from widget.models import Comment
from widget.services import branches, threads, transaction

FORMS = {"atom": "application/atom+xml", "rss": "application/rss+xml", "json": "application/feed+json"}


def get(page: Page, path: str, **headers: str) -> TestResponse:
    """One feed, with what names its subject."""
    query = {"site": "blog", "url": PAGE} if path.startswith("page") else {"site": "blog"}
    return page.client.get(f"/feeds/{path}", query_string=query, headers=headers)


def parsed(answer: TestResponse) -> Any:
    """As a reader of feeds understands it."""
    assert answer.status_code == 200, answer.text
    found = feedparser.parse(answer.data, response_headers={"content-type": answer.headers["Content-Type"]})
    assert not found.bozo, found.get("bozo_exception")
    return found


@pytest.mark.parametrize("subject", ["site", "page"])
@pytest.mark.parametrize("form", FORMS)
def test_what_was_said_the_newest_first(ann: Page, bob: Page, subject: str, form: str) -> None:
    first = ann.posted("One with *stress*", page={"url": PAGE, "title": "Bread & salt"})["id"]
    second = bob.posted("Two", first)["id"]
    answer = get(ann, f"{subject}.{form}")
    assert answer.mimetype == FORMS[form]
    if form == "json":
        told = answer.json
        assert told["version"] == "https://jsonfeed.org/version/1.1"
        assert [item["url"] for item in told["items"]] == [f"{PAGE}#comment-{one}" for one in (second, first)]
        assert told["items"][1]["content_html"] == "<p>One with <em>stress</em></p>"
        assert told["items"][1]["authors"] == [{"name": "Ann", "url": "https://ann.test/"}]
        assert told["feed_url"].startswith(f"https://comments.test/feeds/{subject}.json?site=blog")
        return
    told = parsed(answer)
    assert told.feed.title == ("The blog" if subject == "site" else "Bread & salt · The blog")
    assert [entry.link for entry in told.entries] == [f"{PAGE}#comment-{one}" for one in (second, first)]
    assert [entry.author for entry in told.entries] == ["Bob", "Ann"]
    assert told.entries[1].title == "Ann · Bread & salt"
    assert "<em>stress</em>" in told.entries[1].summary
    assert any(link.rel == "self" and link.href.startswith("https://comments.test/feeds/") for link in told.feed.links)


def test_ids_stay_and_tell_nothing(ann: Page) -> None:
    made = ann.posted("before")["id"]
    before = parsed(get(ann, "page.atom")).entries[0]
    ann.edit(made, "after")
    after = parsed(get(ann, "page.atom")).entries[0]
    assert before.id == after.id
    assert before.id.startswith("urn:uuid:")
    assert made not in before.id
    assert (before.published, after.published) == (before.published, before.published)
    assert after.updated > before.updated
    assert "after" in after.content[0].value
    rss, told = parsed(get(ann, "page.rss")).entries[0], get(ann, "page.json").json["items"][0]
    assert rss.id == told["id"] == after.id


def test_an_answer_names_what_it_answers(ann: Page, bob: Page) -> None:
    root = ann.posted("one")["id"]
    bob.posted("two", root)
    tree = fromstring(get(ann, "page.atom").data)
    atom = "{http://www.w3.org/2005/Atom}"
    answer, first = tree.findall(f"{atom}entry")
    found = answer.find("{http://purl.org/syndication/thread/1.0}in-reply-to")
    assert found is not None
    assert found.get("ref") == first.findtext(f"{atom}id")


@pytest.mark.parametrize("path", [f"{subject}.{form}" for subject in ("site", "page") for form in FORMS])
def test_asked_again_it_costs_nothing_and_is_never_stale(app: Flask, ann: Page, bob: Page, path: str) -> None:
    made = ann.posted("one")["id"]
    answer = get(ann, path)
    etag = answer.headers["ETag"]
    assert get(ann, path, If_None_Match=etag).status_code == 304
    seen = {etag}
    steps = (
        lambda: bob.posted("two"),
        lambda: ann.edit(made, "changed"),
        lambda: ann.delete(made),
        lambda: ann.restore(made),
    )
    for step in steps:
        step()
        again = get(ann, path, If_None_Match=etag)
        assert again.status_code == 200
        etag = again.headers["ETag"]
        assert etag not in seen
        seen.add(etag)
        assert "private" not in again.headers["Cache-Control"]


@pytest.mark.parametrize("state", ["pending", "spam", "deleted"])
@pytest.mark.parametrize("path", ["site.atom", "page.json", "page.rss"])
def test_what_is_not_public_is_in_no_feed(app: Flask, ann: Page, state: str, path: str) -> None:
    made = ann.posted("between us")["id"]
    assert b"between us" in get(ann, path).data, "the control"
    with app.app_context():

        def hide(session: Any) -> None:
            comment = session.query(Comment).filter_by(public_id=made).one()
            threads.lock(session, comment.thread_id)
            branches.take_out(session, comment, state)

        transaction.write(hide)
        db.session.remove()
    assert b"between us" not in get(ann, path).data


HOSTILE = "</title><script>alert(1)</script> ]]> & <b>"


@pytest.mark.parametrize("form", FORMS)
def test_hostile_words_stay_words(ann: Page, form: str) -> None:
    page = Page(ann.client).be_guest("<i>Eve</i> & co")
    page.posted("<script>alert(2)</script> [x](javascript:alert(3))", page={"url": PAGE, "title": HOSTILE})
    answer = get(page, f"page.{form}")
    entry = answer.json["items"][0] if form == "json" else parsed(answer).entries[0]
    html = entry["content_html"] if form == "json" else fromstring(answer.data).find(".//{*}content")
    if form == "rss":
        html = fromstring(answer.data).findtext(".//item/description")
    text = html if isinstance(html, str) else (html.text or "" if html is not None else "")
    assert "<script" not in text
    assert "javascript:" not in text.replace("[x](javascript:alert(3))", "")
    if form != "json":
        assert "Eve" in entry.author


def test_a_page_without_comments_has_an_empty_feed_and_no_row(ann: Page) -> None:
    assert parsed(get(ann, "page.atom")).entries == []
    assert get(ann, "page.json").json["items"] == []


def test_what_is_asked_wrongly_is_said(ann: Page) -> None:
    assert code(get(ann, "site.xml")) == "not_found"
    assert code(ann.client.get("/feeds/site.atom")) == "request.bad_field"
    assert code(ann.client.get("/feeds/site.atom?site=none")) == "site.unknown"
    assert code(ann.client.get("/feeds/page.atom?site=blog&url=https://evil.test/")) == "page.foreign"


def test_answers_to_me_are_read_by_a_secret_address(app: Flask, ann: Page, bob: Page) -> None:
    mine = ann.posted("mine")["id"]
    theirs = bob.posted("to you", mine)["id"]
    ann.posted("to myself", mine)
    bob.posted("to nobody")
    addresses = ann.send("GET", "/me/feeds").json["replies"]
    assert set(addresses) == set(FORMS)
    path = addresses["atom"].removeprefix("https://comments.test")
    answer = ann.client.get(path)
    assert [entry.link for entry in parsed(answer).entries] == [f"{PAGE}#comment-{theirs}"]
    assert answer.headers["Cache-Control"].startswith("private")
    assert ann.client.get(path, headers={"If-None-Match": answer.headers["ETag"]}).status_code == 304
    secret = path.removeprefix("/feeds/replies/").removesuffix(".atom")
    key, name, seal = secret.split(".")
    add_site(app, "shop", ("https://shop.test",))
    for wrong in (
        f"{key}.{name}.{'b' if seal[0] == 'a' else 'a'}{seal[1:]}",
        f"shop.{name}.{seal}",
        f"{key}.{name}",
        "x",
        f"{key}..{seal}",
    ):
        assert code(ann.client.get(f"/feeds/replies/{wrong}.atom")) == "not_found"
    assert code(Page(ann.client).send("GET", "/me/feeds")) == "session.missing"


def test_of_another_site_nothing_is_told(app: Flask, ann: Page, bob: Page) -> None:
    add_site(app, "other", ("https://other.test",))
    elsewhere = Page(ann.client, site="other", origin="https://other.test", url="https://other.test/").be_guest()
    elsewhere.posted("elsewhere")
    assert b"elsewhere" not in get(ann, "site.atom").data
    assert get(ann, "site.json").json["home_page_url"] == f"{BLOG}/"


@pytest.mark.parametrize("hub", ["", "https://hub.test/"])
def test_a_hub_is_named_where_there_is_one(app: Flask, ann: Page, hub: str) -> None:
    app.config["WEBSUB_HUB"] = hub
    ann.posted("one")
    links = {link.rel: link.href for link in parsed(get(ann, "page.atom")).feed.links}
    assert links.get("hub", "") == hub
    assert [one["url"] for one in get(ann, "page.json").json.get("hubs", [])] == ([hub] if hub else [])
    assert (hub.encode() in get(ann, "page.rss").data) is True


def test_the_conversations_page_leads_to_its_feed(ann: Page) -> None:
    ann.posted("one")
    there = ann.client.get("/t/", query_string={"site": "blog", "url": PAGE}).headers["Location"]
    shown = ann.client.get(there.removeprefix("https://comments.test"))
    assert 'rel="alternate" type="application/atom+xml" href="https://comments.test/feeds/page.atom?' in shown.text


def test_a_page_is_read_by_an_index(app: Flask, ann: Page) -> None:
    ann.posted("one")
    with app.app_context():
        asked: list[str] = []
        if db.engine.dialect.name != "sqlite":
            pytest.skip("PostgreSQL reads a small table whole, whatever indexes it has")
        event.listen(db.engine, "before_cursor_execute", lambda *call: asked.append(call[2]))
        ann.client.get("/feeds/page.atom", query_string={"site": "blog", "url": f"{PAGE}?fresh"})
        ann.posted("two")
        get(ann, "page.atom")
        statement = next(one for one in asked if "ORDER BY comment.created_at DESC" in one)
        plan = db.session.execute(text(f"EXPLAIN QUERY PLAN {statement.replace('?', '1')}")).all()
        assert any("ix_comment_thread" in row[-1] for row in plan)
        assert not any("TEMP B-TREE" in row[-1] for row in plan)
