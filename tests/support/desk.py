"""People at the desk: browsers that come in through the provider, look at pages and send their forms."""

import html
import re
from dataclasses import dataclass, field
from typing import Any

from flask import Flask
from sqlalchemy import select
from werkzeug.test import TestResponse

from tests.support.oidc import DemoId
from tests.support.people import csrf
from tests.support.visitor import SERVER, Visitor, data
from widget.extensions import db
from widget.models import Identity
from widget.services import roles, sites, staff, transaction


@dataclass
class Desk:
    """One person's browser at the desk of `app`."""

    app: Flask
    demo: DemoId
    visitor: Visitor = field(init=False)

    def __post_init__(self) -> None:
        """A browser without a cookie."""
        self.visitor = Visitor(self.app)

    @property
    def cookie(self) -> str | None:
        """The cookie of the desk."""
        found = self.visitor.http.get_cookie("__Host-cw_desk", domain="comments.test")
        return found.value if found else None

    def get(self, path: str, **kwargs: Any) -> TestResponse:
        """A page of the desk."""
        return self.visitor.get(f"/admin{path}", **kwargs)

    def send(self, path: str, word: str | None, *, origin: str | None = SERVER, **form: Any) -> TestResponse:
        """A form of a page of `origin`."""
        given = form if word is None else {"csrf": word, **form}
        return self.visitor.post(f"/admin{path}", given, headers={"Origin": origin} if origin else {})

    def press(self, path: str, *, on: str, **form: Any) -> TestResponse:
        """Look at the page `on`, and send its form to `path`."""
        return self.send(path, csrf(self.get(on)), **form)

    def sign_in(self, subject: str, *, back: str = "", setup: str = "") -> TestResponse:
        """Go through the provider as `subject`; where it leads."""
        begun = self.press("/signin", on="/signin", provider="oidc", back=back, **({"setup": setup} if setup else {}))
        if begun.status_code != 303:
            return begun
        return self.visitor.get(self.demo.sign_in(begun.headers["Location"], subject))

    def entered(self, subject: str, **how: str) -> "Desk":
        """The same, inside now."""
        answer = self.sign_in(subject, **how)
        assert answer.status_code == 200, answer.text
        assert self.cookie
        return self


def person(app: Flask, subject: str, *, administrator: bool = False, **on: str) -> int:
    """Somebody who signed in on this server once, with a role on the sites of `on` (key="moderator")."""
    issuer = app.config["OIDC_ISSUER"]

    def work(session: Any) -> int:
        from widget.providers import Profile
        from widget.services import accounts

        profile = Profile(provider="oidc", issuer=issuer, subject=subject, name=subject.title())
        user_id = accounts.of_profile(session, profile)[0]
        if administrator:
            staff.make_administrator(session, user_id, on=True)
        for key, role in on.items():
            roles.give(session, sites.by_key(key), user_id, role)
        return user_id

    with app.app_context():
        return transaction.write(work)


def target(answer: TestResponse) -> str:
    """Where a page leads on to by itself."""
    found = re.search(r'http-equiv="refresh" content="0;url=([^"]+)"', answer.text)
    assert found, answer.text
    return html.unescape(found[1])


def refused(answer: TestResponse, code: str, status: int) -> None:
    """It ended on the desk's page of this code."""
    assert answer.status_code == status, answer.text
    assert data(answer) == {"code": code}, answer.text


def known(app: Flask) -> list[str]:
    """The subjects of everybody who is known here."""
    with app.app_context():
        return list(db.session.scalars(select(Identity.subject).order_by(Identity.subject)))
