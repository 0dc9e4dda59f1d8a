"""Links of mails, and what is to be seen of what they do."""

from collections.abc import Callable

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select, update
from werkzeug.test import TestResponse

from tests.services.mail.people import HERE
from tests.support.postbox import Postbox, text_of
from tests.support.rows import hold
from widget.extensions import db
from widget.models import Comment, LogEntry, Subscription
from widget.services import transaction

ACTS = ("Approve", "Delete", "Spam", "Reply")
AFTER = {"Approve": "published", "Delete": "deleted", "Spam": "spam"}


def links(box: Postbox) -> dict[str, str]:
    """The paths of what the last mail to an owner lets them do, by the act."""
    lines = text_of(box.mails[-1]).splitlines()
    found = {line.rstrip(":"): lines[at + 1].strip() for at, line in enumerate(lines) if line.rstrip(":") in ACTS}
    return {name: url.removeprefix(HERE) for name, url in found.items()}


def state(app: Flask, public_id: str) -> str:
    """The comment's."""
    with app.app_context():
        return str(db.session.scalar(select(Comment.state).where(Comment.public_id == public_id)))


def trace(app: Flask) -> tuple[object, ...]:
    """Everything that a link of a mail could have changed."""
    with app.app_context():
        rows = select(Subscription.public_id, Subscription.how, Subscription.confirmed_at).order_by(Subscription.id)
        comments = select(Comment.public_id, Comment.state, Comment.raw).order_by(Comment.id)
        acts = db.session.scalar(select(func.count()).select_from(LogEntry))
        return (*map(tuple, db.session.execute(rows)), *map(tuple, db.session.execute(comments)), acts)


def start_over(app: Flask, public_id: str) -> None:
    """The comment waits again, and what was asked for is neither confirmed nor stopped."""
    hold(app, public_id=public_id, state="pending", visible=False)
    asked = update(Subscription).where(Subscription.kind == "replies").values(how="instantly", confirmed_at=None)
    with app.app_context():
        transaction.write(lambda session: session.execute(asked))


Look = Callable[[FlaskClient, str, str], TestResponse]


def _look(method: str, **headers: str) -> Look:
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return lambda client, path, agent: client.open(path, method=method, headers={"User-Agent": agent, **named})


LOOKS: dict[str, Look] = {
    "GET": _look("GET"),
    "HEAD": _look("HEAD"),
    "OPTIONS": _look("OPTIONS"),
    "prefetch": _look("GET", Sec_Purpose="prefetch", Purpose="prefetch"),
    "prerender": _look("GET", Sec_Purpose="prefetch;prerender"),
    "as a picture": _look("GET", Accept="image/avif,image/webp,*/*", Sec_Fetch_Dest="image"),
    "a part": _look("GET", Range="bytes=0-99"),
    "from a cache": _look("GET", If_None_Match="*", Cache_Control="max-age=0"),
    "with a query": lambda client, path, agent: client.get(
        f"{path}?do=approve&List-Unsubscribe=One-Click", headers={"User-Agent": agent}
    ),
    "another method": lambda client, path, agent: client.open(
        path, method="GET", headers={"User-Agent": agent, "X-HTTP-Method-Override": "POST"}
    ),
}
