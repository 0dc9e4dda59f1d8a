"""What tests of sign-ins at named servers ask again and again."""

from typing import Any

from flask import Flask
from sqlalchemy import select
from werkzeug.test import TestResponse

from tests.support.visitor import Page, Visitor, data
from widget.extensions import db
from widget.models import Identity


def arrive(visitor: Visitor, back: str, page: Page) -> dict[str, Any]:
    """Bring the server's answer back and redeem the ticket: the user."""
    answer = visitor.get(back)
    assert answer.status_code == 200, answer.text
    opened = visitor.redeem(page, data(answer)["code"])
    assert opened.status_code == 201, opened.text
    user: dict[str, Any] = opened.get_json()["user"]
    return user


def stopped(answer: TestResponse, code: str) -> None:
    """The sign-in ended on the error page, and nobody is signed in."""
    assert answer.status_code in {400, 403, 502, 503}, answer.text
    assert "Location" not in answer.headers
    assert data(answer)["code"] == code


def identities(app: Flask) -> list[Identity]:
    """Everybody who ever signed in, in order."""
    with app.app_context():
        found = list(db.session.scalars(select(Identity).order_by(Identity.id)))
        db.session.expunge_all()
        return found
