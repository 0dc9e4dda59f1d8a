"""Mentions that come: verified, shown as what they are, brought up to date, and gone with their source."""

import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask

from tests.services.webmentions.stage import PAGE, Stage, entry
from tests.support.api import add_site, code
from tests.support.hand import Hand
from widget.core import clock
from widget.core.events import Event
from widget.core.text import words_of
from widget.extensions import db
from widget.models import Thread, Webmention
from widget.services import events, sites, standings, transaction
from widget.services.webmentions import receiving

LINK = f'<a href="{PAGE}">the post</a>'


def replies(text: str = "Well said, <em>really</em>.") -> str:
    """An h-entry that answers the page."""
    return entry(f'<a class="u-in-reply-to" href="{PAGE}">re</a><div class="e-content"><p>{text}</p></div>')


def test_a_reply_waits_until_a_moderator_has_seen_one_of_its_author(stage: Stage) -> None:
    source = stage.ada.says("/1", replies())
    assert stage.mention(source) == ("shown", "")
    [row] = stage.rows()
    assert (row.state, row.kind, row.markup) == ("pending", "comment", "html")
    assert row.judged == '[["mention.first", ""]]'
    assert stage.shown() == []
    stage.approve()
    [shown] = stage.shown()
    assert shown["author"] == {
        "id": shown["author"]["id"],
        "name": "Ada",
        "url": "https://ada.test/",
        "provider": "webmention",
    }
    rel = "nofollow ugc noopener noreferrer"
    assert shown["html"] == (
        f'<p>Well said, <em>really</em>.</p><p><a href="https://ada.test/1" rel="{rel}">ada.test/1</a></p>'
    )
    assert stage.mention(stage.ada.says("/2", replies("Another thought of mine"))) == ("shown", "")
    assert [row.state for row in stage.rows()] == ["published", "published"]
    assert [one["author"]["id"] for one in stage.shown()] == [shown["author"]["id"]] * 2
    assert len(stage.identities()) == 1


def test_the_thread_gets_the_pages_title(stage: Stage) -> None:
    stage.mention(stage.ada.says("/1", replies()))
    stage.approve()
    assert stage.page.read().json["thread"]["title"] == "Bread & salt"


@pytest.mark.parametrize(
    ("inside", "said"),
    [
        (f'<a class="u-like-of" href="{PAGE}"></a>', "liked this."),
        (f'<a class="u-repost-of" href="{PAGE}"></a>', "reposted this."),
        (f'<a class="u-bookmark-of" href="{PAGE}">x</a>', "bookmarked this."),
        (f'<h1 class="p-name">On bread</h1><p class="p-summary">Short.</p>{LINK}', "On bread\nShort."),
        (
            f'<h1 class="p-name">On bread</h1><div class="e-content">Long {LINK} text</div>',
            "On bread\nLong the post text",
        ),
        (f'<div class="e-content p-name">A note with {LINK}</div>', "A note with the post"),
        (f'<h1 class="p-name">On bread</h1><div class="e-content">{"word " * 500}{LINK}</div>', "On bread\nword word"),
    ],
    ids=["like", "repost", "bookmark", "summary", "content", "note", "long"],
)
def test_what_is_no_reply_is_a_pingback(stage: Stage, inside: str, said: str) -> None:
    assert stage.mention(stage.ada.says("/1", entry(inside))) == ("shown", "")
    stage.approve()
    [shown] = stage.shown()
    assert shown["kind"] == "pingback"
    words = words_of(shown["html"])
    assert words.startswith(said)
    assert words.endswith("ada.test/1")
    assert len(words) < 500


def test_the_words_are_in_the_sites_language(stage: Stage) -> None:
    with stage.app.app_context():
        transaction.write(lambda session: sites.change(session, "blog", settings={"mail_lang": "it"}))
    stage.mention(stage.ada.says("/1", entry(f'<a class="u-like-of" href="{PAGE}"></a>')))
    assert "ha messo Mi piace." in stage.rows()[0].html


@pytest.mark.parametrize(
    ("body", "type_", "found"),
    [
        (f"<title>Hello</title><p>{LINK}", "text/html", True),
        (f'<img src="{PAGE}">', "text/html", True),
        (f"<video src='{PAGE}?utm_source=x#t=1'></video>", "text/html", True),
        ("<a href=//blog.test/post>", "text/html", True),
        ("<base href=https://blog.test><a href=/post>", "text/html", True),
        (f"<!-- {LINK} -->", "text/html", False),
        (f"<textarea>{LINK}</textarea>", "text/html", False),
        (f"<template>{LINK}</template>", "text/html", False),
        (f"<pre>&lt;a href='{PAGE}'&gt;</pre>", "text/html", False),
        (f"<p>{PAGE}", "text/html", False),
        (f'<a href="{PAGE}/">', "text/html", False),
        (f'<a href="{PAGE}?page=2">', "text/html", False),
        (f'{{"a": [1, {{"b": "{PAGE}"}}]}}', "application/json", True),
        (f'{{"a": "{PAGE}x"}}', "application/activity+json", False),
        ("[" * 100_000, "application/json", False),
        (f"see {PAGE}.", "text/plain", True),
        (f"see {PAGE}s", "text/plain", False),
        (PAGE, "application/octet-stream", False),
    ],
)
def test_the_source_must_link_to_the_target(stage: Stage, body: str, type_: str, *, found: bool) -> None:
    assert stage.mention(stage.ada.says("/1", body, type=type_)) == (("shown", "") if found else ("refused", "no_link"))
    assert len(stage.rows()) == found


def test_a_page_without_microformats_is_known_by_its_host(stage: Stage) -> None:
    stage.mention(stage.ada.says("/2026/hello/", f"<title>Hello &amp; more</title><p>{LINK}"))
    [one] = stage.identities()
    assert (one.name, one.issuer, one.subject, one.profile_url) == (
        *("ada.test", "https://ada.test", "https://ada.test", "https://ada.test/"),
    )
    assert "<strong>Hello &amp; more</strong>" in stage.rows()[0].html


def test_told_again_it_says_what_the_source_says_now(stage: Stage) -> None:
    source = stage.ada.says("/1", replies("One"))
    stage.mention(source)
    stage.approve()
    assert stage.mention(source) == ("shown", "")
    assert stage.rows()[0].edited_at is None
    stage.ada.says("/1", replies("Two"))
    assert stage.mention(source) == ("shown", "")
    [row] = stage.rows()
    assert "Two" in row.html
    # The only thing of its author that was let through says something else now.
    assert (row.state, stage.shown()) == ("pending", [])
    stage.approve()
    assert stage.shown()[0]["edited"]


def test_a_hundred_at_once_are_looked_at_once(stage: Stage) -> None:
    source = stage.ada.says("/1", replies())
    answers = {stage.tell(source).headers["Location"] for _ in range(20)}
    assert len(answers) == 1
    assert len(stage.outbox("verify")) == 1
    stage.hand.work()
    assert len(stage.rows()) == 1


def test_told_while_a_worker_looks_it_is_looked_at_again(stage: Stage) -> None:
    def busy() -> str:
        """The source changes, and tells us, while its older text is on the way."""
        stage.ada.says("/1", replies("Two"))
        assert stage.tell(source).json["state"] == "waiting"
        return replies("One")

    source = stage.ada.says("/1", busy)
    stage.tell(source)
    stage.hand.work()
    assert len(stage.outbox("verify")) == 2
    [row] = stage.rows()
    assert "Two" in row.html
    assert (stage.row().state, stage.row().asked) == ("shown", 2)


def test_many_senders_at_once_make_one(stage: Stage) -> None:
    source = stage.ada.says("/1", replies())
    gate = threading.Barrier(8)

    def one(_place: int) -> int:
        client = stage.app.test_client()
        gate.wait(30)
        return client.post("/webmention/blog", data={"source": source, "target": PAGE}).status_code

    with ThreadPoolExecutor(8) as pool:
        assert set(pool.map(one, range(8))) == {201}
    assert (stage.row().asked, len(stage.outbox("verify"))) == (8, 1)
    workers = [Hand(stage.app) for _ in range(2)]
    with ThreadPoolExecutor(2) as pool:
        list(pool.map(Hand.work, workers))
    assert len(stage.rows()) == 1


def test_the_authors_picture_is_copied_from_where_they_say(stage: Stage) -> None:
    photo = '<div class="p-author h-card"><img class="u-photo" src="/me.png"><b class="p-name">Ada</b></div>'
    stage.mention(stage.ada.says("/1", entry(LINK, photo)))
    assert [one.avatar for one in stage.identities()] == ["https://ada.test/me.png"]


@pytest.mark.parametrize("approved", [True, False])
def test_a_source_that_is_gone_takes_its_comment_along(stage: Stage, *, approved: bool) -> None:
    source = stage.ada.says("/1", replies())
    stage.mention(source)
    if approved:
        stage.approve()
    stage.ada.says("/1", "gone", status=410)
    assert stage.mention(source) == ("gone", "source_gone")
    assert (stage.rows()[0].state, stage.shown()) == ("deleted", [])


def test_so_does_one_that_links_no_more_and_it_may_come_back(stage: Stage) -> None:
    source = stage.ada.says("/1", replies())
    stage.mention(source)
    stage.approve()
    stage.ada.says("/1", "I have nothing to say")
    assert stage.mention(source) == ("gone", "no_link")
    assert stage.page.read().json["thread"]["count"] == 0
    stage.ada.says("/1", replies())
    assert stage.mention(source) == ("shown", "")
    assert [row.state for row in stage.rows()] == ["deleted", "pending"]


def test_a_source_that_is_missing_has_two_days_to_come_back(stage: Stage) -> None:
    source = stage.ada.says("/1", replies())
    stage.mention(source)
    stage.approve()
    del stage.ada.pages["/1"]
    began = clock.now()
    stage.tell(source)
    for day in (timedelta(0), timedelta(days=1)):
        with clock.freeze(began + day):
            stage.hand.work()
            assert (stage.row().state, len(stage.shown())) == ("waiting", 1)
    with clock.freeze(began + timedelta(days=2, minutes=1)):
        stage.hand.work()
    assert (stage.row().state, stage.row().answer, stage.shown()) == ("gone", "source_missing", [])


def test_one_that_comes_back_in_time_stays(stage: Stage) -> None:
    source = stage.ada.says("/1", replies())
    stage.mention(source)
    stage.approve()
    stage.ada.says("/1", "busy", status=503)
    stage.tell(source)
    stage.hand.work()
    stage.ada.says("/1", replies())
    with clock.freeze(clock.now() + timedelta(minutes=1)):
        stage.hand.work()
    assert (stage.row().state, len(stage.shown())) == ("shown", 1)


def test_a_new_one_that_is_not_there_is_asked_some_times(stage: Stage) -> None:
    stage.tell(stage.ada.at("/never"))
    now = clock.now()
    for _ in range(9):
        with clock.freeze(now):
            stage.hand.work()
        now += timedelta(minutes=15)
    assert (stage.row().state, stage.row().answer) == ("refused", "source_missing")
    assert stage.ada.street.asked("ada.test") == ["GET /never"] * 5


def test_what_moderators_took_away_stays_away(stage: Stage) -> None:
    source = stage.ada.says("/1", replies("Buy"))
    stage.mention(source)
    stage.decide("delete")
    stage.ada.says("/1", replies("Buy more"))
    assert stage.mention(source) == ("shown", "")
    assert [row.state for row in stage.rows()] == ["deleted"]
    stage.ada.says("/1", "gone", status=410)
    assert stage.mention(source) == ("gone", "source_gone")


def test_a_ban_holds_for_the_author_of_a_site(stage: Stage) -> None:
    stage.mention(stage.ada.says("/1", replies()))
    stage.approve()
    author = stage.identities()[0].user_id
    with stage.app.app_context():
        site, banned = sites.by_key("blog").id, standings.Stands("banned", None)
        transaction.write(lambda session: standings.put(session, site, author, banned))
    assert stage.mention(stage.ada.says("/2", replies("Again"))) == ("refused", "person.banned")


def test_an_answer_to_a_comment_stands_below_it(stage: Stage) -> None:
    first = stage.page.be_guest("Ann").posted("One")["id"]
    target = f"{PAGE}#comment-{first}"
    source = stage.ada.says("/1", replies().replace(PAGE, target))
    assert stage.mention(source, target) == ("shown", "")
    stage.approve()
    assert [one.get("parent") for one in stage.shown()] == [None, first]


def test_also_to_its_page_on_this_server(stage: Stage) -> None:
    first = stage.page.be_guest("Ann").posted("One")["id"]
    thread = stage.page.client.get("/t/", query_string={"site": "blog", "url": PAGE}).headers["Location"]
    target = f"{thread}?at={first}#comment-{first}"
    assert stage.mention(stage.ada.says("/1", replies().replace(PAGE, target)), target) == ("shown", "")
    stage.approve()
    assert [one.get("parent") for one in stage.shown()] == [None, first]
    # The control: a fragment names another place of the page.
    other = stage.ada.says("/2", replies().replace(PAGE, f"{thread}?at={first}#other"))
    assert stage.mention(other, target) == ("refused", "no_link")


def test_a_comment_that_nobody_sees_is_answered_below_the_page(stage: Stage) -> None:
    ann = stage.page.be_guest("Ann")
    first = ann.posted("One")["id"]
    ann.delete(first)
    target = f"{PAGE}#comment-{first}"
    assert stage.mention(stage.ada.says("/1", replies().replace(PAGE, target)), target) == ("shown", "")
    assert stage.rows()[-1].parent_id is None


def test_a_page_that_is_not_there_gets_no_thread(stage: Stage) -> None:
    target = "https://blog.test/nowhere"
    assert stage.mention(stage.ada.says("/1", replies().replace(PAGE, target)), target) == ("refused", "target_missing")


def test_a_page_with_an_id_of_its_own_is_found_by_its_address(stage: Stage) -> None:
    stage.page.be_guest("Ann").posted("One", page={"url": PAGE, "id": "post-1"})
    stage.mention(stage.ada.says("/1", replies()))
    assert len({row.thread_id for row in stage.rows()}) == 1


def test_a_closed_conversation_takes_none(stage: Stage) -> None:
    stage.page.be_guest("Ann").posted("One")
    with stage.app.app_context():
        transaction.write(lambda session: session.execute(db.update(Thread).values(open=False)))
    assert stage.mention(stage.ada.says("/1", replies())) == ("refused", "thread.closed")


def test_a_page_of_another_site_cannot_be_told_under_this_ones_key(stage: Stage) -> None:
    add_site(stage.app, "other", ("https://other.test",), webmentions="receive")
    source = stage.ada.says("/1", replies())
    assert code(stage.tell(source, PAGE, site="other")) == "webmention.foreign_target"
    stage.page.be_guest("Ann").posted("One")
    thread = stage.page.client.get("/t/", query_string={"site": "blog", "url": PAGE}).headers["Location"]
    source = stage.ada.says("/2", replies().replace(PAGE, thread))
    answer = stage.tell(source, thread, site="other")
    stage.hand.work()
    assert stage.page.client.get(answer.headers["Location"].removeprefix("https://comments.test")).json["why"] == (
        "foreign_target"
    )
    assert stage.mention(source, thread) == ("shown", "")  # the control: its own key


def test_switched_off_meanwhile_nothing_is_fetched_and_nothing_goes(stage: Stage) -> None:
    source = stage.ada.says("/1", replies())
    stage.mention(source)
    stage.approve()
    stage.tell(source)
    with stage.app.app_context():
        transaction.write(lambda session: sites.change(session, "blog", settings={"webmentions": "off"}))
    stage.hand.work()
    assert (stage.row().state, stage.row().answer, len(stage.shown())) == ("shown", "off", 1)


def test_nobody_can_sign_in_as_the_author_of_a_page(stage: Stage) -> None:
    stage.mention(stage.ada.says("/1", replies()))
    ada = stage.page.be_person("Ada", subject="https://ada.test/")
    ada.posted("It is me")
    [elsewhere, here] = stage.identities()
    assert (elsewhere.provider, here.provider) == ("webmention", "oidc")
    assert elsewhere.user_id != here.user_id
    about = stage.page.get("/site").json
    assert "webmention" not in {one["id"] for one in about["providers"]}
    start = stage.page.client.get("/auth/start", query_string={"site": "blog", "provider": "webmention"})
    assert start.status_code in {400, 404}


def test_what_was_refused_is_forgotten_after_a_month(stage: Stage) -> None:
    stage.mention(stage.ada.says("/1", "nothing"))
    for days, left in ((29, 1), (31, 0)):
        with clock.freeze(clock.now() + timedelta(days=days)), stage.app.app_context():
            transaction.write(receiving.sweep)
            assert db.session.query(Webmention).count() == left


def test_followers_and_owners_hear_of_it_as_of_any_comment(stage: Stage, app: Flask) -> None:
    heard: list[str] = []

    def listen(_session: Any, event: Event) -> None:
        heard.append(event.kind)

    events.hear(app, listen)
    source = stage.ada.says("/1", replies())
    stage.mention(source)
    stage.approve()
    stage.ada.says("/1", "gone", status=410)
    stage.mention(source)
    assert heard == ["comment.created", "comment.published", "comment.deleted"]
