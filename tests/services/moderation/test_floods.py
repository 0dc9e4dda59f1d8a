"""A flood that was seen late: what was shown of it goes to the queue, once; what people approved or answered stays."""

from datetime import timedelta

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from tests.services.moderation.conftest import Staff
from tests.support.api import Page, add_site
from widget.core import clock, verdicts
from widget.extensions import db
from widget.models import Comment, LogEntry
from widget.services import events, sites, transaction
from widget.services.moderation import decisions, floods, log, people, undoing

FLOOD = 2
ALL = floods.TIMES * FLOOD


def flooded(app: Flask, page: Page, number: int = ALL + 1, *, first: int = 0) -> list[str]:
    """So many comments, each by somebody new; their ids."""
    with app.app_context():
        transaction.write(lambda session: sites.change(session, "blog", settings={"flood": FLOOD}))
    return [newcomer(page, f"New {first + at}").posted(f"comment {first + at}")["id"] for at in range(number)]


def newcomer(page: Page, name: str) -> Page:
    """Somebody with a new account."""
    return Page(page.client).be_person(name)


def stored(app: Flask) -> dict[str, tuple[str, list[str]]]:
    """State and reasons of every comment."""
    with app.app_context():
        rows = db.session.scalars(select(Comment)).all()
        return {row.public_id: (row.state, [one.code for one in verdicts.read(row.judged).verdicts]) for row in rows}


def test_the_first_of_a_flood_go_to_the_queue_and_back_by_the_log(app: Flask, page: Page, staff: Staff) -> None:
    heard: list[tuple[str, str | None, int | None]] = []
    events.hear(app, lambda _session, event: heard.append((event.kind, event.before, event.actor_id)))
    theirs = flooded(app, page, ALL)
    assert [stored(app)[one] for one in theirs[: FLOOD + 1]] == [
        ("published", []),
        ("published", []),
        ("pending", ["flood.people"]),
    ]
    heard.clear()
    theirs += flooded(app, page, 1, first=ALL)
    assert [stored(app)[one] for one in theirs[:FLOOD]] == [("pending", [floods.CODE])] * FLOOD
    assert heard.count(("comment.held", "published", None)) == FLOOD
    assert page.comments() == []
    assert page.read().json["thread"]["count"] == 0
    with app.app_context():
        entries = db.session.scalars(select(LogEntry).order_by(LogEntry.id)).all()
        assert [(one.act, one.actor_id, one.why) for one in entries] == [("comment.hold", None, floods.CODE)] * FLOOD
        assert len({one.batch for one in entries}) == 1
        assert log.verify(db.session()) is None
        assert undoing.undo(staff.moderator(), entries[0].id).count == FLOOD
    assert [stored(app)[one][0] for one in theirs[:FLOOD]] == ["published"] * FLOOD
    flooded(app, page, 2, first=ALL + 1)  # it goes on, and what was taken back stays
    assert [stored(app)[one][0] for one in theirs[:FLOOD]] == ["published"] * FLOOD


def test_who_is_no_part_of_a_flood(app: Flask, page: Page, staff: Staff) -> None:
    with clock.freeze(clock.now() - timedelta(days=3)):
        Page(page.client).be_person("Old")
        before = newcomer(page, "Before").posted("from before")["id"]
    with clock.freeze(clock.now() - timedelta(hours=2)):
        earlier = newcomer(page, "Earlier")
        earlier.posted("two hours ago")
    trusted = newcomer(page, "Trusted")
    with app.app_context():
        site = sites.by_key("blog").id
        people.judge(staff.moderator("Owner"), staff.public_id("Trusted"), "trust", site_id=site)
    by_old = Page(page.client)
    by_old.be_person("Old")
    old_one = by_old.posted("an old hand's")["id"]
    known = earlier.posted("again")["id"]
    kept = trusted.posted("trusted")["id"]
    boss = staff.pages["Moderator"].posted("mine")["id"]
    answered, lonely, approved = (newcomer(page, f"N{at}").posted(f"first {at}")["id"] for at in range(3))
    by_old.posted("an answer", answered)
    newcomer(page, "Helper").posted("an answer of somebody new", lonely)
    with app.app_context():
        row = db.session.scalars(select(Comment).where(Comment.public_id == approved)).one()
        decisions.decide(staff.moderator(), approved, "approve", version=decisions.version_of(row))
    flooded(app, page)
    now = {one: state for one, (state, _) in stored(app).items()}
    for one in (before, old_one, known, kept, boss, answered, approved):
        assert now[one] == "published", one
    assert now[lonely] == "pending"


def test_a_site_that_holds_no_floods(app: Flask, client: FlaskClient) -> None:
    add_site(app, flood=0)
    page = Page(client)
    for at in range(6):
        newcomer(page, f"New {at}").posted(f"comment {at}")
    assert {state for state, _ in stored(app).values()} == {"published"}
    with app.app_context():
        site = sites.by_key("blog")
        assert floods.look_back(site, 1_000, window=timedelta(hours=1), new=timedelta(days=1)) == 0
