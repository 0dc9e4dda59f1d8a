"""Those who look after a site hear of every comment, as they wish, with what they can do about it."""

from datetime import UTC, datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from tests.services.mail.people import browser, owner, settle
from tests.support.api import Page
from tests.support.hand import Hand
from tests.support.postbox import Postbox, html_of, link_of, text_of
from tests.support.rows import hold
from widget.core import clock
from widget.extensions import db
from widget.models import Comment, User
from widget.services.mail import schedule
from widget.services.moderation import decisions
from widget.services.moderation.moderators import Moderator

MONDAY = datetime(2026, 11, 9, 7, tzinfo=UTC)


def chores(app: Flask, now: datetime) -> None:
    """What is due by the clock at `now`."""
    with app.app_context(), clock.freeze(now):
        schedule.run(now)


def test_a_comment_that_waits_comes_with_its_context_and_four_links(
    app: Flask, page: Page, box: Postbox, hand: Hand
) -> None:
    owner(app, page)
    first = browser(page, "Ann").posted("Who has seen it?")["id"]
    hold(app, public_id=browser(page, "Bob").posted("I have seen it", first)["id"], state="pending")
    hand.work()
    assert box.to == ["olga@example.org"] * 2
    new, waits = box.mails
    assert new["Subject"] == "New: comment by Ann on «blog.test/post»"
    assert waits["Subject"] == "Waiting: comment by Bob on «blog.test/post»"
    said = text_of(waits)
    assert "In reply to Ann, who wrote:\n\n> Who has seen it?" in said
    assert "Written as a guest. This is the first comment of this person here." in said
    for words in ("Approve", "Delete", "Spam", "Reply"):
        assert f"{words}:\n  https://comments.test/mail/decide/" in said
        assert f">{words}</a>" in html_of(waits)
    assert "Approve" not in text_of(new)
    assert waits["In-Reply-To"] == new["In-Reply-To"]
    assert waits["List-Id"] == '"The blog" <blog.comments.test>'


def test_nobody_is_told_of_their_own_or_after_they_stopped_looking_after_it(
    app: Flask, page: Page, box: Postbox, hand: Hand
) -> None:
    olga = owner(app, page)
    olga.posted("Mine")
    browser(page, "Someone", email="OLGA@example.org").posted("Mine, too")
    hand.work()
    assert box.mails == []
    browser(page, "Ann").posted("Hello")
    owner(app, page, role=None)  # type: ignore[arg-type]
    hand.work()
    assert box.mails == []
    owner(app, page, role="moderator")
    browser(page, "Ann").posted("Hello again")
    hand.work()
    assert len(box.mails) == 1


def test_an_address_of_the_settings_hears_of_it_and_decides_nothing(
    app: Flask, page: Page, box: Postbox, hand: Hand
) -> None:
    settle(app, mail_to=["desk@example.org", "no address"], mail_lang="it")
    browser(page, "Ann").posted("Hello")
    hand.work()
    [mail] = box.mails
    assert box.to == ["desk@example.org"]
    assert mail["Subject"] == "Nuovo: commento di Ann su «blog.test/post»"
    assert "/mail/decide/" not in text_of(mail)
    settle(app, mail_to=[])
    browser(page, "Ann").posted("Hello")
    hand.work()
    assert len(box.mails) == 1


def test_a_report_is_told_once(app: Flask, page: Page, box: Postbox, hand: Hand) -> None:
    owner(app, page)
    made = browser(page, "Ann").posted("Buy now")["id"]
    for name in ("Bob", "Cid"):
        browser(page, name).flag(made)
    hand.work()
    assert [one["Subject"].partition(":")[0] for one in box.mails] == ["New", "Reported"]


@pytest.mark.parametrize(("how", "period"), [("daily", timedelta(days=1)), ("weekly", timedelta(days=7))])
def test_a_digest_comes_once_a_period(
    app: Flask, page: Page, box: Postbox, hand: Hand, how: str, period: timedelta
) -> None:
    owner(app, page)
    settle(app, mail_owners=how, mail_letter=False)
    with clock.freeze(MONDAY):
        ann = browser(page, "Ann")
        for number in range(12):
            made = ann.posted(f"Number {number}")["id"]
        hold(app, public_id=made, state="pending")
        hand.work()
        chores(app, MONDAY)
        hand.work()
    assert box.mails == []
    for _ in range(3):
        chores(app, MONDAY + period)
    hand.work()
    [mail] = box.mails
    assert mail["Subject"] == "12 new comments on The blog"
    assert "1 comment waits for a decision." in text_of(mail)
    assert "4 more comments are on the page." in text_of(mail)
    chores(app, MONDAY + 2 * period)
    hand.work()
    assert len(box.mails) == 1


def test_the_weekly_letter(app: Flask, page: Page, box: Postbox, hand: Hand) -> None:
    owner(app, page)
    settle(app, mail_owners="off")
    with clock.freeze(MONDAY + timedelta(days=1)):
        ann, bob = browser(page, "Ann"), browser(page, "Bob")
        first = ann.posted("Is that so?", page={"url": "https://blog.test/a", "title": "First «page»"})["id"]
        bob.posted("It is", first, page={"url": "https://blog.test/a"})
        ann.posted("And what of this?", page={"url": "https://blog.test/b", "title": "Second"})
        Page(page.client).be_person("Cid").react(first)
        hold(app, public_id=bob.posted("I wait", page={"url": "https://blog.test/c"})["id"], state="pending")
        hand.work()
    for _ in range(2):
        chores(app, MONDAY + timedelta(days=7))
        hand.work()
    [mail] = box.mails
    said = text_of(mail)
    assert mail["Subject"] == "The week on The blog: 3 comments"
    assert "9 November 2026 to 15 November 2026" in said
    assert "Comments            3  (0 in the week before)" in said
    assert "People who wrote    2" in said
    assert "Likes               1" in said
    assert "Tue: 3" in said
    assert said.index("I wait") < said.index("And what of this?") < said.index("«First «page»»: 2 comments")
    assert "> Is that so?" in said[said.index("What was liked most") :]
    [picture] = [part for part in mail.walk() if part.get_content_type() == "image/png"]
    assert f'src="cid:{picture["Content-ID"].strip("<>")}"' in html_of(mail)
    assert "http" not in html_of(mail).partition("<img")[2].partition(">")[0]
    assert link_of(mail, "/mail/decide/")


@pytest.mark.parametrize("wanted", [False, True])
def test_an_empty_week_has_no_letter_unless_wanted(
    app: Flask, page: Page, box: Postbox, hand: Hand, *, wanted: bool
) -> None:
    owner(app, page)
    settle(app, mail_letter_empty=wanted)
    chores(app, MONDAY)
    hand.work()
    assert [one["Subject"] for one in box.mails] == ["The week on The blog: no comments"] * wanted


def test_who_was_down_for_days_is_not_told_of_an_old_week(app: Flask, page: Page, box: Postbox, hand: Hand) -> None:
    owner(app, page)
    settle(app, mail_letter_empty=True)
    chores(app, MONDAY + timedelta(days=3))
    hand.work()
    assert box.mails == []


def test_too_many_at_once_come_with_the_next_hour(app: Flask, page: Page, box: Postbox, hand: Hand) -> None:
    owner(app, page)
    with clock.freeze(MONDAY):
        ann = browser(page, "Ann")
        for number in range(25):
            ann.posted(f"Number {number}")
        hand.work()
    assert len(box.mails) == 20
    for _ in range(2):
        chores(app, MONDAY + timedelta(hours=1))
        hand.work()
    assert box.mails[-1]["Subject"] == "5 new comments on The blog"
    assert len(box.mails) == 21


def test_a_comment_that_its_author_edits_back_into_the_queue_is_told(
    app: Flask, page: Page, box: Postbox, hand: Hand
) -> None:
    owner(app, page)
    settle(app, held_words=["casino"])
    ann = browser(page, "Ann")
    made = ann.posted("I like the shelf")["id"]
    hand.work()
    assert [mail["Subject"] for mail in box.mails] == ["New: comment by Ann on «blog.test/post»"]
    ann.edit(made, "I like the green shelf")
    hand.work()
    assert len(box.mails) == 1
    assert ann.edit(made, "I like the casino").json["comment"]["state"] == "pending"
    hand.work()
    assert [mail["Subject"] for mail in box.mails[1:]] == ["Waiting: comment by Ann on «blog.test/post»"]
    assert "I like the casino" in text_of(box.mails[1])
    with app.app_context():  # let through as it is, and then changed again: that is another one to decide about
        olga = Moderator(db.session.scalars(select(User.id).where(User.name == "Olga")).one())
        version = decisions.version_of(db.session.scalars(select(Comment).where(Comment.public_id == made)).one())
        decisions.decide(olga, made, "approve", version=version)
    assert ann.edit(made, "I like the other casino").json["comment"]["state"] == "pending"
    hand.work()
    hand.work()
    held = [mail for mail in box.mails if mail["Subject"].startswith("Waiting")]
    assert len(held) == 2
    assert "I like the other casino" in text_of(held[1])
