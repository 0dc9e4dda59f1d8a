"""What moderators do with comments of a running system: in its database, through the services that they will call."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests.support.live import Live
from widget import create_app
from widget.extensions import db
from widget.models import Comment
from widget.services import branches, transaction


def let_through(session: Session, comment: Comment) -> None:
    """Publish what has waited, or show again what was taken away."""
    branches.put_back(session, comment, "published")


def take_away(session: Session, comment: Comment) -> None:
    """Take a comment from its readers."""
    branches.take_out(session, comment)


def hold_back(session: Session, comment: Comment) -> None:
    """As if a check had kept it from the beginning: no reader has seen it."""
    branches.take_out(session, comment, "pending")
    comment.changed = comment.appeared = 0


def decide(app: Flask, decision: Callable[[Session, Comment], None], *public_ids: str) -> None:
    """Decide about comments, one after the other."""
    with app.app_context():
        for public_id in public_ids:
            query = select(Comment).where(Comment.public_id == public_id)
            transaction.write(lambda session, query=query: decision(session, session.scalars(query).one()))


@contextmanager
def desk(live: Live) -> Iterator[Flask]:
    """An application on the database of a running system, for `decide`."""
    app = create_app({name.removeprefix("WIDGET_"): value for name, value in live.env.items() if "CONFIG" not in name})
    yield app
    with app.app_context():
        db.session.remove()
        db.engine.dispose()
