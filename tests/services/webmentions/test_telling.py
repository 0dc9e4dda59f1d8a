"""Pages that comments link to are told: where they say it, once for each change, and not of what nobody sees.

The table of places is that of the discovery tests of webmention.rocks, 1 to 23, each a page of a site of ours.
"""

from datetime import timedelta
from typing import Any

import pytest
from flask import Flask

from tests.services.webmentions.stage import BLOG, PAGE, Stage, entry
from tests.support.api import Page, add_site
from tests.support.elsewhere import Answer, Elsewhere
from tests.support.street import Street
from widget.core import clock
from widget.extensions import db
from widget.models import ToldMention
from widget.services import sites, standings, transaction, webmentions

BOB = "https://bob.test"
Link = dict[str, str] | tuple[tuple[str, str], ...]

# what is tested, the page's Link header, its body, and where the mention must come
PLACES: list[tuple[str, Link, str, str]] = [
    ("1 a header, unquoted, relative", {"Link": "</test/1/webmention>; rel=webmention"}, "", "/test/1/webmention"),
    ("2 a header, absolute", {"Link": f"<{BOB}/test/2/webmention>; rel=webmention"}, "", "/test/2/webmention"),
    ("3 a link element, relative", {}, '<link rel="webmention" href="/test/3/webmention">', "/test/3/webmention"),
    ("4 a link element, absolute", {}, f'<link rel="webmention" href="{BOB}/4/webmention">', "/4/webmention"),
    ("5 an anchor, relative", {}, '<a rel="webmention" href="/test/5/webmention">x</a>', "/test/5/webmention"),
    ("6 an anchor, absolute", {}, f'<a rel="webmention" href="{BOB}/6/webmention">x</a>', "/6/webmention"),
    ("7 a header in strange case", {"LinK": "</test/7/webmention>; rel=webmention"}, "", "/test/7/webmention"),
    ("8 a header, quoted", {"Link": '</test/8/webmention>; rel="webmention"'}, "", "/test/8/webmention"),
    ("9 several rels on an element", {}, '<link rel="webmention somethingelse" href="/9">', "/9"),
    ("10 several rels in a header", {"Link": '</10>; rel="webmention somethingelse"'}, "", "/10"),
    (
        "11 the header goes before elements",
        {"Link": '</11>; rel="webmention"'},
        '<link rel="webmention" href="/error"><a rel="webmention" href="/error">x</a>',
        "/11",
    ),
    (
        "12 no other rel",
        {},
        '<link rel="not-webmention" href="/error"><link rel="webmention" href="/12">',
        "/12",
    ),
    (
        "13 nothing in comments",
        {},
        '<!-- <a href="/error" rel="webmention"></a> --><a href="/13" rel="webmention">x</a>',
        "/13",
    ),
    (
        "14 nothing that is escaped",
        {},
        '<code>&lt;a href="/error" rel="webmention"&gt;</code><a href="/14" rel="webmention">x</a>',
        "/14",
    ),
    ("15 an empty href is the page itself", {}, '<link rel="webmention" href="">', "/post"),
    (
        "16 the first of both: an anchor",
        {},
        '<a rel="webmention" href="/16">x</a><link rel="webmention" href="/error">',
        "/16",
    ),
    (
        "17 the first of both: a link",
        {},
        '<link rel="webmention" href="/17"><a rel="webmention" href="/error">x</a>',
        "/17",
    ),
    ("18 several headers", (("Link", '</error>; rel="other"'), ("Link", '</18>; rel="webmention"')), "", "/18"),
    ("19 several values in one", {"Link": '</error>; rel="other", </19>; rel="webmention"'}, "", "/19"),
    ("20 an element without href", {}, '<link rel="webmention"><a rel="webmention" href="/20">x</a>', "/20"),
    ("21 a query string stays", {}, '<link rel="webmention" href="/21?query=yes&amp;copy=1">', "/21?query=yes&copy=1"),
    ("22 relative to the page", {}, '<link rel="webmention" href="22/webmention">', "/22/webmention"),
    # 23 is a test of its own: the page is a redirect
    ("in a base's terms", {}, '<base href="/deep/"><link rel="webmention" href="it">', "/deep/it"),
    ("nothing in a script", {}, "<script>'<a rel=webmention href=/error>'</script><a rel=webmention href=/s>x", "/s"),
    ("nothing in an attribute", {}, '<p title="<a rel=webmention href=/error>"><a rel=WebMention href=/t>x', "/t"),
]


@pytest.fixture
def bob(street: Street) -> Elsewhere:
    """A site that takes mentions."""
    made = Elsewhere(street, "bob.test")
    made.says("/post", '<link rel="webmention" href="/hook">')
    return made


@pytest.fixture
def ann(stage: Stage) -> Page:
    """A guest of the blog."""
    return stage.page.be_guest("Ann")


def source_of(ann: Page, comment: dict[str, Any]) -> str:
    """The comment's own page on this server."""
    thread = ann.client.get("/t/", query_string={"site": "blog", "url": PAGE}).headers["Location"]
    return f"{thread}?at={comment['id']}"


@pytest.mark.parametrize(("headers", "body", "place"), [row[1:] for row in PLACES], ids=[row[0] for row in PLACES])
def test_where_a_page_says_that_it_takes_mentions(
    stage: Stage, ann: Page, bob: Elsewhere, headers: Link, body: str, place: str
) -> None:
    bob.pages["GET /post"] = Answer(f"<!doctype html><p>Words</p>{body}", headers=headers)
    comment = ann.posted(f"See {BOB}/post")
    stage.hand.work()
    assert bob.heard == [(place, {"source": source_of(ann, comment), "target": f"{BOB}/post"})]


def test_23_a_page_that_is_a_redirect(stage: Stage, ann: Page, bob: Elsewhere) -> None:
    bob.pages["/old"] = Answer("", 302, headers={"Location": "/new/page"})
    bob.says("/new/page", '<link rel="webmention" href="webmention">')
    ann.posted(f"See {BOB}/old")
    stage.hand.work()
    assert [(path, form["target"]) for path, form in bob.heard] == [("/new/webmention", f"{BOB}/old")]


def test_the_comments_page_has_the_link_and_says_where_the_site_takes_mentions(
    stage: Stage, ann: Page, bob: Elsewhere
) -> None:
    ann.posted(f"See {BOB}/post")
    stage.hand.work()
    answer = ann.client.get(bob.heard[0][1]["source"].removeprefix("https://comments.test"))
    assert f'href="{BOB}/post"' in answer.text
    assert answer.headers["Link"] == '<https://comments.test/webmention/blog>; rel="webmention"'
    assert '<link rel="webmention" href="https://comments.test/webmention/blog">' in answer.text


def test_where_the_site_takes_none_its_pages_say_nothing(stage: Stage, ann: Page) -> None:
    ann.posted("One")
    where = ann.client.get("/t/", query_string={"site": "blog", "url": PAGE}).headers["Location"]
    path = where.removeprefix("https://comments.test")
    etag = ann.client.get(path).headers["ETag"]
    with stage.app.app_context():
        transaction.write(lambda session: sites.change(session, "blog", settings={"webmentions": "off"}))
    again = ann.client.get(path, headers={"If-None-Match": etag})
    assert again.status_code == 200
    assert "webmention" not in again.text
    assert "Link" not in again.headers


@pytest.mark.parametrize("page", ["no endpoint here", '<a rel="webmention" href="mailto:bob@bob.test">x</a>'])
def test_a_page_that_takes_none_is_told_nothing(stage: Stage, ann: Page, bob: Elsewhere, page: str) -> None:
    bob.says("/post", page)
    ann.posted(f"See {BOB}/post")
    stage.hand.work()
    assert bob.heard == []
    assert [row.state for row in stage.outbox("tell")] == ["dropped"]


def test_each_change_is_told_and_at_last_that_the_link_is_gone(stage: Stage, ann: Page, bob: Elsewhere) -> None:
    bob.says("/two", '<link rel="webmention" href="/hook">')
    comment = ann.posted(f"See {BOB}/post")
    stage.hand.work()
    source = source_of(ann, comment)

    def heard() -> list[str]:
        stage.hand.work()
        found = [form["target"].removeprefix(BOB) for _, form in bob.heard]
        assert all(form["source"] == source for _, form in bob.heard)
        bob.heard.clear()
        return sorted(found)

    assert heard() == ["/post"]
    assert ann.edit(comment["id"], f"Better see {BOB}/two").status_code == 200
    assert heard() == ["/post", "/two"]
    assert ann.edit(comment["id"], f"Or {BOB}/two, really").status_code == 200
    assert heard() == ["/two"]
    assert ann.delete(comment["id"]).status_code == 200
    assert heard() == ["/two"]
    assert ann.client.get(source.removeprefix("https://comments.test")).status_code == 404
    with stage.app.app_context():
        assert db.session.query(ToldMention).count() == 0
    assert ann.restore(comment["id"]).status_code == 200
    assert heard() == ["/two"]


def test_nothing_is_told_of_what_nobody_sees(stage: Stage, ann: Page, bob: Elsewhere) -> None:
    with stage.app.app_context():
        transaction.write(lambda session: sites.change(session, "blog", settings={"moderation": "all"}))
    ann.posted(f"See {BOB}/post")
    stage.hand.work()
    assert bob.heard == []
    stage.approve()
    stage.hand.work()
    assert len(bob.heard) == 1
    stage.decide("spam")
    stage.hand.work()
    assert len(bob.heard) == 2


def test_nor_of_what_only_its_author_sees(stage: Stage, ann: Page, bob: Elsewhere) -> None:
    ann.posted("One")
    author = stage.rows()[0].user_id
    with stage.app.app_context():
        site, shadowed = sites.by_key("blog").id, standings.Stands("shadowed", None)
        transaction.write(lambda session: standings.put(session, site, author, shadowed))
    ann.posted(f"See {BOB}/post")
    stage.hand.work()
    assert bob.heard == []


def test_a_link_that_went_is_forgotten_after_a_month_even_if_nobody_heard(
    stage: Stage, ann: Page, bob: Elsewhere
) -> None:
    comment = ann.posted(f"See {BOB}/post")
    stage.hand.work()
    bob.pages["POST /hook"] = Answer("busy", 503)
    ann.delete(comment["id"])
    stage.hand.work()
    for days, left in ((29, 1), (31, 0)):
        with clock.freeze(clock.now() + timedelta(days=days)), stage.app.app_context():
            transaction.write(webmentions.sweep)
            assert db.session.query(ToldMention).count() == left


def test_what_is_deleted_before_it_was_told_is_never_told(stage: Stage, ann: Page, bob: Elsewhere) -> None:
    comment = ann.posted(f"See {BOB}/post")
    ann.delete(comment["id"])
    stage.hand.work()
    assert bob.heard == []


def test_not_where_the_site_does_not_want_it(stage: Stage, ann: Page, bob: Elsewhere) -> None:
    with stage.app.app_context():
        transaction.write(lambda session: sites.change(session, "blog", settings={"webmentions": "receive"}))
    ann.posted(f"See {BOB}/post")
    assert stage.hand.work() == 0


def test_sites_of_this_server_are_not_told(stage: Stage, ann: Page, bob: Elsewhere) -> None:
    add_site(stage.app, "bobs", (BOB,))
    ann.posted(f"See {BOB}/post, {BLOG}/other and https://comments.test/t/x")
    stage.hand.work()
    assert stage.outbox("tell") == []


def test_at_most_ten_pages_a_comment_each_once(stage: Stage, ann: Page, bob: Elsewhere) -> None:
    places = [f"/p{at}" for at in range(15)]
    for place in places:
        bob.says(place, '<link rel="webmention" href="/hook">')
    ann.posted(" ".join(f"{BOB}{place}" for place in [*places, *places]))
    stage.hand.work()
    assert [form["target"] for _, form in bob.heard] == [f"{BOB}{place}" for place in places[:10]]


def test_mentions_that_came_tell_nobody(stage: Stage, bob: Elsewhere) -> None:
    inside = f'<a class="u-in-reply-to" href="{PAGE}">re</a><p class="e-content">See <a href="{BOB}/post">this</a></p>'
    stage.ada.says("/hello", '<link rel="webmention" href="/hook">')
    stage.mention(stage.ada.says("/1", entry(inside)))
    stage.approve()
    stage.hand.work()
    assert (bob.heard, stage.ada.heard) == ([], [])


@pytest.mark.parametrize("trouble", ["page", "endpoint"])
def test_who_is_away_is_told_later_and_once(stage: Stage, ann: Page, bob: Elsewhere, trouble: str) -> None:
    busy = "GET /post" if trouble == "page" else "POST /hook"
    bob.pages[busy] = Answer("busy", 503)
    ann.posted(f"See {BOB}/post")
    stage.hand.work()
    [row] = stage.outbox("tell")
    assert row.state == "waiting"
    del bob.pages[busy]
    bob.heard.clear()
    with clock.freeze(clock.now() + timedelta(minutes=1)):
        stage.hand.work()
        stage.hand.work()
    assert len(bob.heard) == 1


def test_who_says_no_is_not_asked_again(stage: Stage, ann: Page, bob: Elsewhere) -> None:
    bob.pages["POST /hook"] = Answer("no", 400)
    ann.posted(f"See {BOB}/post")
    stage.hand.work()
    assert [(row.state, row.answer) for row in stage.outbox("tell")] == [("dropped", "its endpoint answered 400")]


def test_an_endpoint_that_moved_is_followed(stage: Stage, ann: Page, bob: Elsewhere) -> None:
    bob.pages["POST /hook"] = Answer("", 308, headers={"Location": "/new"})
    ann.posted(f"See {BOB}/post")
    stage.hand.work()
    assert [path for path, _ in bob.heard] == ["/hook", "/new"]
    assert bob.heard[1][1]["target"] == f"{BOB}/post"


@pytest.mark.parametrize("place", ["http://127.0.0.1/hook", "https://10.0.0.1/hook", "http://169.254.169.254/latest"])
def test_an_endpoint_within_the_servers_own_network_is_refused(
    stage: Stage, ann: Page, bob: Elsewhere, place: str
) -> None:
    bob.says("/post", f'<link rel="webmention" href="{place}">')
    ann.posted(f"See {BOB}/post")
    stage.hand.work()
    [row] = stage.outbox("tell")
    assert row.state == "dropped"
    assert "is not on the public internet" in row.answer


def test_a_mention_goes_from_one_server_to_another_and_back(
    stage: Stage, ann: Page, app: Flask, bob: Elsewhere
) -> None:
    """What we send is what we take: the page of a comment, told to an endpoint of ours."""
    comment = ann.posted(f"A good answer is at {BOB}/post")
    stage.hand.work()
    source = bob.heard[0][1]["source"]
    page = ann.client.get(source.removeprefix("https://comments.test"))
    add_site(app, "bobs", (BOB,), webmentions="receive")
    stage.ada.says("/copy", page.text)
    assert stage.tell(stage.ada.at("/copy"), f"{BOB}/post", site="bobs").status_code == 201
    stage.hand.work()
    assert stage.row().state == "shown"
    assert comment["id"]
