"""Bans of each kind: what a person can do, what others see, when it ends, and that no process remembers otherwise."""

from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import func, select

from tests.conftest import SECRET_KEY
from tests.services.moderation.conftest import Staff
from tests.services.moderation.test_decisions import states
from tests.support.api import PAGE, Page, code
from widget import create_app
from widget.core import clock
from widget.core.errors import Problem
from widget.core.events import Event
from widget.extensions import db
from widget.models import Comment, LogEntry
from widget.services import events, identities, sites
from widget.services.moderation import decisions, people, undoing
from widget.services.moderation.people import Judgement


def judge(
    staff: Staff,
    person: str,
    act: str,
    *,
    name: str = "Moderator",
    site: str | None = "blog",
    days: int = 0,
    why: str = "",
) -> Judgement:
    """Through the service, by names."""
    with staff.app.app_context():
        until = clock.now() + timedelta(days=days) if days else None
        site_id = sites.by_key(site).id if site else None
        return people.judge(staff.moderator(name), staff.public_id(person), act, site_id=site_id, until=until, why=why)


def attempts(page: Page, own: str, other: str) -> dict[str, tuple[int, str | None]]:
    """Everything that one writes."""
    answers = {
        "post": page.post(),
        "edit": page.edit(own, "something else"),
        "react": page.react(other),
        "react to page": page.react_to_page(),
        "flag": page.flag(other),
    }
    return {
        name: (answer.status_code, None if answer.status_code < 300 else code(answer))
        for name, answer in answers.items()
    }


def test_a_ban_ends_every_write_in_every_process_and_ends_itself(
    app: Flask, staff: Staff, ann: Page, ada: Page, database_url: str
) -> None:
    own, other = ada.posted()["id"], ann.posted()["id"]
    second = create_app({"DATABASE_URL": database_url, "SECRET_KEY": SECRET_KEY, "PUBLIC_URL": "https://comments.test"})
    there = Page(second.test_client(), token=ada.token)
    assert there.post().status_code == 201
    heard: list[Event] = []
    events.hear(app, lambda _session, event: heard.append(event))
    done = judge(staff, "Ada", "ban", days=2, why="rude")
    try:
        for page in (ada, there):
            assert set(attempts(page, own, other).values()) == {(403, "person.banned")}
        answer = there.post()
        until = answer.json["error"]["until"]
        assert until > clock.rfc3339(clock.now())
        assert ada.delete(own).status_code == 200  # one's own words can always be taken back
        assert code(ada.restore(own)) == "person.banned"
        assert [(one.kind, one.user_id) for one in heard[:1]] == [("person.banned", staff.user_id("Ada"))]
        elsewhere = Page(ada.client, site="other", origin="https://other.test", url="https://other.test/")
        assert elsewhere.be_person("Ada").post().status_code == 201
        with clock.freeze(clock.now() + timedelta(days=2, seconds=1)):
            fresh = Page(second.test_client()).be_person("Ada")
            assert fresh.post().status_code == 201
        judge(staff, "Ada", "pardon")
        assert ada.post().status_code == there.post().status_code == 201
    finally:
        with second.app_context():
            db.session.remove()
            db.engine.dispose()
    with app.app_context():
        entry = db.session.get_one(LogEntry, done.entry)
        assert (entry.act, entry.why, entry.user_id) == ("person.ban", "rude", staff.user_id("Ada"))


def test_a_ban_from_the_server_ends_sessions(staff: Staff, ada: Page) -> None:
    with pytest.raises(Problem, match=r"role\.missing"):
        judge(staff, "Ada", "ban", name="Owner", site=None)
    judge(staff, "Ada", "ban", name="Administrator", site=None)
    assert code(ada.post()) == "session.invalid"
    with pytest.raises(Problem, match=r"user\.blocked"):
        Page(ada.client).be_person("Ada")
    judge(staff, "Ada", "pardon", name="Administrator", site=None)
    assert Page(ada.client).be_person("Ada").post().status_code == 201


def test_who_is_shadow_banned_does_not_notice(app: Flask, staff: Staff, ann: Page, ada: Page) -> None:
    root = ann.posted("root")["id"]
    judge(staff, "Ada", "shadow")
    heard: list[str] = []
    events.hear(app, lambda _session, event: heard.append(event.kind))
    before = ann.read().data
    mine = ada.posted("hidden")
    assert "state" not in mine
    assert heard == ["comment.created"]
    reply = ada.posted("below", mine["id"])
    edited = ada.edit(mine["id"], "hidden still")
    assert edited.status_code == 200
    assert "state" not in edited.json["comment"]
    assert ann.read().data == before
    own = ada.mine()
    assert {(one["id"], one.get("state")) for one in own["pending"]} == {(mine["id"], None), (reply["id"], None)}
    assert code(ann.post("answer", mine["id"])) == "comment.bad_parent"
    assert ada.delete(mine["id"]).status_code == 200
    assert "state" not in ada.restore(mine["id"]).json["comment"]
    assert states(ann) == {root: "published"}
    with app.app_context():
        version = edited.json["comment"]["edited"]
        assert decisions.decide(staff.moderator(), mine["id"], "approve", version=version).after == "published"
    assert set(states(ann)) == {root, mine["id"]}
    judge(staff, "Ada", "pardon")
    seen = ada.posted("seen")["id"]
    assert seen in states(ann)


def test_a_banned_person_cannot_slip_out_by_unlinking(app: Flask, staff: Staff, ada: Page) -> None:
    from widget.providers import Profile
    from widget.services import accounts, transaction

    other = Profile(provider="github", issuer="https://github.test", subject="1", name="Ada")
    with app.app_context():
        who = staff.user_id("Ada")
        transaction.write(lambda session: accounts.of_profile(session, other, joins=who))
    judge(staff, "Ada", "ban")
    with app.app_context():
        for own in identities.of_user(who, "en"):
            with pytest.raises(Problem, match=r"person\.banned"):
                identities.unlink(who, own.public_id)
    judge(staff, "Ada", "pardon")
    with app.app_context():
        identities.unlink(who, identities.of_user(who, "en")[0].public_id)


@pytest.mark.parametrize("act", list(people.ACTS))
def test_nobody_judges_their_equals(staff: Staff, ada: Page, act: str) -> None:
    assert ada.token
    for name, over in (
        ("Moderator", ("Second", "Owner", "Administrator", "Moderator")),
        ("Owner", ("Owner", "Administrator")),
        ("Administrator", ("Administrator",)),
    ):
        for person in over:
            with pytest.raises(Problem, match=r"person\.protected"):
                judge(staff, person, act, name=name)
    for name in ("Ada", "Elsewhere"):
        with pytest.raises(Problem, match=r"role\.missing"):
            judge(staff, "Ada", act, name=name)
    assert judge(staff, "Moderator", act, name="Owner").person


def test_undone_by_the_log(app: Flask, staff: Staff, ada: Page) -> None:
    judge(staff, "Ada", "shadow")
    first = judge(staff, "Ada", "ban").entry or 0
    assert judge(staff, "Ada", "ban").entry is None
    assert code(ada.post()) == "person.banned"
    with app.app_context():
        assert undoing.undo(staff.moderator(), first).count == 1
        with pytest.raises(Problem, match=r"log\.not_undoable"):
            undoing.undo(staff.moderator(), first)
    assert ada.post().status_code == 201
    with app.app_context():
        assert db.session.scalar(select(func.count()).where(Comment.shadow)) == 1
    server = judge(staff, "Ada", "ban", name="Administrator", site=None).entry or 0
    with app.app_context():
        with pytest.raises(Problem, match=r"role\.missing"):
            undoing.undo(staff.moderator("Owner"), server)
        assert undoing.undo(staff.moderator("Administrator"), server).count == 1
    assert Page(ada.client).be_person("Ada").post().status_code == 201


def test_a_time_that_has_passed(staff: Staff, app: Flask, ada: Page) -> None:
    with app.app_context(), pytest.raises(Problem, match=r"request\.bad_field"):
        people.judge(
            staff.moderator(), staff.public_id("Ada"), "ban", site_id=sites.by_key("blog").id, until=clock.now()
        )
    with app.app_context(), pytest.raises(Problem, match=r"user\.not_found"):
        people.judge(staff.moderator(), "0" * 20, "ban", site_id=sites.by_key("blog").id)
    assert ada.url == PAGE


def test_reports_of_the_shadow_banned_count_for_nobody_but_themselves(
    app: Flask, staff: Staff, page: Page, ann: Page
) -> None:
    made = ann.posted("A word")["id"]
    reporters = [Page(page.client).be_person(name) for name in ("Ada", "Bea", "Cleo")]
    judge(staff, "Ada", "shadow")
    heard: list[str] = []
    events.hear(app, lambda _session, event: heard.append(event.kind))
    for one in (reporters[0], reporters[0], *reporters[1:]):
        assert one.flag(made).status_code == 200
    assert reporters[0].mine()["flagged"] == [made]
    assert heard == ["comment.flagged"] * 2
    assert [comment["id"] for comment in ann.comments()] == [made]  # three would have sent it to the queue
    with app.app_context():
        assert db.session.scalars(select(Comment.flag_count).where(Comment.public_id == made)).one() == 2
    judge(staff, "Ada", "pardon")
    assert reporters[0].flag(made).status_code == 200
    assert heard == ["comment.flagged"] * 3 + ["comment.held"]
    assert ann.comments() == []


def test_reactions_of_the_shadow_banned_count_for_nobody_but_themselves(
    app: Flask, staff: Staff, page: Page, ann: Page
) -> None:
    made = ann.posted("A word")["id"]
    ada, bea = (Page(page.client).be_person(name) for name in ("Ada", "Bea"))
    judge(staff, "Ada", "shadow")
    before = page.read().data
    for _ in range(2):
        answer = ada.react(made)
        assert (answer.json["mine"], answer.json["reactions"]) == ("like", {"like": 1})
    assert ada.react_to_page().json["reactions"] == {"like": 1}
    assert page.read().data == before
    assert (ada.mine()["reactions"], ada.mine()["page"]) == ({made: "like"}, "like")
    assert bea.mine()["reactions"] == {}
    people_ = page.get(f"/comments/{made}/reactions", url=page.url).json["people"]
    assert people_ == []
    assert bea.react(made).json["reactions"] == {"like": 1}
    assert ada.react(made, method="DELETE").json == {**ada.react(made, method="DELETE").json, "mine": None}
    assert ada.mine()["reactions"] == {}
    ada.react(made)
    judge(staff, "Ada", "pardon")  # like everybody again: from the next press on it counts
    assert page.read().json["comments"][0]["reactions"] == {"like": 1}
    assert ada.react(made).json["reactions"] == {"like": 2}
    assert page.read().json["comments"][0]["reactions"] == {"like": 2}
    assert ada.react(made, method="DELETE").json["reactions"] == {"like": 1}
    assert ada.mine()["reactions"] == {}


def test_a_mark_from_before_a_shadow_ban_goes_on_as_it_was(staff: Staff, page: Page, ann: Page) -> None:
    made, ada = ann.posted("A word")["id"], Page(page.client).be_person("Ada")
    ada.react(made)
    judge(staff, "Ada", "shadow")
    assert page.read().json["comments"][0]["reactions"] == {"like": 1}
    assert ada.react(made, method="DELETE").json["reactions"] == {}
    assert "reactions" not in page.read().json["comments"][0]
