"""Links of mails decide: by a POST from their page, once, about the text they were made for, for whom they were."""

from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from tests.services.mail.people import HERE, browser, owner
from tests.support.api import Page
from tests.support.hand import Hand
from tests.support.postbox import Postbox, text_of
from tests.support.rows import hold
from widget.core import clock
from widget.core.errors import Problem
from widget.extensions import db
from widget.models import Comment, LogEntry
from widget.services.mail import decisions

ACTS = ("Approve", "Delete", "Spam", "Reply")
AFTER = {"Approve": "published", "Delete": "deleted", "Spam": "spam"}
AGENTS = (
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64) BingPreview/1.0b",
    "GoogleImageProxy",
    "Barracuda Sentinel (EE)",
    "Proofpoint URL Defense",
    "Microsoft Office/16.0",
    "Slackbot-LinkExpanding 1.0",
    "facebookexternalhit/1.1",
)


@pytest.fixture
def waiting(app: Flask, page: Page, box: Postbox, hand: Hand) -> dict[str, str]:
    """The paths of the links in the mail about a comment of Bob's that waits, by what they do; and `id`."""
    owner(app, page)
    made = browser(page, "Bob").posted("Is <this> so?")["id"]
    hold(app, public_id=made, state="pending", visible=False)
    hand.work()
    return links(box) | {"id": made}


def links(box: Postbox) -> dict[str, str]:
    """Those of the last mail."""
    lines = text_of(box.mails[-1]).splitlines()
    found = {line.rstrip(":"): lines[at + 1].strip() for at, line in enumerate(lines) if line.rstrip(":") in ACTS}
    return {name: url.removeprefix(HERE) for name, url in found.items()}


def state(app: Flask, public_id: str) -> str:
    """The comment's."""
    with app.app_context():
        return str(db.session.scalar(select(Comment.state).where(Comment.public_id == public_id)))


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


@pytest.mark.parametrize("agent", AGENTS)
def test_scanners_and_previews_cause_nothing(app: Flask, page: Page, waiting: dict[str, str], agent: str) -> None:
    for act in ACTS:
        for method, more in (("GET", {}), ("HEAD", {}), ("OPTIONS", {}), ("GET", {"Sec-Purpose": "prefetch"})):
            page.client.open(waiting[act], method=method, headers={"User-Agent": agent, **more})
    assert state(app, waiting["id"]) == "pending"
    # The control: the same page's button does it.
    page.client.post(waiting["Spam"], data={"do": "spam"}, headers={"User-Agent": agent})
    assert state(app, waiting["id"]) == "spam"


@pytest.mark.parametrize("wrong", ["cut", "changed", "other act", "other page", "expired", "other key", "no role"])
def test_a_link_that_is_not_right_does_nothing(app: Flask, page: Page, waiting: dict[str, str], wrong: str) -> None:
    good = waiting["Approve"]
    said, _, signature = good.rpartition(".")
    head, _, body = said.rpartition("/")
    path = {
        "cut": good[:-1],
        "changed": f"{head}/{body[:-2]}{'A' if body[-2] != 'A' else 'B'}{body[-1]}.{signature}",
        "other act": f"{waiting['Spam'].rpartition('.')[0]}.{signature}",
        "other page": good.replace("/decide/", "/stop/"),
    }.get(wrong, good)
    now = clock.now() + timedelta(days=15 if wrong == "expired" else 0)
    if wrong == "other key":
        app.config["SECRET_KEY"] = "another-key-of-more-than-32-characters"
    if wrong == "no role":
        owner(app, page, role=None)  # type: ignore[arg-type]
    with clock.freeze(now):
        assert page.client.get(path).status_code == 403
        assert page.client.post(path, data={"do": "approve"}).status_code == 403
    assert state(app, waiting["id"]) == "pending"


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
