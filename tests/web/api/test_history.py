"""What a comment said before: kept when it is edited, shown to the curious, and who edits sees what they change."""

from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import update

from tests.support.api import Page, add_site, code
from tests.web.api.test_threads import rows
from widget.core import clock
from widget.extensions import db
from widget.models import Comment, Revision
from widget.services import revisions, transaction


def set_state(app: Flask, public_id: str, state: str) -> None:
    """As a moderator would."""
    with app.app_context():
        change = update(Comment).where(Comment.public_id == public_id)
        change = change.values(state=state, visible=state == "published")
        transaction.write(lambda session: session.execute(change))


def versions(page: Page, comment: str) -> list[Any]:
    """The bodies of its history."""
    answer = page.get(f"/comments/{comment}/history")
    assert answer.status_code == 200, answer.text
    return [one["body"][0][1] for one in answer.json["versions"]]


def test_every_version_with_its_time(ann: Page) -> None:
    comment = ann.posted("one")
    second = ann.edit(comment["id"], "*two*").json["comment"]
    third = ann.edit(comment["id"], "three").json["comment"]
    answer = ann.get(f"/comments/{comment['id']}/history")
    assert answer.json == {
        "versions": [
            {"time": comment["time"], "body": [["p", "one"]]},
            {"time": second["edited"], "body": [["p", ["em", "two"]]]},
            {"time": third["edited"], "body": [["p", "three"]]},
        ]
    }
    assert "one" not in ann.read().text


def test_a_comment_never_edited_has_one_version(ann: Page) -> None:
    assert versions(ann, ann.posted("one")["id"]) == ["one"]


def test_the_same_text_is_no_edit(app: Flask, ann: Page) -> None:
    comment = ann.posted("same")
    answer = ann.edit(comment["id"], "same\r\n")
    assert answer.status_code == 200
    assert "edited" not in answer.json["comment"]
    assert answer.json["thread"]["version"] == 1
    assert rows(app)["revision"] == 0
    ann.edit(comment["id"], "other")
    ann.edit(comment["id"], "same")
    assert versions(ann, comment["id"]) == ["same", "other", "same"]


def test_history_is_public_and_answers_304_until_the_next_edit(ann: Page) -> None:
    comment = ann.posted("one")["id"]
    ann.edit(comment, "two")
    answer = ann.get(f"/comments/{comment}/history")
    assert answer.headers["Access-Control-Allow-Origin"] == "*"
    assert answer.headers["Cache-Control"] == "public, max-age=0, must-revalidate"
    had = {"If-None-Match": answer.headers["ETag"]}
    assert ann.get(f"/comments/{comment}/history", headers=had).status_code == 304
    ann.edit(comment, "three")
    assert ann.get(f"/comments/{comment}/history", headers=had).status_code == 200


def test_what_nobody_is_shown_has_no_history(app: Flask, ann: Page, bob: Page) -> None:
    made = {state: ann.posted(state)["id"] for state in ("pending", "spam", "deleted")}
    for comment in made.values():
        ann.edit(comment, "changed")
        bob.post("reply", comment)  # the deleted one stays as a tombstone
    for state in ("pending", "spam"):
        set_state(app, made[state], state)
    assert ann.delete(made["deleted"]).status_code == 200
    assert any(one.get("state") == "deleted" for one in ann.comments())
    for comment in (*made.values(), "0" * 20, "x"):
        answer = ann.get(f"/comments/{comment}/history")
        assert (answer.status_code, code(answer)) == (404, "comment.not_found")
    add_site(app, "other", ("https://other.test",))
    comment = ann.posted()["id"]
    assert code(ann.get(f"/comments/{comment}/history", site="other")) == "comment.not_found"
    assert code(ann.get(f"/comments/{comment}/history", site="none")) == "site.unknown"


def test_what_was_never_published_is_not_kept(app: Flask, ann: Page) -> None:
    comment = ann.posted("a secret, held back")["id"]
    set_state(app, comment, "pending")
    before = ann.read().json["thread"]["version"]
    assert ann.edit(comment, "fit to print").status_code == 200
    assert ann.read().json["thread"]["version"] == before
    set_state(app, comment, "published")
    assert versions(ann, comment) == ["fit to print"]
    assert rows(app)["revision"] == 0


def test_of_very_many_versions_the_first_and_the_last_stay(app: Flask, ann: Page) -> None:
    comment = ann.posted("v0")["id"]
    for number in range(1, 56):
        assert ann.edit(comment, f"v{number}").status_code == 200
    assert rows(app)["revision"] == revisions.MOST == 50
    assert versions(ann, comment) == ["v0", *(f"v{number}" for number in range(6, 56))]


def test_an_edit_of_another_version_than_was_seen(ann: Page) -> None:
    comment = ann.posted("one")
    other_tab = ann.edit(comment["id"], "two", comment["time"])
    assert other_tab.status_code == 200
    late = ann.edit(comment["id"], "three", comment["time"])
    assert (late.status_code, code(late)) == (409, "comment.changed")
    assert ann.comments()[0]["body"] == [["p", "two"]]
    assert ann.edit(comment["id"], "three", other_tab.json["comment"]["edited"]).status_code == 200
    assert ann.edit(comment["id"], "four").status_code == 200  # who does not say what they saw is believed
    assert code(ann.edit(comment["id"], "five", "nonsense")) == "comment.changed"


def test_two_edits_within_a_second_are_two_versions(ann: Page) -> None:
    with clock.freeze(clock.now()):
        comment = ann.posted("one")
        first = ann.edit(comment["id"], "two", comment["time"])
        assert first.status_code == 200
        assert code(ann.edit(comment["id"], "lost?", comment["time"])) == "comment.changed"
        assert ann.edit(comment["id"], "three", first.json["comment"]["edited"]).status_code == 200
    times = [one["time"] for one in ann.get(f"/comments/{comment['id']}/history").json["versions"]]
    assert times == sorted(set(times))
    assert len(times) == 3


@pytest.mark.parametrize("wrong", [5, ["x"], {}])
def test_was_is_a_time(ann: Page, wrong: Any) -> None:
    assert code(ann.edit(ann.posted()["id"], "x", wrong)) == "request.bad_field"


def test_versions_keep_what_they_were_made_from(app: Flask, ann: Page) -> None:
    comment = ann.posted("*one*")["id"]
    with clock.freeze(clock.now() + timedelta(seconds=60)):
        ann.edit(comment, "two")
    with app.app_context():
        kept = db.session.query(Revision).one()
        row = db.session.query(Comment).one()
        assert (kept.raw, kept.html, kept.markup) == ("*one*", "<p><em>one</em></p>", "markdown")
        assert kept.written_at == row.created_at
