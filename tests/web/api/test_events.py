"""Events are told in the transaction of their cause: they are kept with it, and gone with it."""

from flask import Flask
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from tests.support.api import Page, code
from widget.core.events import KINDS, Event
from widget.extensions import db
from widget.models import Comment, User
from widget.services import events


def test_a_comment_is_told_of_from_beginning_to_end(app: Flask, ann: Page, bob: Page) -> None:
    heard: list[tuple[str, str, str, str]] = []

    def listen(session: Session, event: Event) -> None:
        comment = session.get_one(Comment, event.comment_id, populate_existing=True)
        author = session.get_one(User, event.user_id)
        actor = session.get_one(User, event.actor_id)
        heard.append((event.kind, author.name, actor.name, comment.state))

    events.hear(app, listen)
    made = ann.posted()["id"]
    ann.edit(made, "Hello again")
    bob.flag(made)
    ann.delete(made)
    ann.restore(made)
    assert heard == [
        ("comment.created", "Ann", "Ann", "published"),
        ("comment.published", "Ann", "Ann", "published"),
        ("comment.edited", "Ann", "Ann", "published"),
        ("comment.flagged", "Ann", "Bob", "published"),
        ("comment.deleted", "Ann", "Ann", "deleted"),
        ("comment.published", "Ann", "Ann", "published"),
    ]
    assert {kind for kind, *_ in heard} <= set(KINDS)


def test_what_changes_nothing_is_not_told(app: Flask, ann: Page, bob: Page) -> None:
    made = ann.posted("Hello")["id"]
    bob.flag(made, "spam")
    heard: list[str] = []
    events.hear(app, lambda _session, event: heard.append(event.kind))
    ann.edit(made, "Hello")
    ann.restore(made)
    bob.flag(made, "abuse")
    assert heard == []


def test_a_listener_that_fails_undoes_the_cause(app: Flask, ann: Page) -> None:
    def refuse(_session: Session, _event: Event) -> None:
        raise RuntimeError("no room")

    events.hear(app, refuse)
    assert code(ann.post()) == "server.error"
    with app.app_context():
        assert db.session.scalar(select(func.count()).select_from(Comment)) == 0
