"""/admin/deliveries: each owner sees what is of their site, and tries again or drops what was given up there."""

import html
from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select, update

from tests.support.desk import Desk, person, refused
from widget.core import clock
from widget.extensions import db
from widget.models import HookTry, Outbox, Subscription
from widget.services import outbox, sites, transaction
from widget.services.hooks import store
from widget.services.mail import links
from widget.web.desk import speech

Make = Callable[[], Desk]
EN = speech.words("en")
PEOPLE = {"olga": ("blog", "owner"), "shay": ("shop", "owner"), "mo": ("blog", "moderator")}


def row(session: Any, site: int | None, channel: str, state: str, answer: str, person: str | None = None) -> str:
    """A message that was settled so; its id."""
    made = outbox.put(
        session,
        key=f"test:{answer}",
        channel=channel,
        kind="owner" if channel == "mail" else "comment.held",
        payload={},
        site_id=site,
        person=person,
        destination="https://hooks.example",
    )
    values = {"state": state, "answer": answer, "attempts": 3, "done_at": clock.now()}
    session.execute(update(Outbox).where(Outbox.id == made).values(**values))
    found: str = session.get_one(Outbox, made).public_id
    return found


@pytest.fixture
def messages(app: Flask) -> dict[str, str]:
    """Messages of two sites and of none, by what was answered to them."""
    with app.app_context():
        blog, shop = sites.by_key("blog").id, sites.by_key("shop").id
        digest = links.person("reader@example.org")

        def work(session: Any) -> dict[str, str]:
            address = {"email": "reader@example.org", "person": digest, "lang": "en", "how": "instantly"}
            session.add(Subscription(site_id=blog, kind="thread", key="thread:1", **address))
            hook, _ = store.add(
                session, blog, "slack", store.Wanted(events=["comment.held"], address="https://hooks.example/")
            )
            about = {"message": "msg_x", "event": "comment.held", "milliseconds": 7}
            session.add(HookTry(hook_id=hook.id, status=404, answer="no_service of the blog", **about))
            return {
                "parked mail of the blog": row(session, blog, "mail", "parked", "parked mail of the blog", digest),
                "parked hook of the blog": row(session, blog, "hook", "parked", "parked hook of the blog"),
                "sent mail of the blog": row(session, blog, "mail", "sent", "sent mail of the blog", digest),
                "parked mail of the shop": row(session, shop, "mail", "parked", "parked mail of the shop"),
                "sent mail of the shop": row(session, shop, "mail", "sent", "sent mail of the shop"),
                "parked hook of the server": row(session, None, "hook", "parked", "parked hook of the server"),
            }

        return transaction.write(work)


def seen(desk: Desk, messages: dict[str, str], path: str = "/deliveries") -> set[str]:
    """Which of the messages a page shows."""
    page = desk.get(path)
    assert page.status_code == 200
    return {answer for answer in messages if answer in page.text}


@pytest.fixture
def browsers(app: Flask, desk: Make) -> dict[str, Desk]:
    """Everybody at the desk."""
    for subject, (site, role) in PEOPLE.items():
        person(app, subject, **{site: role})
    person(app, "ada", administrator=True)
    return {subject: desk().entered(subject) for subject in (*PEOPLE, "ada")}


def test_whose_is_whose(app: Flask, browsers: dict[str, Desk], messages: dict[str, str]) -> None:
    of_blog = {one for one in messages if one.endswith("blog")}
    of_shop = {one for one in messages if one.endswith("shop")}
    assert seen(browsers["olga"], messages) == of_blog
    assert seen(browsers["shay"], messages) == of_shop
    assert seen(browsers["ada"], messages) == set(messages)
    assert seen(browsers["ada"], messages, "/deliveries?site=blog") == of_blog
    refused(browsers["mo"].get("/deliveries"), "desk.not_yours", 403)
    refused(browsers["shay"].get("/deliveries?site=blog"), "desk.not_yours", 403)
    assert "/admin/deliveries" not in browsers["mo"].get("/queue").text
    page = browsers["olga"].get("/deliveries").text
    assert "reader@example.org" in page
    assert "404, not taken" in page
    assert "no_service of the blog" in page
    assert EN["mail.kind.owner"] in html.unescape(page)
    assert "no_service" not in browsers["shay"].get("/deliveries").text
    # What may be done is asked for each message, whatever the page showed.
    for act in ("again", "drop"):
        for who, what in (("shay", "parked mail of the blog"), ("olga", "parked hook of the server")):
            answer = browsers[who].press(f"/deliveries/{act}", on="/deliveries", message=messages[what])
            refused(answer, "delivery.not_found", 404)
        for wrong in ("", "x" * 20, messages["sent mail of the blog"]):
            answer = browsers["olga"].press(f"/deliveries/{act}", on="/deliveries", message=wrong)
            refused(answer, "delivery.not_found", 404)
        refused(
            browsers["mo"].press(f"/deliveries/{act}", on="/queue", message=messages["parked mail of the blog"]),
            "desk.not_yours",
            403,
        )
    olga = browsers["olga"]
    again = olga.press("/deliveries/again", on="/deliveries", message=messages["parked mail of the blog"], site="blog")
    assert again.headers["Location"].endswith("/admin/deliveries?site=blog&done=again")
    olga.press("/deliveries/drop", on="/deliveries", message=messages["parked hook of the blog"])
    browsers["ada"].press("/deliveries/again", on="/deliveries", message=messages["parked hook of the server"])
    with app.app_context():
        rows = {one.answer: (one.state, one.attempts) for one in db.session.scalars(select(Outbox))}
    assert rows["parked mail of the blog"] == ("waiting", 0)
    assert rows["parked hook of the blog"][0] == "dropped"
    assert rows["parked hook of the server"] == ("waiting", 0)
    assert rows["parked mail of the shop"][0] == "parked"


def test_hostile_answers_are_text(app: Flask, browsers: dict[str, Desk], messages: dict[str, str]) -> None:
    hostile = "<script>alert(1)</script><img src=x onerror=alert(1)>"
    with app.app_context():
        transaction.write(lambda session: session.execute(update(Outbox).values(answer=hostile)))
        transaction.write(lambda session: session.execute(update(HookTry).values(answer=hostile, event=hostile[:32])))
    page = browsers["olga"].get("/deliveries").text
    assert "<script>alert" not in page
    assert "<img" not in page
    assert "&lt;script&gt;alert(1)" in page
