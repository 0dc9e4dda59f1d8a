"""However much happens, everybody is told of each thing once, in few mails, and strangers are left alone (`--full`)."""

from datetime import datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import func, select, update

from tests.services.mail.people import HERE, ask, browser, confirmed, owner, settle
from tests.support import trials
from tests.support.api import PAGE, Page, code
from tests.support.hand import Hand
from tests.support.postbox import Postbox, link_of, text_of
from tests.support.rows import change, hold
from widget.core import clock
from widget.extensions import db
from widget.models import Notice, Outbox, Subscription
from widget.services import transaction
from widget.services.mail import schedule

HOUR = timedelta(hours=1)


@pytest.fixture
def scale(pytestconfig: pytest.Config) -> int:
    """How much of a storm it is, in percent."""
    return 100 if pytestconfig.getoption("full") else 3


def next_hour(app: Flask, hand: Hand) -> None:
    """Let it become the next full hour, on which what was too much is told."""
    later: datetime = clock.now() + HOUR
    with app.app_context(), clock.freeze(later):
        schedule.run(later)
    with clock.freeze(later):
        hand.work()


def told(app: Flask) -> tuple[int, int]:
    """Notices, and how many differ in person, comment and what it is about."""
    with app.app_context():
        rows = db.session.execute(select(Notice.person, Notice.comment_id, Notice.about)).all()
        return len(rows), len(set(rows))


def test_a_chain_of_a_thousand_answers_is_a_few_mails(
    app: Flask, page: Page, box: Postbox, hand: Hand, scale: int, record_property: trials.Noted
) -> None:
    ann, bob = browser(page, "Ann", email="ann@example.org"), browser(page, "Bob")
    above = ann.posted()["id"]
    confirmed(ann, box, hand, "replies", "thread", page={"url": PAGE})
    for number in range(10 * scale):
        above = bob.posted(f"Deeper {number}", above)["id"]
    hand.work()
    assert [mail["Subject"].partition(" on ")[0] for mail in box.mails] == [
        "Bob replied to you",
        *["New comment by Bob"] * 4,
    ]
    next_hour(app, hand)
    assert len(box.mails) == 6
    assert box.mails[-1]["Subject"] == f"{10 * scale - 5} new comments for you on The blog"
    assert told(app) == (10 * scale, 10 * scale)
    trials.note(record_property, "I6", 1)


def test_a_conversation_of_five_hundred_tells_each_of_them_once(
    app: Flask, page: Page, box: Postbox, hand: Hand, scale: int, record_property: trials.Noted
) -> None:
    people, everybody = 5 * scale, list[Page]()
    for number in range(people):
        one = Page(page.client).be_person(f"P{number}", email=f"p{number}@example.org", email_verified=True)
        one.posted(f"I am number {number}")
        everybody.append(one)
    hand.work()
    for one in everybody:
        ask(one, "thread", "replies", page={"url": PAGE})
    everybody[0].posted("Hello, all of you")
    hand.work()
    assert sorted(box.to) == sorted(f"p{number}@example.org" for number in range(1, people))
    assert len({mail["Message-ID"] for mail in box.mails}) == people - 1
    all_of_them, different = told(app)
    assert all_of_them == different
    trials.note(record_property, "I6", 1)


def test_a_hundred_edits_tell_nothing_new(
    app: Flask, page: Page, box: Postbox, hand: Hand, record_property: trials.Noted
) -> None:
    ann, bob = browser(page, "Ann", email="ann@example.org"), browser(page, "Bob")
    first = ann.posted()["id"]
    confirmed(ann, box, hand, "replies", "thread", page={"url": PAGE})
    owner(app, page)
    made = bob.posted("Version 0", first)["id"]
    for number in range(1, 101):
        assert bob.edit(made, f"Version {number}").status_code == 200
        if number % 20 == 0:
            hand.work()
    assert sorted(box.to) == ["ann@example.org", "olga@example.org"]
    assert all("Version 20" in text_of(mail) for mail in box.mails)  # what it read like when it went out
    trials.note(record_property, "I6", 1)


def test_approved_again_and_again_it_is_told_once(
    app: Flask, page: Page, box: Postbox, hand: Hand, record_property: trials.Noted
) -> None:
    ann, bob = browser(page, "Ann", email="ann@example.org"), browser(page, "Bob", email="bob@example.org")
    first = ann.posted()["id"]
    confirmed(ann, box, hand, "replies")
    confirmed(bob, box, hand, "published")
    olga = owner(app, page)
    settle(app, mail_owners="off")
    change(app, held_words=["casino"])
    made = bob.posted("The casino", first)["id"]
    for _ in range(10):
        for act in ("approve", "hold"):
            done = olga.send("POST", f"/comments/{made}/decisions", {"act": act})
            assert done.status_code in {200, 204, 404, 409}, done.text
        hand.work()
        hold(app, public_id=made, state="pending", visible=False)
    assert sorted(box.to) == sorted(set(box.to))
    trials.note(record_property, "I6", 1)


def test_strangers_addresses_are_asked_at_most_three_times(
    app: Flask, page: Page, box: Postbox, hand: Hand, record_property: trials.Noted
) -> None:
    codes = []
    for number in range(30):
        body = {"site": "blog", "kinds": ["replies"], "email": f"victim{number % 2}@example.org"}
        codes.append(browser(page, f"Visitor {number}").send("POST", "/subscriptions", body))
    hand.work()
    assert [one.status_code for one in codes] == [200] * 6 + [429] * 24
    assert {code(one) for one in codes[6:]} == {"subscription.too_many"}
    assert sorted(box.to) == ["victim0@example.org"] * 3 + ["victim1@example.org"] * 3
    trials.note(record_property, "I6", 1)


def test_an_address_that_refuses_is_not_tried_for_ever(
    app: Flask, page: Page, box: Postbox, hand: Hand, record_property: trials.Noted
) -> None:
    """And what answers by itself can know that nobody wrote the mail (RFC 3834)."""
    ann, bob = browser(page, "Ann", email="ann@example.org"), browser(page, "Bob")
    first = ann.posted()["id"]
    confirmed(ann, box, hand, "replies")
    box.tried, box.behaviour = 0, "never"
    for number in range(30):
        bob.posted(f"Number {number}", first)
    for hours in range(3):
        with clock.freeze(clock.now() + hours * HOUR):
            hand.work()
    assert box.tried == 5 * 3
    with app.app_context():
        states = select(Outbox.state, func.count()).where(Outbox.channel == "mail").group_by(Outbox.state)
        assert dict(map(tuple, db.session.execute(states))) == {"parked": 5, "sent": 1}
    box.behaviour = "ok"
    next_hour(app, hand)
    assert {mail["Auto-Submitted"] for mail in box.mails} == {"auto-generated"}
    trials.note(record_property, "I6", 1)


def test_more_than_five_an_hour_come_together(
    app: Flask, page: Page, box: Postbox, hand: Hand, record_property: trials.Noted
) -> None:
    ann, bob = browser(page, "Ann", email="ann@example.org"), browser(page, "Bob")
    first = ann.posted()["id"]
    confirmed(ann, box, hand, "replies")
    for number in range(12):
        bob.posted(f"Number {number}", first)
        hand.work()
    assert len(box.mails) == 5
    next_hour(app, hand)
    next_hour(app, hand)
    assert [mail["Subject"] for mail in box.mails[5:]] == ["7 new comments for you on The blog"]
    said = "".join(text_of(mail) for mail in box.mails)
    assert [said.count(f"> Number {number}\n") for number in range(12)] == [1] * 12
    trials.note(record_property, "I6", 1)


def test_without_a_yes_nothing_comes(
    app: Flask, page: Page, box: Postbox, hand: Hand, record_property: trials.Noted
) -> None:
    ann, bob = browser(page, "Ann", email="ann@example.org"), browser(page, "Bob")
    first = ann.posted()["id"]
    ask(ann, "replies", "mentions", "thread", page={"url": PAGE})
    hand.work()
    [question] = box.mails
    for number in range(10):
        bob.posted(f"Number {number}, @Ann", first)
    hand.work()
    next_hour(app, hand)
    assert len(box.mails) == 1
    assert page.client.post(link_of(question, "/mail/confirm/").removeprefix(HERE)).status_code == 200
    bob.posted("Now", first)
    hand.work()
    assert len(box.mails) == 2
    trials.note(record_property, "I6", 1)


def test_the_control_without_the_rules_it_storms(
    app: Flask, page: Page, box: Postbox, hand: Hand, monkeypatch: pytest.MonkeyPatch, record_property: trials.Noted
) -> None:
    app.config["MAIL_HOURLY"] = 100_000
    ann, bob = browser(page, "Ann", email="ann@example.org"), browser(page, "Bob")
    first = ann.posted()["id"]
    ask(ann, "replies")
    with app.app_context():
        yes = update(Subscription).values(confirmed_at=clock.now())
        transaction.write(lambda session: session.execute(yes))
    for number in range(12):
        bob.posted(f"Number {number}", first)
    hand.work()
    assert len(box.mails) > 6  # neither an hour's most nor a yes
    trials.note(record_property, "I6", 0, control=len(box.mails))
