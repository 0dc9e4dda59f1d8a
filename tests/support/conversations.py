"""What is done to conversations as a whole, as the desk does it, on two pages of one site."""

from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from tests.support.api import BLOG, Page
from widget.core.errors import Problem
from widget.extensions import db
from widget.models import ThreadChange
from widget.services import sites, transaction
from widget.services.conversations import changes, finding, merging
from widget.services.conversations.editing import Hand

ONE, TWO = f"{BLOG}/one", f"{BLOG}/two"


def reader(app: Flask, url: str, name: str = "Ann") -> Page:
    """Somebody signed in on the page."""
    return Page(app.test_client(), url=url).be_person(name)


def do(app: Flask, work: Any) -> Any:
    """Run it in a transaction, as user 1."""
    with app.app_context():
        return transaction.write(lambda session: work(session, sites.by_key("blog")))


def thread_of(app: Flask, url: str) -> Any:
    """The conversation of the page, as the desk finds it."""
    with app.app_context():
        return finding.named(sites.by_key("blog").id, url)


def merge(app: Flask, one: str = ONE, two: str = TWO) -> None:
    """One goes into two."""
    first, second = thread_of(app, one), thread_of(app, two)
    do(app, lambda session, site: merging.merge(session, site, first.row, second.row, by=1))


def hand(app: Flask, url: str = ONE) -> Any:
    """What editing needs, once it is given the site."""
    row = thread_of(app, url).row
    return lambda site: Hand(site, row, 1)


def undo(app: Flask) -> None:
    """The last change."""
    with app.app_context():
        last = db.session.scalars(select(ThreadChange.public_id).order_by(ThreadChange.id.desc()).limit(1)).one()
    do(app, lambda session, site: changes.undo(session, last, by=1, site_id=site.id))


def refused(app: Flask, work: Any) -> str:
    """The code of the Problem with which the work is refused."""
    with pytest.raises(Problem) as problem:
        do(app, work)
    return problem.value.code
