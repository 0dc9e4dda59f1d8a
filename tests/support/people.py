"""People who signed in on a site, and their account pages: what tests of accounts begin with."""

import re
from dataclasses import dataclass
from typing import Any

from flask import Flask
from sqlalchemy import func, select
from werkzeug.test import TestResponse

from tests.support.api import Page as Reader
from tests.support.oidc import DemoId
from tests.support.visitor import SERVER, Page, Visitor, data, handle
from widget import words
from widget.extensions import db
from widget.models import Identity, User

HOME = "/account?lang=en"


@dataclass
class Person:
    """A browser, and the page in it on which somebody is signed in."""

    visitor: Visitor
    page: Reader
    user: dict[str, Any]
    demo: DemoId

    @property
    def me(self) -> str | None:
        """The cookie of the account page."""
        found = self.visitor.http.get_cookie("__Host-cw_me", domain="comments.test")
        return found.value if found else None

    def account(self) -> TestResponse:
        """The account page as it is for this browser."""
        return self.visitor.get(HOME)

    def press(self, action: str, *, on: str = HOME, **form: str) -> TestResponse:
        """Look at the page `on` and send one of its forms, as a browser would."""
        return send(self.visitor, action, csrf(self.visitor.get(on)), **form)

    def enter(self, subject: str) -> TestResponse:
        """Sign in to the account page as `subject` of the provider; where it leads."""
        to_provider = self.press("/signin", provider="oidc")
        assert to_provider.status_code == 303, to_provider.text
        return self.visitor.get(self.demo.sign_in(to_provider.headers["Location"], subject))

    def entered(self, subject: str) -> "Person":
        """The same, with the account page open now."""
        answer = self.enter(subject)
        assert (answer.status_code, answer.headers.get("Location")) == (303, f"{SERVER}{HOME}"), answer.text
        assert self.me
        return self

    def propose(self, subject: str) -> TestResponse:
        """As far as the question whether to link that account."""
        to_provider = self.press("/link", on="/account/link?lang=en", provider="oidc")
        assert to_provider.status_code == 303, to_provider.text
        answer = self.visitor.get(self.demo.sign_in(to_provider.headers["Location"], subject))
        return self.visitor.get(answer.headers["Location"]) if answer.status_code == 303 else answer

    def link(self, subject: str) -> None:
        """The whole way."""
        asked = self.propose(subject)
        done = send(self.visitor, "/confirm", csrf(asked), h=handle(asked), choice="yes")
        assert done.status_code == 303, done.text


def send(visitor: Visitor, action: str, word: str | None, *, origin: str | None = SERVER, **form: str) -> TestResponse:
    """A form of the account page, sent from a page of `origin`."""
    headers = {"Origin": origin} if origin else {}
    given = form if word is None else {"csrf": word, **form}
    return visitor.post(f"/account{action}?lang=en", given, headers=headers)


def csrf(page: TestResponse) -> str:
    """The word that all forms of a page carry."""
    found = set(re.findall(r'name="csrf" value="([^"]+)"', page.text))
    assert len(found) == 1, page.text
    return str(found.pop())


def arrive(visitor: Visitor, answer: TestResponse) -> TestResponse:
    """Through the question where there is one, with yes."""
    if answer.status_code == 303:
        asked = visitor.get(answer.headers["Location"])
        answer = visitor.post("/auth/consent", {"h": handle(asked), "choice": "yes"})
    assert answer.status_code == 200, answer.text
    return answer


def sign_in(app: Flask, demo: DemoId, subject: str, visitor: Visitor | None = None, page: Page | None = None) -> Person:
    """Somebody who is signed in on the page of a site."""
    visitor, page = visitor or Visitor(app), page or Page()
    done = arrive(visitor, visitor.get(demo.sign_in(visitor.begin(page), subject)))
    opened = visitor.redeem(page, data(done)["code"])
    assert opened.status_code == 201, opened.text
    reader = Reader(app.test_client(), site=page.site, origin=page.origin, token=opened.json["token"])
    return Person(visitor, reader, opened.json["user"], demo)


def state(app: Flask) -> dict[str, Any]:
    """Who is whom."""
    with app.app_context():
        owners = db.session.execute(select(Identity.subject, Identity.user_id).order_by(Identity.id)).all()
        return {"owners": [tuple(row) for row in owners], "users": db.session.scalar(select(func.count(User.id)))}


def refused(answer: TestResponse, code: str, status: int) -> None:
    """It ended on the error page of this code, which leads back to the account page."""
    assert answer.status_code == status, answer.text
    assert data(answer) == {"code": code}, answer.text
    assert f"<title>{words.words('en')[f'error.{code}.title']}</title>" in answer.text
    assert f'href="{SERVER}{HOME}"' in answer.text
    assert "Location" not in answer.headers
