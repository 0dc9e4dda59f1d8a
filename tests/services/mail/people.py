"""Who is who in the tests of mail."""

from typing import Any

from flask import Flask
from sqlalchemy import select

from tests.support.api import Page
from tests.support.hand import Hand
from tests.support.postbox import Postbox, link_of
from widget.extensions import db
from widget.models import Identity
from widget.services import roles, sites, transaction

HERE = "https://comments.test"


def browser(page: Page, name: str, **details: Any) -> Page:
    """Another visitor."""
    return Page(page.client).be_guest(name, **details)


def ask(who: Page, *kinds: str, **more: Any) -> Any:
    """POST /subscriptions that must succeed."""
    answer = who.send("POST", "/subscriptions", {"site": "blog", "kinds": list(kinds), **more})
    assert answer.status_code == 200, answer.text
    return answer.json


def confirmed(who: Page, box: Postbox, hand: Hand, *kinds: str, **more: Any) -> None:
    """Ask, and say yes in the mail that comes; the box is empty again."""
    assert ask(who, *kinds, **more)["confirm"]
    hand.work()
    link = link_of(box.mails[-1], "/mail/confirm/")
    assert who.client.post(link.removeprefix(HERE)).status_code == 200
    box.raw.clear()
    box.to.clear()


def owner(app: Flask, page: Page, name: str = "Olga", role: str = "owner") -> Page:
    """Somebody who looks after the site, with an address that their provider vouches for."""
    email = f"{name.lower()}@example.org"
    who = Page(page.client).be_person(name, email=email, email_verified=True)
    with app.app_context():

        def work(session: Any) -> None:
            user_id = session.scalar(select(Identity.user_id).where(Identity.subject == name.lower()))
            roles.give(session, sites.by_key("blog"), user_id, role)

        transaction.write(work)
        db.session.remove()
    return who


def settle(app: Flask, **settings: Any) -> None:
    """Change settings of the site."""
    with app.app_context():
        transaction.write(lambda session: sites.change(session, "blog", settings=settings))
