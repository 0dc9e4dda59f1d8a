"""Links of mails decide: by a POST from their page, once, about the text they were made for, for whom they were."""

from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from tests.services.mail.links import AFTER, links, state
from tests.services.mail.people import HERE, browser, owner
from tests.support.api import Page
from tests.support.hand import Hand
from tests.support.postbox import Postbox
from tests.support.rows import hold
from widget.core import clock
from widget.core.errors import Problem
from widget.extensions import db
from widget.models import Comment, LogEntry
from widget.services.mail import decisions


@pytest.fixture
def waiting(app: Flask, page: Page, box: Postbox, hand: Hand) -> dict[str, str]:
    """The paths of the links in the mail about a comment of Bob's that waits, by what they do; and `id`."""
    owner(app, page)
    made = browser(page, "Bob").posted("Is <this> so?")["id"]
    hold(app, public_id=made, state="pending", visible=False)
    hand.work()
    return links(box) | {"id": made}


def text(app: Flask) -> list[str]:
    """What the comments say, by when they were written."""
    with app.app_context():
        return list(db.session.scalars(select(Comment.raw).order_by(Comment.id)))


@pytest.mark.parametrize("act", AFTER)
def test_a_link_decides_by_the_button_of_its_page_and_once(
    app: Flask, page: Page, waiting: dict[str, str], act: str
) -> None:
    path = waiting[act]
    shown = page.client.get(path)
    assert "Is &lt;this&gt; so?" in shown.text
    assert shown.headers["Referrer-Policy"] == "no-referrer"
    assert "frame-ancestors 'none'" in shown.headers["Content-Security-Policy"]
    assert page.client.post(path).status_code == 403  # no button was pressed
    assert state(app, waiting["id"]) == "pending"
    assert page.client.post(path, data={"do": act.lower()}).status_code == 200
    assert state(app, waiting["id"]) == AFTER[act]
    with app.app_context():
        [entry] = db.session.scalars(select(LogEntry)).all()
        assert entry.actor_id is not None
    again = page.client.post(path, data={"do": act.lower()})
    assert again.status_code == 403
    assert "already" in page.client.get(path).text
    with app.app_context():
        assert len(db.session.scalars(select(LogEntry)).all()) == 1


def test_what_was_changed_meanwhile_is_seen_before_it_is_decided_about(
    app: Flask, page: Page, box: Postbox, hand: Hand
) -> None:
    owner(app, page)
    bob = browser(page, "Bob")
    made = bob.posted("Harmless")["id"]
    hand.work()
    old = links(box)
    bob.edit(made, "Buy at my shop")
    hold(app, public_id=made, state="pending", visible=False)
    shown = page.client.get(old["Spam"]).text
    assert "Buy at my shop" in shown
    assert "changed meanwhile" in shown
    refused = page.client.post(old["Spam"], data={"do": "spam"})
    assert refused.status_code == 409
    assert state(app, made) == "pending"
    fresh = refused.text.partition('action="')[2].partition('"')[0].removeprefix(HERE)
    assert page.client.post(fresh, data={"do": "spam"}).status_code == 200
    assert state(app, made) == "spam"


def test_an_answer_approves_and_is_posted_once_in_the_owners_name(
    app: Flask, page: Page, box: Postbox, hand: Hand, waiting: dict[str, str]
) -> None:
    path = waiting["Reply"]
    assert "published under the name Olga" in page.client.get(path).text
    empty = page.client.post(path, data={"do": "reply", "text": " "})
    assert empty.status_code == 422
    assert "Please write something first." in empty.text
    assert state(app, waiting["id"]) == "pending"
    assert page.client.post(path, data={"do": "reply", "text": "It is **so**"}).status_code == 200
    assert state(app, waiting["id"]) == "published"
    shown = page.comments()
    assert [(one["author"]["name"], one.get("parent")) for one in shown] == [("Bob", None), ("Olga", waiting["id"])]
    assert page.client.post(path, data={"do": "reply", "text": "Twice"}).status_code == 403
    assert page.client.get(path).status_code == 403
    assert text(app) == ["Is <this> so?", "It is **so**"]


def test_its_author_hears_that_it_is_published(app: Flask, page: Page, box: Postbox, hand: Hand) -> None:
    owner(app, page)
    ada = Page(page.client).be_person("Ada", email="ada@example.org", email_verified=True)
    made = ada.posted("Is it so?")["id"]
    ada.send("POST", "/subscriptions", {"site": "blog", "kinds": ["published"]})
    hold(app, public_id=made, state="pending", visible=False)
    hand.work()
    assert box.to == ["olga@example.org"]
    page.client.post(links(box)["Approve"], data={"do": "approve"})
    hand.work()
    assert box.to == ["olga@example.org", "ada@example.org"]
    assert box.mails[-1]["Subject"] == "Your comment on «blog.test/post» is published"


def test_links_say_by_their_code_what_is_wrong(app: Flask, page: Page, waiting: dict[str, str]) -> None:
    slip = waiting["Approve"].rpartition("/")[2]
    with app.app_context():
        for wrong, later, said in (("x" + slip, 0, "mail.link_invalid"), (slip, 15, "mail.link_expired")):
            with clock.freeze(clock.now() + timedelta(days=later)), pytest.raises(Problem) as problem:
                decisions.look(db.session(), wrong)
            assert problem.value.code == said
        decisions.decide(slip)
        with pytest.raises(Problem) as problem:
            decisions.decide(slip)
        assert problem.value.code == "mail.link_used"
