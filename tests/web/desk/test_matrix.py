"""E1: every address of the desk, asked by everybody. A new address without a row here fails."""

from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from tests.support.desk import Desk, person, refused
from tests.support.people import csrf
from tests.support.visitor import SERVER
from widget.core import ids
from widget.extensions import db
from widget.models import Comment, Thread
from widget.services import transaction
from widget.web.desk import room

Make = Callable[[], Desk]
# (method, rule below /admin) -> who may. "site": of the blog, which every address in these tests is about.
EVERYBODY, STAFF, MODERATOR, OWNER, ADMINISTRATOR = "everybody", "staff", "moderator", "owner", "administrator"
OWNERS = "owners"
MATRIX: dict[tuple[str, str], str] = {
    ("GET", "/"): STAFF,
    ("GET", "/signin"): EVERYBODY,
    ("POST", "/signin"): EVERYBODY,
    ("GET", "/setup"): EVERYBODY,
    ("POST", "/setup"): EVERYBODY,
    ("POST", "/leave"): STAFF,
    ("GET", "/figures"): STAFF,
    ("GET", "/figures/<file>.csv"): STAFF,
    ("GET", "/threads"): STAFF,
    ("GET", "/threads/<thread>"): MODERATOR,
    ("POST", "/threads/<thread>/open"): MODERATOR,
    ("POST", "/threads/<thread>/rename"): MODERATOR,
    ("POST", "/threads/<thread>/move"): MODERATOR,
    ("POST", "/threads/<thread>/name"): MODERATOR,
    ("POST", "/threads/<thread>/unname"): MODERATOR,
    ("POST", "/threads/<thread>/merge"): MODERATOR,
    ("POST", "/threads/<thread>/undo"): MODERATOR,
    ("GET", "/redirects/<site>"): MODERATOR,
    ("POST", "/redirects/<site>"): MODERATOR,
    ("POST", "/redirects/<site>/undo"): MODERATOR,
    ("GET", "/sites"): STAFF,
    ("GET", "/new-site"): ADMINISTRATOR,
    ("POST", "/new-site"): ADMINISTRATOR,
    ("GET", "/sites/<site>"): OWNER,
    ("POST", "/sites/<site>"): OWNER,
    ("GET", "/sites/<site>/preview"): OWNER,
    ("GET", "/sites/<site>/roles"): OWNER,
    ("POST", "/sites/<site>/roles"): OWNER,
    ("GET", "/sites/<site>/remove"): ADMINISTRATOR,
    ("POST", "/sites/<site>/remove"): ADMINISTRATOR,
    ("GET", "/hooks/<site>"): OWNER,
    ("POST", "/hooks/<site>"): OWNER,
    ("GET", "/hook/<hook>"): OWNER,
    ("POST", "/hook/<hook>"): OWNER,
    ("POST", "/hook/<hook>/test"): OWNER,
    ("POST", "/hook/<hook>/rotate"): OWNER,
    ("GET", "/hook/<hook>/remove"): OWNER,
    ("POST", "/hook/<hook>/remove"): OWNER,
    # Owners of any site; whose messages they see and may touch: tests/web/desk/test_deliveries.py.
    ("GET", "/deliveries"): OWNERS,
    ("POST", "/deliveries/again"): OWNERS,
    ("POST", "/deliveries/drop"): OWNERS,
    # What these are about is named in the form; tests/web/desk/test_queue.py has them for every other site's.
    ("GET", "/queue"): STAFF,
    ("POST", "/queue/decide"): STAFF,
    ("POST", "/queue/bulk"): STAFF,
    ("POST", "/queue/link"): STAFF,
    ("GET", "/people"): STAFF,
    ("POST", "/people/judge"): STAFF,
    ("POST", "/people/comments"): STAFF,
    ("GET", "/log"): STAFF,
    ("POST", "/log/undo"): STAFF,
}
ACTORS = ("nobody", "visitor", "moderator elsewhere", "owner elsewhere", "moderator", "owner", "administrator")
ALLOWED = {
    STAFF: set(ACTORS) - {"nobody", "visitor"},
    MODERATOR: {"moderator", "owner", "administrator"},
    OWNER: {"owner", "administrator"},
    OWNERS: {"owner elsewhere", "owner", "administrator"},
    ADMINISTRATOR: {"administrator"},
}
OUTSIDE = "desk.signed_out", "desk.no_role", "desk.not_yours"


@pytest.fixture
def actors(app: Flask, desk: Make) -> dict[str, Desk]:
    """Everybody's browser. The visitor's was at the desk until the role was taken."""
    person(app, "visitor", blog="moderator")
    person(app, "elsewhere", shop="moderator")
    person(app, "owns-elsewhere", shop="owner")
    person(app, "moderator", blog="moderator")
    person(app, "owner", blog="owner")
    person(app, "administrator", administrator=True)
    subjects = ("visitor", "elsewhere", "owns-elsewhere", "moderator", "owner", "administrator")
    found = {"nobody": desk()}
    for name, subject in zip(ACTORS[1:], subjects, strict=True):
        found[name] = desk().entered(subject)
    take_role(app, "visitor")
    return found


def take_role(app: Flask, subject: str) -> None:
    from widget.models import Identity, Role

    def work(session: Any) -> None:
        mine = select(Identity.user_id).where(Identity.subject == subject)
        session.delete(session.scalars(select(Role).where(Role.user_id.in_(mine))).one())

    with app.app_context():
        transaction.write(work)


def things(app: Flask) -> dict[str, str]:
    """What `<…>` in rules stands for: something of the blog."""
    from widget.services import sites, threads
    from widget.services.hooks import store

    def work(session: Any) -> tuple[str, str]:
        site = sites.by_key("blog")
        found = threads.ensure(session, site, threads.page_of(site, "https://blog.test/one"))
        wanted = store.Wanted(events=["comment.created"], address="https://127.0.0.1/")  # where none may go
        hook, _ = store.add(session, site.id, "json", wanted)
        return session.get_one(Thread, found).public_id, hook.public_id

    with app.app_context():
        thread, hook = transaction.write(work)
    return {"file": "figures", "site": "blog", "thread": thread, "hook": hook}


def rules(app: Flask) -> set[tuple[str, str]]:
    """Every address of the desk, as the application knows it."""
    return {
        (method, rule.rule.removeprefix("/admin"))
        for rule in app.url_map.iter_rules()
        if rule.rule.startswith("/admin")
        for method in rule.methods or ()
        if method not in {"HEAD", "OPTIONS"}
    }


def test_every_address_is_in_the_matrix_and_guarded(app: Flask) -> None:
    assert rules(app) == MATRIX.keys()
    assert rules(app) == {(row.method, row.rule) for row in room.ROWS.values()}
    open_to_all = {(row.method, row.rule) for row in room.ROWS.values() if row.need is None}
    assert open_to_all == {address for address, who in MATRIX.items() if who == EVERYBODY}


def test_an_address_without_a_row_is_closed(app: Flask, desk: Make) -> None:
    """A view that somebody ties to the desk past its guard."""
    app.add_url_rule("/admin/past", "desk.past", lambda: "in", methods=["GET"])
    person(app, "ada", administrator=True)
    ada = desk().entered("ada")
    assert ("GET", "/past") in rules(app) - MATRIX.keys()
    refused(ada.get("/past"), "not_found", 404)


@pytest.mark.parametrize("address", MATRIX, ids=" ".join)
def test_who_may(app: Flask, actors: dict[str, Desk], address: tuple[str, str]) -> None:
    method, rule = address
    who = MATRIX[address]
    if who == EVERYBODY:
        return
    path = rule
    for name, value in things(app).items():
        path = path.replace(f"<{name}>", value)
    assert "<" not in path, "say in things() what this stands for"
    came_in = {name for name, desk in actors.items() if comes_in(desk, method, path)}
    assert came_in == ALLOWED[who]


def comes_in(desk: Desk, method: str, path: str) -> bool:
    """Whether the person is let to what they ask for; an empty form may then be refused for what it lacks."""
    if method == "GET":
        answer = desk.get(path)
        led = answer.headers.get("Location", "").startswith(f"{SERVER}/admin/signin")
    else:
        # Logging out must not end the session that the next question needs: it is asked with its own word.
        answer = desk.send(path, room.FORMS.word(desk.cookie or ""))
        led = False
    refused = any(f'data-code="{code}"' in answer.text for code in OUTSIDE)
    assert answer.status_code < 500, answer.text
    return not (led or refused)


def test_the_word_of_forms_is_the_one_that_pages_show(app: Flask, desk: Make) -> None:
    """What `comes_in` makes for itself."""
    person(app, "ada", administrator=True)
    ada = desk().entered("ada")
    assert csrf(ada.get("/", follow_redirects=True)) == room.FORMS.word(ada.cookie or "")


def test_the_ids_in_the_matrix_are_real(app: Flask) -> None:
    with app.app_context():
        assert ids.is_public_id(things(app)["thread"])
        assert db.session.scalars(select(Thread)).one()
        assert db.session.scalars(select(Comment)).all() == []
