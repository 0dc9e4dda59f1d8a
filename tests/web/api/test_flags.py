"""Flags: a reader's word to the moderators, which no other reader sees."""

from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from tests.support.api import Page, add_site, code, key
from tests.web.api.test_history import set_state
from tests.web.api.test_threads import rows
from widget.extensions import db
from widget.models import Comment, Flag


def kept(app: Flask) -> list[tuple[str, str]]:
    """Reason and note of all flags."""
    with app.app_context():
        return [(row.reason, row.note) for row in db.session.scalars(select(Flag).order_by(Flag.id))]


def counted(app: Flask, comment: str) -> int:
    """The comment's own count."""
    with app.app_context():
        return db.session.scalars(select(Comment.flag_count).where(Comment.public_id == comment)).one()


def test_one_a_person_and_another_reason_takes_its_place(app: Flask, ann: Page, bob: Page) -> None:
    comment = ann.posted()["id"]
    answer = bob.flag(comment, "spam")
    assert (answer.status_code, answer.json) == (200, {"flagged": comment, "reason": "spam"})
    assert answer.headers["Cache-Control"] == "no-store"
    assert bob.flag(comment, "spam").json == answer.json
    assert bob.flag(comment, "abuse", note="  See\nthe last line ").status_code == 200
    assert kept(app) == [("abuse", "See\nthe last line")]
    assert Page(ann.client).be_person().flag(comment, "illegal").status_code == 200
    assert counted(app, comment) == len(kept(app)) == 2


def test_nobody_else_can_see_it(ann: Page, bob: Page) -> None:
    comment = ann.posted()["id"]
    before = ann.read()
    bob.flag(comment, "off_topic", note="boring")
    assert ann.read(headers={"If-None-Match": before.headers["ETag"]}).status_code == 304
    assert ann.read().data == before.data
    assert bob.mine()["flagged"] == [comment]
    assert ann.mine()["flagged"] == []
    elsewhere = ann.posted("x", page={"url": f"{ann.url}/other"})["id"]
    bob.flag(elsewhere)
    assert bob.mine()["flagged"] == [comment]


def test_the_same_key_twice_is_one(app: Flask, ann: Page, bob: Page) -> None:
    comment, again = ann.posted()["id"], key()
    first = bob.flag(comment, "spam", headers={"Idempotency_Key": again})
    bob.flag(comment, "abuse")
    assert bob.flag(comment, "spam", headers={"Idempotency_Key": again}).data == first.data
    assert kept(app) == [("abuse", "")]
    assert code(bob.flag(comment, "other", headers={"Idempotency_Key": again})) == "idempotency.mismatch"


def test_refusals(app: Flask, ann: Page, bob: Page) -> None:
    comment, gone, spam = (ann.posted(str(number))["id"] for number in range(3))
    ann.delete(gone)
    set_state(app, spam, "spam")
    add_site(app, "other", ("https://other.test",))
    there = Page(ann.client, site="other", origin="https://other.test", url="https://other.test/").be_guest("Eve")
    before = rows(app)
    cases = [
        (ann.flag(comment), 403, "flag.own"),
        (bob.flag(gone), 409, "comment.gone"),
        (bob.flag(spam), 404, "comment.not_found"),
        (bob.flag("x"), 404, "comment.not_found"),
        (there.flag(comment), 404, "comment.not_found"),
        (bob.flag(comment, headers={"Authorization": None}), 401, "session.missing"),
        (bob.flag(comment, headers={"Idempotency_Key": None}), 400, "idempotency.missing"),
        (bob.flag(comment, headers={"Origin": "https://elsewhere.test"}), 403, "origin.foreign"),
        (bob.flag(comment, note="x" * 1001), 422, "request.bad_field"),
    ]
    for answer, status, expected in cases:
        assert (answer.status_code, code(answer)) == (status, expected)
    assert rows(app) == before
    assert counted(app, comment) == 0
    assert bob.flag(comment, note="x" * 1000).status_code == 200


@pytest.mark.parametrize("wrong", ["nonsense", "", None, 5, ["spam"]])
def test_reasons_are_of_a_list(ann: Page, bob: Page, wrong: Any) -> None:
    answer = bob.flag(ann.posted()["id"], wrong)
    assert (answer.status_code, code(answer), answer.json["error"]["field"]) == (422, "request.bad_field", "reason")
