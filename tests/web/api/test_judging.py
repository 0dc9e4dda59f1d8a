"""What is held is stored, seen by its author alone, and nobody is told why in more than a word."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from itertools import count

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from tests.support.api import BLOG, Page, add_site, code
from tests.support.rows import change, rows
from widget.core import clock, verdicts
from widget.extensions import db
from widget.models import Comment, Fingerprint, Lesson, Role, Thread, User, Word
from widget.services import events, housekeeping, learning, standings, transaction

LINK = "See https://pills.example/ for more"
LONG = "I have been reading this blog for years, and the article about the old workshop in the harbour is the best."
NOW = datetime(2026, 5, 1, 12, tzinfo=UTC)


@pytest.fixture
def page(app: Flask, client: FlaskClient) -> Page:
    """The page of a site as it is when nobody has set anything."""
    add_site(app, forms=True, flood=40, similar=True, guest_links=0, max_links=4)
    return Page(client)


@pytest.fixture
def ann(page: Page) -> Page:
    """A guest there."""
    return Page(page.client).be_guest("Ann")


def form(page: Page, *, after: float = 30, **more: object) -> dict[str, object]:
    """What a guest's form brings who looked at it for so many seconds."""
    with clock.freeze(clock.now() - timedelta(seconds=after)):
        given = page.get("/form").json
    return {"token": given["token"], **more}


def found(app: Flask, public_id: str) -> tuple[str, list[str]]:
    """The state in which a comment is stored, and why."""
    with app.app_context():
        row = db.session.scalars(select(Comment).where(Comment.public_id == public_id)).one()
        return row.state, [verdict.code for verdict in verdicts.read(row.judged).verdicts]


def staff(app: Flask, name: str) -> None:
    """Make somebody moderator."""

    def work(session: Session) -> None:
        user = session.scalars(select(User).where(User.name == name)).one()
        session.add(Role(site_id=1, user_id=user.id, role="moderator"))

    with app.app_context():
        transaction.write(work)


@contextmanager
def telling(app: Flask) -> Iterator[list[str]]:
    """The kinds of events that are told meanwhile."""
    heard: list[str] = []
    events.hear(app, lambda _session, event: heard.append(event.kind))
    yield heard


def test_a_guests_comment_goes_live_and_one_with_a_link_waits(app: Flask, ann: Page) -> None:
    with telling(app) as heard:
        plain = ann.posted("Hello", form=form(ann))
    assert "state" not in plain
    assert heard == ["comment.created", "comment.published"]
    heard.clear()
    version = ann.read().json["thread"]["version"]
    held = ann.posted(LINK, form=form(ann))
    assert (held["state"], held["waits"]) == ("pending", "links")
    assert found(app, held["id"]) == ("pending", ["links.guest"])
    assert heard == ["comment.created"]
    answer = ann.read().json
    assert (answer["thread"]["count"], answer["thread"]["version"]) == (1, version)
    assert [one["id"] for one in answer["comments"]] == [plain["id"]]
    assert [(one["id"], one["waits"]) for one in ann.mine()["pending"]] == [(held["id"], "links")]
    assert Page(ann.client).be_guest("Bob").mine()["pending"] == []


def test_links_to_the_site_itself_are_no_links(ann: Page) -> None:
    assert "state" not in ann.posted(f"See {BLOG}/other for more", form=form(ann))


def test_the_ladder(app: Flask, page: Page) -> None:
    ada = Page(page.client).be_person("Ada")
    assert "state" not in ada.posted(LINK)
    ann = Page(page.client).be_guest("Ann")
    for number in range(3):
        assert ann.posted(LINK, form=form(ann))["state"] == "pending"
        ann.posted(f"Comment {number}", form=form(ann))
    assert "state" not in ann.posted(LINK)  # known by now: no form is asked for either
    change(app, moderation="all")
    assert ada.posted("Hello")["waits"] == "everyone"
    staff(app, "Ada")
    assert "state" not in ada.posted("Hello again")


def test_whom_moderators_trust(app: Flask, ann: Page) -> None:
    def trust(session: Session) -> None:
        user = session.scalars(select(User).where(User.name == "Ann")).one()
        standings.put(session, 1, user.id, standings.Stands("trusted", None))

    with app.app_context():
        transaction.write(trust)
    change(app, moderation="all")
    assert found(app, ann.posted(LINK)["id"]) == ("published", ["trust.always"])


@pytest.mark.parametrize(
    ("moderation", "waits", "of_person"),
    [("off", None, None), ("first", "first", "first"), ("guests", "guest", None), ("all", "everyone", "everyone")],
)
def test_whose_comments_wait(app: Flask, ann: Page, moderation: str, waits: str | None, of_person: str | None) -> None:
    change(app, moderation=moderation)
    assert ann.posted("Hello", form=form(ann)).get("waits") == waits
    assert Page(ann.client).be_person("Ada").posted("Hello").get("waits") == of_person


def test_a_reply_that_waits_is_not_counted(app: Flask, ann: Page) -> None:
    root = ann.posted("root", form=form(ann))["id"]
    held = ann.posted(LINK, root, form=form(ann))
    assert held["parent"] == root
    shown = ann.comments()
    assert [(one["id"], one["replies"]) for one in shown] == [(root, 0)]
    with app.app_context():
        row = db.session.execute(
            select(Comment.reply_count, Comment.child_count).where(Comment.public_id == root)
        ).one()
        assert tuple(row) == (0, 0)


def test_spam_is_put_away_and_its_author_is_told_that_it_waits(app: Flask, ann: Page) -> None:
    change(app, blocked_words=["100%_[free]"])
    with telling(app) as heard:
        made = ann.posted("It is 100%_[free] of charge", form=form(ann))
    assert (made["state"], made["waits"]) == ("pending", "check")
    assert found(app, made["id"]) == ("spam", ["words.blocked"])
    assert heard == ["comment.created", "comment.spam"]
    assert "state" not in ann.posted("It is 100% a_free thing", form=form(ann))


def test_forms(app: Flask, ann: Page) -> None:
    good = form(ann)
    assert found(app, ann.posted("one", form=good)["id"]) == ("published", [])
    assert found(app, ann.posted("two", form=good)["id"]) == ("pending", ["form.again"])
    assert found(app, ann.posted("three")["id"]) == ("pending", ["form.missing"])
    assert found(app, ann.posted("four", form={"token": "made.up.by.me"})["id"]) == ("pending", ["form.invalid"])
    assert found(app, ann.posted("five", form=form(ann, after=0))["id"]) == ("pending", ["form.fast"])
    assert found(app, ann.posted("six", form=form(ann, trap="x"))["id"]) == ("spam", ["form.trap"])
    add_site(app, "shop", ("https://shop.test",))
    elsewhere = {"token": ann.client.get("/api/v1/form?site=shop").json["token"]}
    assert found(app, ann.posted("seven", form=elsewhere)["id"]) == ("pending", ["form.invalid"])


def test_a_refused_comment_does_not_use_its_form_up(app: Flask, ann: Page) -> None:
    good = form(ann)
    assert code(ann.post("reply", "c_nobody", form=good)) == "comment.bad_parent"
    assert found(app, ann.posted("Hello", form=good)["id"]) == ("published", [])


def test_a_form_makes_no_row(app: Flask, ann: Page) -> None:
    before = rows(app)
    given = ann.get("/form")
    assert given.headers["Cache-Control"] == "no-store"
    assert given.json["bits"] == 0
    assert rows(app) == before
    assert code(ann.client.get("/api/v1/form?site=nobody")) == "site.unknown"


def test_work(app: Flask, ann: Page) -> None:
    change(app, proof_of_work="always")
    given = ann.get("/form").json
    assert given["bits"] >= 8
    asked = form(ann)
    assert found(app, ann.posted("one", form=asked)["id"]) == ("pending", ["form.work"])
    asked = form(ann)
    most = 2 ** (256 - given["bits"])
    tried = ((str(at), sha256(f"{asked['token']}.{at}".encode()).digest()) for at in count())
    work = next(answer for answer, digest in tried if int.from_bytes(digest, "big") < most)
    assert found(app, ann.posted("two", form={**asked, "work": work})["id"]) == ("published", [])


def test_a_flood_asks_for_work_and_then_waits(app: Flask, page: Page) -> None:
    change(app, flood=4, forms=False)
    states = []
    bits = []
    for number in range(8):
        bits.append(page.get("/form").json["bits"])
        states.append(Page(page.client).be_guest(f"G{number}").posted(f"Hello {number}").get("state", "published"))
    assert states == ["published"] * 4 + ["pending"] * 4
    assert bits[:2] == [0, 0]
    assert 0 < bits[2] <= bits[7]
    assert Page(page.client).be_person("Ada").posted("Hello")["state"] == "pending"  # an account of today
    later = clock.now() + timedelta(hours=1, seconds=1)
    with clock.freeze(later):
        assert "state" not in Page(page.client).be_guest("Late").posted("Hello")


def test_almost_the_same_again(app: Flask, ann: Page) -> None:
    first = ann.posted(LONG, form=form(ann))
    assert "state" not in first
    bob = Page(ann.client, url=f"{BLOG}/other").be_guest("Bob")
    again = bob.posted(LONG.replace("years", "many years"), form=form(bob))
    assert found(app, again["id"]) == ("pending", ["similar.comment"])
    # An answer that quotes it says something else.
    assert "state" not in bob.posted(f"> {LONG}\n\nSo it is.", form=form(bob))
    with clock.freeze(clock.now() + timedelta(days=15)), app.app_context():
        housekeeping.sweep()
        assert db.session.scalar(select(func.count()).select_from(Fingerprint)) == 0


def test_the_same_as_spam_is_spam(app: Flask, ann: Page) -> None:
    change(app, blocked_words=["workshop"])
    ann.posted(LONG, form=form(ann))
    change(app, blocked_words=[])
    assert found(app, ann.posted(LONG.upper(), form=form(ann))["id"]) == ("spam", ["similar.spam"])


def test_editing_is_judged_again(app: Flask, ann: Page) -> None:
    root = ann.posted("root", form=form(ann))["id"]
    reply = Page(ann.client).be_person("Ada").posted("reply", root)["id"]
    with telling(app) as heard:
        edited = ann.edit(root, LINK).json
    assert (edited["comment"]["state"], edited["comment"]["waits"]) == ("pending", "links")
    assert heard == ["comment.edited", "comment.held"]
    assert found(app, root) == ("pending", ["links.guest"])
    assert edited["thread"]["count"] == 1
    assert [(one["id"], one.get("state")) for one in ann.comments()] == [(root, "deleted"), (reply, None)]
    assert "pills" not in ann.read().text
    # One that waits goes on waiting, whatever it says by then.
    assert ann.edit(root, "root").json["comment"]["state"] == "pending"
    assert found(app, root) == ("pending", [])


def test_a_first_comment_that_was_approved_is_still_the_first_when_it_is_edited(app: Flask, page: Page) -> None:
    ada = Page(page.client).be_person("Ada")
    made = ada.posted("Hello")["id"]
    change(app, moderation="first")
    assert ada.edit(made, "Something else").json["comment"]["waits"] == "first"


def test_an_old_conversation_is_closed(app: Flask, ann: Page) -> None:
    change(app, close_days=30)
    ann.posted("Hello", form=form(ann))
    with clock.freeze(clock.now() + timedelta(days=30)):
        late = Page(ann.client).be_guest("Late")
        assert code(late.post("Hello")) == "thread.closed"


def test_guests_of_before_are_not_taken_any_more(app: Flask, ann: Page) -> None:
    change(app, guests=False)
    assert code(ann.post("Hello")) == "guest.not_allowed"
    with app.app_context():
        assert db.session.scalar(select(func.count()).select_from(Thread)) == 0


SPAM = "cheap pills casino bonus click winner number {n}"
GOOD = "the harbour article reminded me of summer walks number {n}"


def teach(app: Flask, page: Page, number: int) -> list[str]:
    """So many decisions of either kind; the comments that were spam."""
    ids = []
    for at in range(number):
        for text, spam in ((SPAM, True), (GOOD, False)):
            made = page.posted(text.replace("{n}", "abcdefghijklmnopqrstuvwxyz"[at % 26] * 3))["id"]
            ids += [made] if spam else []

            def work(session: Session, made: str = made, *, spam: bool = spam) -> None:
                comment = session.scalars(select(Comment).where(Comment.public_id == made)).one()
                learning.learn(session, comment, spam=spam)

            with app.app_context():
                transaction.write(work)
    return ids


def test_what_moderators_decide_is_learned_and_can_be_taken_back(app: Flask, page: Page) -> None:
    change(app, approve_after=0, flood=0)
    ada = Page(page.client).be_person("Ada")
    spam = teach(app, ada, 30)
    bob = Page(page.client).be_person("Bob")
    assert found(app, bob.posted("click, winner: cheap pills casino")["id"]) == ("pending", ["learned.spam"])
    assert found(app, bob.posted("the harbour in summer")["id"]) == ("published", [])
    add_site(app, "shop", ("https://shop.test",), approve_after=0)
    shop = Page(page.client, site="shop", origin="https://shop.test", url="https://shop.test/").be_person("Bob")
    assert "state" not in shop.posted("click, winner: cheap pills casino")  # what one site teaches is its own

    def words() -> dict[str, int]:
        with app.app_context():
            row = db.session.execute(select(Word.spam, Word.good).where(Word.site_id == 1, Word.token == 0)).one()
            tokens = db.session.scalar(select(func.sum(Word.spam)).where(Word.site_id == 1)) or 0
            lessons = db.session.scalar(select(func.count()).select_from(Lesson)) or 0
            return {"spam": row.spam, "good": row.good, "tokens of spam": tokens, "lessons": lessons}

    assert words()["spam"] == words()["good"] == 30

    def decide(made: str, *, spam: bool | None) -> None:
        def work(session: Session) -> None:
            comment = session.scalars(select(Comment).where(Comment.public_id == made)).one()
            if spam is None:
                learning.unlearn(session, comment)
            else:
                learning.learn(session, comment, spam=spam)

        with app.app_context():
            transaction.write(work)

    before = words()
    decide(spam[0], spam=True)  # once more teaches nothing
    assert words() == before
    decide(spam[0], spam=False)
    assert (words()["spam"], words()["good"]) == (29, 31)
    decide(spam[0], spam=None)
    assert (words()["spam"], words()["good"], words()["lessons"]) == (29, 30, 59)
    for made in spam[1:]:
        decide(made, spam=None)
        decide(made, spam=None)
    assert words() == {"spam": 0, "good": 30, "tokens of spam": 0, "lessons": 30}
    assert "state" not in bob.posted("click, winner: cheap pills casino again")
