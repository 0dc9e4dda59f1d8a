"""Decisions about one comment: what readers see after, what is told, what is logged, and what is refused."""

import pytest
from flask import Flask
from sqlalchemy import func, select

from tests.services.moderation.conftest import Staff
from tests.services.test_mark_races import recounted
from tests.support.api import Page, add_site, code
from tests.support.rows import change, hold
from widget.core import clock
from widget.core.errors import Problem
from widget.core.events import Event
from widget.extensions import db
from widget.models import Comment, Flag, LogEntry, Thread
from widget.services import branches, events, transaction
from widget.services.moderation import decisions, log
from widget.services.moderation.decisions import Decision


def wait(app: Flask, public_id: str) -> None:
    """As if it had been held when it was written."""
    with app.app_context():
        query = select(Comment).where(Comment.public_id == public_id)
        transaction.write(lambda session: branches.take_out(session, session.scalars(query).one(), "pending"))
    hold(app, public_id=public_id, changed=0)


def decide(staff: Staff, public_id: str, act: str, *, name: str = "Moderator", **more: str) -> Decision:
    """Through the service; to approve, the version is read just before."""
    with staff.app.app_context():
        if act == "approve" and "version" not in more:
            row = db.session.scalars(select(Comment).where(Comment.public_id == public_id)).one()
            more["version"] = decisions.version_of(row)
        return decisions.decide(staff.moderator(name), public_id, act, **more)


def refused(staff: Staff, public_id: str, act: str, **more: str) -> str:
    """The code."""
    with pytest.raises(Problem) as problem:
        decide(staff, public_id, act, **more)
    return problem.value.code


def states(page: Page) -> dict[str, str]:
    """What readers see, by id: "published", or the state of a tombstone."""
    return {one["id"]: one.get("state", "published") for one in page.comments()}


def whole(app: Flask) -> None:
    """The counts are those of the rows, and so is the log's chain."""
    with app.app_context():
        columns = (Comment.state, Comment.reply_count, Comment.child_count, Comment.visible)
        kept = [tuple(row) for row in db.session.execute(select(*columns).order_by(Comment.id))]
        published = db.session.scalar(select(func.count()).where(Comment.state == "published"))
        assert db.session.scalar(select(Thread.comment_count)) == published
        assert log.verify(db.session()) is None
    assert kept == recounted(app)


def test_what_waited_is_let_through_and_told_to_open_pages(app: Flask, staff: Staff, ann: Page) -> None:
    root = ann.posted("root")["id"]
    late = ann.posted("late", root)["id"]
    wait(app, late)
    assert states(ann) == {root: "published"}
    assert [one["id"] for one in ann.mine()["pending"]] == [late]
    since = ann.read().json["thread"]["version"]
    heard: list[Event] = []
    events.hear(app, lambda _session, event: heard.append(event))
    done = decide(staff, late, "approve")
    assert (done.before, done.after) == ("pending", "published")
    assert states(ann) == {root: "published", late: "published"}
    assert [one["id"] for one in ann.read(since=since).json["comments"]] == [late]
    assert [(one.kind, one.before, one.actor_id) for one in heard] == [
        ("comment.published", "pending", staff.user_id("Moderator"))
    ]
    assert decide(staff, late, "approve").entry is None
    whole(app)


def test_only_the_text_that_was_seen_is_approved(app: Flask, staff: Staff, ann: Page) -> None:
    made = ann.posted("harmless")
    wait(app, made["id"])
    ann.edit(made["id"], "buy now")
    assert refused(staff, made["id"], "approve", version=made["time"]) == "comment.changed"
    with app.app_context(), pytest.raises(Problem, match=r"comment\.changed"):
        decisions.decide(staff.moderator(), made["id"], "approve")
    assert states(ann) == {}
    edited = ann.mine()["pending"][0]["edited"]
    assert decide(staff, made["id"], "approve", version=edited).after == "published"


@pytest.mark.parametrize("act", ["spam", "delete"])
def test_taken_away_with_replies_and_brought_back(app: Flask, staff: Staff, ann: Page, ada: Page, act: str) -> None:
    root = ann.posted("root")["id"]
    middle = ada.posted("middle", root)["id"]
    leaf = ann.posted("leaf", middle)["id"]
    before = ann.comments()
    done = decide(staff, middle, act, why="not here")
    assert states(ann) == {root: "published", middle: "deleted", leaf: "published"}
    shown = next(one for one in ann.comments() if one["id"] == middle)
    assert "author" not in shown
    assert "body" not in shown
    whole(app)
    # Not its author's to bring back, or to change.
    assert code(ada.restore(middle)) in {"comment.undo_over", "comment.gone"}
    assert code(ada.edit(middle, "again")) == "comment.gone"
    assert decide(staff, middle, act).entry is None
    assert decide(staff, middle, "restore").after == "published"
    assert ann.comments() == before
    whole(app)
    with app.app_context():
        entry = db.session.get_one(LogEntry, done.entry)
        assert (entry.act, entry.why, entry.actor_id) == (f"comment.{act}", "not here", staff.user_id("Moderator"))
        assert '"state":"published"' in entry.before


def test_an_answer_to_spam_stands_under_a_tombstone(app: Flask, staff: Staff, ann: Page) -> None:
    root = ann.posted("root")["id"]
    reply = ann.posted("reply", root)["id"]
    wait(app, reply)
    decide(staff, root, "spam")
    assert states(ann) == {}
    decide(staff, reply, "approve")
    assert states(ann) == {root: "deleted", reply: "published"}
    whole(app)
    decide(staff, root, "approve")
    assert states(ann) == {root: "published", reply: "published"}
    whole(app)


def test_what_moderators_deleted_is_erased_after_days(app: Flask, staff: Staff, ann: Page) -> None:
    from tests.web.api.test_undo import later, sweep

    made = ann.posted("zanzibar")["id"]
    decide(staff, made, "delete")
    with later(days=6):
        sweep(app)
        assert decide(staff, made, "restore").after == "published"
        decide(staff, made, "delete")
    with later(days=14):
        sweep(app)
        assert refused(staff, made, "restore") == "comment.gone"
    with app.app_context():
        assert db.session.scalars(select(Comment.raw)).all() == [""]
        assert "zanzibar" not in "".join(db.session.scalars(select(LogEntry.before + LogEntry.after)))


def test_who_may_and_what_there_is(app: Flask, staff: Staff, ann: Page, ada: Page) -> None:
    made = ann.posted()["id"]
    for act in decisions.ACTS:
        for name in ("Ada", "Elsewhere"):
            assert refused(staff, made, act, name=name, version="x") == "role.missing"
        with app.app_context(), pytest.raises(Problem, match=r"comment\.not_found"):  # another site's bearer
            decisions.decide(staff.moderator("Administrator", site="other"), made, act, version="x")
        assert refused(staff, "0" * 20, act, version="x") == "comment.not_found"
    assert refused(staff, made, "delete", why="x" * 501) == "request.bad_field"
    ann.delete(made)
    for act in decisions.ACTS:
        assert refused(staff, made, act) == "comment.gone"  # its author's decision stands
    for name in ("Second", "Owner", "Administrator"):
        other = ann.posted(name)["id"]
        assert decide(staff, other, "delete", name=name).after == "deleted"
    assert ada.token


def test_flags_send_it_back_to_the_queue(app: Flask, staff: Staff, ann: Page) -> None:
    made = ann.posted("root")["id"]
    reply = ann.posted("reply", made)["id"]
    readers = [Page(ann.client).be_person(f"P{n}") for n in range(7)]
    for guest in range(4):
        assert Page(ann.client).be_guest(f"G{guest}").flag(made).status_code == 200
    for reader in readers[:2]:
        reader.flag(made)
    assert states(ann)[made] == "published"  # four guests may be one person
    heard: list[tuple[str, int | None]] = []
    events.hear(app, lambda _session, event: heard.append((event.kind, event.actor_id)))
    readers[2].flag(made)
    assert states(ann) == {made: "deleted", reply: "published"}
    assert [one["id"] for one in ann.mine()["pending"]] == [made]
    assert heard == [("comment.flagged", heard[0][1]), ("comment.held", None)]
    decide(staff, made, "approve")
    with app.app_context():
        assert db.session.scalars(select(Comment.flag_count).where(Comment.public_id == made)).one() == 0
        assert db.session.scalar(select(func.count()).where(Flag.settled_at.is_(None))) == 0
    for reader in readers:  # what a moderator has let through as it stands
        reader.flag(made)
    assert states(ann)[made] == "published"
    ann.edit(made, "and now for something else")
    readers[0].flag(made, "abuse")
    assert states(ann)[made] == "deleted"
    whole(app)


def test_a_site_may_leave_it_to_its_moderators(app: Flask, ann: Page, staff: Staff) -> None:
    change(app, flags_to_hold=0)
    made = ann.posted()["id"]
    for name in range(5):
        Page(ann.client).be_person(f"P{name}").flag(made)
    assert states(ann) == {made: "published"}
    add_site(app, "third", ("https://third.test",))
    assert staff.pages


def test_a_failing_listener_undoes_the_decision_and_its_entry(app: Flask, staff: Staff, ann: Page) -> None:
    made = ann.posted()["id"]

    def refuse(_session: object, _event: Event) -> None:
        raise RuntimeError("no room")

    events.hear(app, refuse)
    with pytest.raises(RuntimeError):
        decide(staff, made, "spam")
    assert states(ann) == {made: "published"}
    with app.app_context():
        assert db.session.scalar(select(func.count()).select_from(LogEntry)) == 0
    assert clock.now()
