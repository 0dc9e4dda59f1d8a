"""Moderators and authors at the same moment: some order explains whatever comes of it."""

from collections.abc import Iterator

import pytest
from flask import Flask
from sqlalchemy import func, select

from tests.conftest import SECRET_KEY
from tests.services.moderation.conftest import Staff
from tests.services.moderation.test_decisions import wait, whole
from tests.services.test_mark_races import at_once
from tests.support.api import Page
from widget import create_app
from widget.core.errors import Problem
from widget.extensions import db
from widget.models import Comment, LogEntry
from widget.services import sites
from widget.services.moderation import bulk, decisions, log, people, undoing

ROUNDS = 6


@pytest.fixture
def app(database_url: str) -> Iterator[Flask]:
    """An application with enough connections for everybody at once."""
    app = create_app({"DATABASE_URL": database_url, "SECRET_KEY": SECRET_KEY, "THREADS": 40, "BUSY_TIMEOUT": 60})
    yield app
    with app.app_context():
        db.session.remove()
        db.engine.dispose()


def test_approve_and_edit_at_once(app: Flask, staff: Staff, ann: Page) -> None:
    """Only the text that the moderator saw becomes public by their word."""
    who = staff.moderator()
    for number in range(ROUNDS):
        made = ann.posted(f"seen {number}")
        wait(app, made["id"])

        def act(place: int, made: dict[str, str] = made) -> str:
            if place % 2:
                page = Page(app.test_client(), token=ann.token)
                return str(page.edit(made["id"], f"buy now {place}").status_code)
            with app.app_context():
                try:
                    return decisions.decide(who, made["id"], "approve", version=made["time"]).after
                except Problem as problem:
                    return problem.code

        answers = at_once(4, act)
        with app.app_context():
            row = db.session.scalars(select(Comment).where(Comment.public_id == made["id"])).one()
            approved = row.approved
            if "published" in answers:  # the edits came after: it is their author's published comment that changed
                assert approved == row.created_at
                assert row.state == "published"
            else:
                assert set(answers[::2]) == {"comment.changed"}
                assert (approved, row.state) == (None, "pending")
            assert "200" in answers
    with app.app_context():
        for row in db.session.scalars(select(LogEntry).where(LogEntry.act == "comment.approve")):
            assert db.session.get_one(Comment, row.comment_id).created_at


def test_without_the_version_another_text_would_be_approved(app: Flask, staff: Staff, ann: Page) -> None:
    """The control: what an approval without a look at the version does."""
    made = ann.posted("seen")
    wait(app, made["id"])
    ann.edit(made["id"], "buy now")
    with app.app_context():
        row = db.session.scalars(select(Comment).where(Comment.public_id == made["id"])).one()
        now = decisions.version_of(row)
        assert now != made["time"]
        assert decisions.decide(staff.moderator(), made["id"], "approve", version=now).after == "published"
    assert [one["id"] for one in ann.comments()] == [made["id"]]


def test_deleting_restoring_and_answering_at_once(app: Flask, staff: Staff, ann: Page) -> None:
    root = ann.posted("root")["id"]
    middle = ann.posted("middle", root)["id"]
    leaf = ann.posted("leaf", middle)["id"]
    who = staff.moderator()

    def act(place: int) -> set[str]:
        found = set()
        for number in range(3):
            if place % 2:
                page = Page(app.test_client(), token=ann.token)
                found.add(str(page.post("reply", [root, middle, leaf][(place + number) % 3]).status_code))
                continue
            for decision in ("delete", "restore", "spam", "restore"):
                with app.app_context():
                    try:
                        decisions.decide(who, [root, middle, leaf][(place // 2 + number) % 3], decision)
                    except Problem as problem:
                        found.add(problem.code)
        return found

    assert set().union(*at_once(6, act)) <= {"201", "422", "comment.gone"}
    whole(app)
    shown = ann.comments()
    parents = {one["id"] for one in shown}
    assert {one["parent"] for one in shown if "parent" in one} <= parents, "an orphan is shown"


@pytest.mark.parametrize("act", ["ban", "shadow"])
def test_a_ban_while_they_write(app: Flask, staff: Staff, ada: Page, act: str) -> None:
    """What was posted before stands; whatever comes after the ban's commit is refused, or hidden."""
    ada.posted()
    who, person = staff.moderator(), staff.public_id("Ada")
    with app.app_context():
        site_id = sites.by_key("blog").id
    counted: list[int] = []

    def work(place: int) -> list[int]:
        if place:
            page = Page(app.test_client(), token=ada.token)
            return [page.post(f"{place} {number}").status_code for number in range(6)]
        with app.app_context():
            people.judge(who, person, act, site_id=site_id)
            counted.append(db.session.scalar(select(func.count()).where(Comment.state == "published")) or 0)
        return []

    answers = [status for found in at_once(5, work) for status in found]
    assert set(answers) <= ({201, 403} if act == "ban" else {201})
    with app.app_context():
        now = db.session.scalar(select(func.count()).where(Comment.state == "published"))
        assert [now] == counted
        if act == "ban":
            assert now == 1 + answers.count(201)
    whole(app)


def test_two_bulk_acts_and_writers_at_once(
    app: Flask, staff: Staff, ada: Page, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(bulk, "BATCH", 4)
    pages = [Page(app.test_client(), token=ada.token, url=f"https://blog.test/{name}") for name in "abc"]
    for number in range(18):
        pages[number % 3].posted(str(number))
    who, second, person = staff.moderator(), staff.moderator("Second"), staff.public_id("Ada")
    with app.app_context():
        site_id = sites.by_key("blog").id

    def work(place: int) -> int:
        with app.app_context():
            if place < 2:
                return bulk.of_person((who, second)[place], site_id, ("spam", "delete")[place], person).count
        return sum(pages[place % 3].post(f"{place} {number}").status_code == 201 for number in range(4))

    at_once(5, work)
    with app.app_context():
        last = db.session.scalar(select(func.max(LogEntry.id)))
        assert undoing.undo(who, last or 0).count
        assert log.verify(db.session()) is None
