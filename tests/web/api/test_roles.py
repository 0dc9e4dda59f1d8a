"""Owners and moderators: their badge, the pin, and names that guests may not take."""

from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from tests.support.api import Page, add_site, code, key
from tests.web.api.test_threads import rows
from widget.extensions import db
from widget.models import User
from widget.providers import Profile
from widget.services import accounts, roles, sites, transaction

Give = Callable[..., None]


@pytest.fixture
def give(app: Flask) -> Give:
    """Give somebody, by name, a role on a site."""

    def run(name: str, role: str | None, site: str = "blog") -> None:
        with app.app_context():
            who = db.session.scalars(select(User.id).where(User.name == name).order_by(User.id)).first()
            where = sites.by_key(site)
            transaction.write(lambda session: roles.give(session, where, who, role))

    return run


@pytest.fixture
def ada(page: Page) -> Page:
    """Somebody signed in with an account."""
    return Page(page.client).be_person("Ada")


def role_of(page: Page) -> Any:
    """What GET /session says."""
    answer = page.client.get("/api/v1/session", headers=page.headers())
    assert answer.status_code == 200, answer.text
    return answer.json.get("role")


def test_the_badge_comes_and_goes_and_moves_the_thread(give: Give, ann: Page, ada: Page) -> None:
    mine = ada.posted()["id"]
    ann.posted()
    before = ann.read()
    give("Ada", "moderator")
    after = ann.read(headers={"If-None-Match": before.headers["ETag"]})
    assert [one["author"].get("role") for one in after.json["comments"]] == ["moderator", None]
    [news] = ann.read(since=before.json["thread"]["version"]).json["comments"]
    assert (news["id"], news["author"]["role"]) == (mine, "moderator")
    give("Ada", "owner")
    assert ann.comments()[0]["author"]["role"] == "owner"
    give("Ada", None)
    assert "role" not in ann.comments()[0]["author"]


def test_what_changes_nothing_moves_nothing(give: Give, ann: Page, ada: Page) -> None:
    ada.posted()
    give("Ada", "owner")
    before = ann.read().json["thread"]["version"]
    give("Ada", "owner")
    assert ann.read().json["thread"]["version"] == before


def test_the_badge_stands_beside_a_face(give: Give, page: Page, ada: Page) -> None:
    ada.react_to_page()
    before = page.read()
    give("Ada", "owner")
    after = page.read(headers={"If-None-Match": before.headers["ETag"]})
    assert after.json["thread"]["faces"][0]["role"] == "owner"


def test_a_role_is_of_one_site(app: Flask, give: Give, ada: Page) -> None:
    add_site(app, "other", ("https://other.test",))
    there = Page(ada.client, site="other", origin="https://other.test", url="https://other.test/").be_person("Ada")
    comment = there.posted()["id"]
    before = there.read().json["thread"]["version"]
    give("Ada", "owner")
    assert (role_of(ada), role_of(there)) == ("owner", None)
    assert "role" not in there.comments()[0]["author"]
    assert there.read().json["thread"]["version"] == before
    assert code(there.send("PUT", f"/comments/{comment}/pin")) == "role.missing"


def pinned(page: Page) -> list[str]:
    """The ids of comments that are shown as pinned."""
    return [one["id"] for one in page.comments() if one.get("pinned")]


def test_pinning(give: Give, ann: Page, ada: Page) -> None:
    give("Ada", "moderator")
    made = [ann.posted(str(number))["id"] for number in range(4)]
    since = ann.read().json["thread"]["version"]
    answer = ada.send("PUT", f"/comments/{made[2]}/pin")
    assert (answer.status_code, answer.json["pinned"]) == (200, made[2])
    assert answer.json["thread"]["version"] == since + 1
    assert [one["id"] for one in ann.comments()] == [made[2], made[0], made[1], made[3]]
    [news] = ann.read(since=since).json["comments"]
    assert (news["id"], news["pinned"]) == (made[2], True)
    assert ada.send("PUT", f"/comments/{made[2]}/pin").json["thread"]["version"] == since + 1
    # Another takes its place; both are news.
    assert ada.send("PUT", f"/comments/{made[3]}/pin").status_code == 200
    assert pinned(ann) == [made[3]]
    assert {one["id"]: one.get("pinned") for one in ann.read(since=since + 1).json["comments"]} == {
        made[2]: None,
        made[3]: True,
    }
    # What is not pinned cannot be taken down.
    assert ada.send("DELETE", f"/comments/{made[2]}/pin").status_code == 200
    assert pinned(ann) == [made[3]]
    again = key()
    down = ada.send("DELETE", f"/comments/{made[3]}/pin", Idempotency_Key=again)
    assert (down.status_code, down.json["pinned"]) == (200, None)
    assert [one["id"] for one in ann.comments()] == made
    ada.send("PUT", f"/comments/{made[3]}/pin")
    assert ada.send("DELETE", f"/comments/{made[3]}/pin", Idempotency_Key=again).data == down.data
    assert pinned(ann) == [made[3]]


def test_a_pinned_comment_that_is_deleted_comes_back_pinned(give: Give, ann: Page, ada: Page) -> None:
    give("Ada", "owner")
    made = [ann.posted(str(number))["id"] for number in range(3)]
    ada.send("PUT", f"/comments/{made[1]}/pin")
    ann.delete(made[1])
    assert [one["id"] for one in ann.comments()] == [made[0], made[2]]
    ann.restore(made[1])
    assert pinned(ann) == [made[1]]
    ann.delete(made[1])
    assert ada.send("DELETE", f"/comments/{made[1]}/pin").status_code == 200
    ann.restore(made[1])
    assert pinned(ann) == []


def test_who_may_not_and_what_cannot_be_pinned(app: Flask, give: Give, ann: Page, bob: Page, ada: Page) -> None:
    root = ann.posted("root")["id"]
    reply = bob.posted("reply", root)["id"]
    gone = ann.posted("gone")["id"]
    ann.delete(gone)
    before = rows(app), ann.read().data
    for method in ("PUT", "DELETE"):
        for page in (ann, bob, ada):  # not even the author
            answer = page.send(method, f"/comments/{root}/pin")
            assert (answer.status_code, code(answer)) == (403, "role.missing")
    give("Ada", "moderator")
    cases = [
        (ada.send("PUT", f"/comments/{reply}/pin"), 422, "comment.not_root"),
        (ada.send("PUT", f"/comments/{gone}/pin"), 409, "comment.gone"),
        (ada.send("PUT", f"/comments/{'0' * 20}/pin"), 404, "comment.not_found"),
        (ada.send("DELETE", "/comments/x/pin"), 404, "comment.not_found"),
        (ada.send("PUT", f"/comments/{root}/pin", Idempotency_Key=None), 400, "idempotency.missing"),
        (ada.send("PUT", f"/comments/{root}/pin", Authorization=None), 401, "session.missing"),
        (ada.send("PUT", f"/comments/{root}/pin", Origin="https://elsewhere.test"), 403, "origin.foreign"),
        # A role changes nothing in what is others'.
        (ada.edit(root, "mine"), 403, "comment.not_yours"),
        (ada.delete(root), 403, "comment.not_yours"),
    ]
    for answer, status, expected in cases:
        assert (answer.status_code, code(answer)) == (status, expected)
    give("Ada", None)
    assert code(ada.send("PUT", f"/comments/{root}/pin")) == "role.missing"
    assert (rows(app), ann.read().data) == before


@pytest.mark.parametrize("name", ["Editor", "editor", " E d i t o r ", "\u0415ditor", "Edit\u043er \u2714", "Ed1tor"])
def test_a_site_reserves_names(app: Flask, client: Any, name: str) -> None:
    add_site(app, reserved_names=["Editor", "The team"])
    before = rows(app)
    answer = Page(client).open_session(guest={"name": name})
    assert (answer.status_code, code(answer), answer.json["error"]["field"]) == (422, "guest.name_reserved", "name")
    assert rows(app) == before
    assert Page(client).open_session(guest={"name": "Editha"}).status_code == 201


def test_the_names_of_those_who_run_a_site_are_theirs(app: Flask, give: Give, page: Page, ada: Page) -> None:
    imitator = Page(page.client).be_guest("A d a")
    imitator.posted("as long as nobody minds")
    give("Ada", "moderator")
    before = rows(app)
    for name in ("Ada", "\u0410da", "ADA."):
        assert code(page.open_session(guest={"name": name})) == "guest.name_reserved"
    answer = imitator.post("I am Ada")
    assert (answer.status_code, code(answer)) == (422, "guest.name_reserved")
    assert rows(app) == before
    assert Page(page.client).be_person("Ada", "another-ada").post("I am called so").status_code == 201
    add_site(app, "other", ("https://other.test",))
    assert Page(page.client, site="other", origin="https://other.test").be_guest("Ada").token
    give("Ada", None)
    assert imitator.post("again").status_code == 201


def test_every_account_of_theirs_has_its_name_kept(app: Flask, give: Give, page: Page, ada: Page) -> None:
    give("Ada", "owner")
    with app.app_context():
        who = db.session.scalars(select(User.id).where(User.name == "Ada")).one()
        other = Profile(provider="github", issuer="https://github.test", subject="1", name="Countess")
        transaction.write(lambda session: accounts.of_profile(session, other, joins=who))
    for name in ("Ada", "countess"):
        assert code(page.open_session(guest={"name": name})) == "guest.name_reserved"
