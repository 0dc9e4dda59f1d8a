"""Who may do what through the API: every address that writes or tells what is private, for everybody who may ask."""

from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select, update

from tests.support.api import PAGE, Page, add_site, code
from tests.support.rows import change
from widget.core import clock
from widget.extensions import db
from widget.models import Administrator, Session, User
from widget.services import roles, sites, transaction
from widget.services.moderation import people
from widget.services.moderation.moderators import Moderator

ACTORS = (
    *("anonymous", "guest", "person", "author", "banned", "ended"),
    *("moderator", "owner", "administrator", "moderator of another", "foreign origin", "bearer of another"),
)
NOBODY = {
    "anonymous": "session.missing",
    "ended": "session.invalid",
    "foreign origin": "origin.foreign",
    "bearer of another": "origin.foreign",
}
WRITER = NOBODY | {"banned": "person.banned"}
AUTHOR = NOBODY | dict.fromkeys(
    ("guest", "person", "moderator", "owner", "administrator", "moderator of another"), "comment.not_yours"
)
STAFF = NOBODY | dict.fromkeys(("guest", "person", "author", "banned", "moderator of another"), "role.missing")
ANYBODY: dict[str, str] = {}
Asked = tuple[str, Callable[[dict[str, Any]], tuple[str, Any]], dict[str, str]]

# address -> what is sent, and who is refused with which code; everybody else may.
MATRIX: dict[str, Asked] = {
    "POST /comments": (
        "POST",
        lambda it: ("/comments", {"site": "blog", "page": {"url": PAGE}, "text": it["text"]}),
        WRITER | {"bearer of another": "origin.foreign"},
    ),
    "PATCH /comments/<public_id>": (
        "PATCH",
        lambda it: (f"/comments/{it['comment']}", {"text": it["text"]}),
        AUTHOR | {"banned": "person.banned"},
    ),
    "DELETE /comments/<public_id>": (
        "DELETE",
        lambda it: (f"/comments/{it['comment']}", None),
        AUTHOR | {"banned": "comment.not_yours"},
    ),
    "POST /comments/<public_id>/restore": (
        "POST",
        lambda it: (f"/comments/{it['comment']}/restore", None),
        AUTHOR | {"banned": "person.banned"},
    ),
    "POST /comments/<public_id>/flags": (
        "POST",
        lambda it: (f"/comments/{it['comment']}/flags", {"reason": "spam"}),
        WRITER | {"author": "flag.own"},
    ),
    "PUT /comments/<public_id>/reactions/<kind>": (
        "PUT",
        lambda it: (f"/comments/{it['comment']}/reactions/like", None),
        WRITER | {"guest": "reaction.sign_in", "author": "reaction.sign_in"},
    ),
    "DELETE /comments/<public_id>/reactions/<kind>": (
        "DELETE",
        lambda it: (f"/comments/{it['comment']}/reactions/like", None),
        WRITER | {"guest": "reaction.sign_in", "author": "reaction.sign_in"},
    ),
    "PUT /threads/reactions/<kind>": (
        "PUT",
        lambda _: ("/threads/reactions/like", {"site": "blog", "page": {"url": PAGE}}),
        WRITER | {"guest": "reaction.sign_in", "author": "reaction.sign_in"},
    ),
    "DELETE /threads/reactions/<kind>": (
        "DELETE",
        lambda _: ("/threads/reactions/like", {"site": "blog", "page": {"url": PAGE}}),
        WRITER | {"guest": "reaction.sign_in", "author": "reaction.sign_in"},
    ),
    "PUT /comments/<public_id>/pin": ("PUT", lambda it: (f"/comments/{it['comment']}/pin", None), STAFF),
    "DELETE /comments/<public_id>/pin": ("DELETE", lambda it: (f"/comments/{it['comment']}/pin", None), STAFF),
    "POST /comments/<public_id>/moderation": (
        "POST",
        lambda it: (f"/comments/{it['comment']}/moderation", {"act": "spam"}),
        STAFF,
    ),
    "POST /people/<public_id>/moderation": (
        "POST",
        lambda it: (f"/people/{it['person']}/moderation", {"act": "trust"}),
        STAFF,
    ),
    "GET /me/comments": ("GET", lambda _: (f"/me/comments?site=blog&url={PAGE}", None), NOBODY),
    "GET /me/sessions": ("GET", lambda _: ("/me/sessions", None), NOBODY),
    "DELETE /me/sessions/<public_id>": (
        "DELETE",
        lambda it: (f"/me/sessions/{it['session']}", None),
        NOBODY | dict.fromkeys(set(ACTORS) - NOBODY.keys() - {"author"}, "session.not_found"),
    ),
    "GET /me/feeds": ("GET", lambda _: ("/me/feeds", None), NOBODY),
    "GET /me/subscriptions": ("GET", lambda _: ("/me/subscriptions", None), NOBODY),
    "POST /subscriptions": (  # this server sends none; tests/services/mail says who may where one does
        "POST",
        lambda _: ("/subscriptions", {"site": "blog", "kinds": ["replies"]}),
        NOBODY | dict.fromkeys(set(ACTORS) - NOBODY.keys(), "subscription.off"),
    ),
    "DELETE /me/subscriptions/<public_id>": (
        "DELETE",
        lambda it: (f"/me/subscriptions/{it['comment']}", None),
        NOBODY | dict.fromkeys(set(ACTORS) - NOBODY.keys(), "subscription.not_found"),
    ),
    "GET /session": ("GET", lambda _: ("/session", None), NOBODY),
    "DELETE /session": ("DELETE", lambda _: ("/session", None), NOBODY),
}
# What everybody may, who has an origin of the site; their own tests say what comes of them.
PUBLIC = {
    "POST /session",
    "POST /preview",
    "GET /comments/<public_id>/history",
    "GET /comments/<public_id>/reactions",
    "GET /counts",
    "GET /form",
    "GET /latest",
    "GET /live",
    "GET /openapi.json",
    "GET /site",
    "GET /threads",
    "GET /threads/people",
    "GET /threads/reactions",
}


def addresses(app: Flask) -> set[str]:
    """METHOD and rule of everything under /api/v1."""
    return {
        f"{method} {rule.rule.removeprefix('/api/v1')}"
        for rule in app.url_map.iter_rules()
        if rule.rule.startswith("/api/v1/")
        for method in (rule.methods or set()) - {"HEAD", "OPTIONS"}
    }


def test_every_address_has_its_row(app: Flask) -> None:
    assert addresses(app) == MATRIX.keys() | PUBLIC


@pytest.fixture
def it(app: Flask, page: Page) -> dict[str, Any]:
    """A comment of the guest "author", the person who wrote it, their session, and a page for each actor."""
    add_site(app, "other", ("https://other.test",))
    change(app, flags_to_hold=0)
    pages = {name: Page(page.client) for name in ("anonymous", "guest", "author")}
    for name in ("guest", "author"):
        pages[name].be_guest(name)
    for name in ("person", "banned", "ended", "moderator", "owner", "administrator", "moderator of another"):
        pages[name] = Page(page.client).be_person(name)
    pages["foreign origin"] = Page(page.client, token=pages["owner"].token, origin="https://other.test")
    pages["bearer of another"] = Page(page.client, site="other", origin="https://other.test").be_person("owner")
    pages["bearer of another"].origin = "https://blog.test"
    made = pages["author"].posted("text")
    with app.app_context():
        ids = {row.name: row.id for row in db.session.execute(select(User.name, User.id).where(User.name != "guest"))}
        blog, other = sites.by_key("blog"), sites.by_key("other")

        def work(session: Any) -> None:
            roles.give(session, blog, ids["moderator"], "moderator")
            roles.give(session, blog, ids["owner"], "owner")
            roles.give(session, other, ids["moderator of another"], "owner")
            session.add(Administrator(user_id=ids["administrator"]))
            ended = update(Session).where(Session.user_id == ids["ended"])
            session.execute(ended.values(expires_at=clock.now()))

        transaction.write(work)
        banned = db.session.scalars(select(User.public_id).where(User.id == ids["banned"])).one()
        people.judge(Moderator(ids["owner"]), banned, "ban", site_id=blog.id)
        session = db.session.scalars(select(Session.public_id).where(Session.user_id == ids["author"])).one()
    return {
        "pages": pages,
        "comment": made["id"],
        "person": made["author"]["id"],
        "session": session,
        "text": "another",
    }


@pytest.mark.parametrize("address", MATRIX)
def test_who_may(it: dict[str, Any], address: str) -> None:
    method, asked, refusals = MATRIX[address]
    path, body = asked(it)
    found = {}
    for name in sorted(ACTORS, key=lambda one: one not in refusals):  # those first who change nothing
        answer = it["pages"][name].send(method, path, body)
        found[name] = None if answer.status_code < 300 else code(answer)
    assert found == {name: refusals.get(name) for name in ACTORS}
