"""Likes and other marks: one of each person on each comment and on the page, exact and undoable."""

from typing import Any

import msgspec
import pytest
from flask import Flask
from sqlalchemy import select, update
from werkzeug.test import TestResponse

from tests.support.api import BLOG, Page, add_site, code, key
from tests.web.api.test_threads import rows
from widget.core import ranking
from widget.extensions import db
from widget.models import Comment, Identity, Thread
from widget.providers import Profile
from widget.services import accounts, identities, sites, transaction

THANKS = "/threads/reactions/thanks"


@pytest.fixture
def page(app: Flask, client: Any) -> Page:
    """A page of a site that offers three reactions."""
    add_site(app, reactions=["thanks", "like", "dislike"])
    return Page(client)


@pytest.fixture
def ada(page: Page) -> Page:
    """Somebody signed in with an account."""
    return Page(page.client).be_person("Ada")


@pytest.fixture
def bruno(page: Page) -> Page:
    """Somebody else."""
    return Page(page.client).be_person("Bruno")


def said(answer: TestResponse) -> tuple[dict[str, int], str | None]:
    """The counts, and the viewer's own."""
    assert answer.status_code == 200, answer.text
    return answer.json["reactions"], answer.json["mine"]


def kept(app: Flask, public_id: str) -> Comment:
    """The comment's row."""
    with app.app_context():
        return db.session.scalars(select(Comment).where(Comment.public_id == public_id)).one()


def test_a_like_is_counted_once_and_taken_back(app: Flask, ann: Page, ada: Page, bruno: Page) -> None:
    comment = ann.posted()["id"]
    answer = ada.react(comment)
    assert said(answer) == ({"like": 1}, "like")
    assert answer.json["thread"]["version"] == 2
    assert answer.headers["Cache-Control"] == "no-store"
    assert said(ada.react(comment)) == ({"like": 1}, "like")
    assert said(bruno.react(comment)) == ({"like": 2}, "like")
    assert ann.read().json["thread"]["version"] == 3  # what changed nothing moved nothing
    assert ann.comments()[0]["reactions"] == {"like": 2}
    assert kept(app, comment).best == ranking.best({"like": 2})
    assert said(ada.react(comment, method="DELETE")) == ({"like": 1}, None)
    assert said(ada.react(comment, method="DELETE")) == ({"like": 1}, None)
    assert said(bruno.react(comment, method="DELETE")) == ({}, None)
    assert "reactions" not in ann.comments()[0]
    assert (kept(app, comment).best, kept(app, comment).reactions) == (0, "{}")
    assert rows(app)["reaction"] == 0


def test_another_kind_takes_the_place_and_kinds_stand_in_the_sites_order(ann: Page, ada: Page, bruno: Page) -> None:
    comment = ann.posted()["id"]
    ada.react(comment, "dislike")
    bruno.react(comment, "like")
    assert said(ada.react(comment, "thanks")) == ({"thanks": 1, "like": 1}, "thanks")
    text = ann.read().text
    assert '"reactions":{"thanks":1,"like":1}' in text
    # Taking back what is not the viewer's own kind takes nothing.
    assert said(ada.react(comment, "like", method="DELETE")) == ({"thanks": 1, "like": 1}, "thanks")
    assert said(ada.react(comment, "nonsense", method="DELETE")) == ({"thanks": 1, "like": 1}, "thanks")


def test_news_say_what_is_liked_now(ann: Page, ada: Page) -> None:
    comment = ann.posted()["id"]
    before = ann.read().json["thread"]["version"]
    ada.react(comment)
    [news] = ann.read(since=before).json["comments"]
    assert (news["id"], news["reactions"]) == (comment, {"like": 1})


def test_best_first_follows_the_reactions(ann: Page, ada: Page, bruno: Page) -> None:
    made = [ann.posted(str(number))["id"] for number in range(3)]
    for one in (ada, bruno):
        one.react(made[1])
        one.react(made[2], "dislike")
    ada.react(made[0])
    assert [one["id"] for one in ann.comments(sort="best")][:2] == [made[1], made[0]]


def test_the_same_key_is_one_reaction(ann: Page, ada: Page) -> None:
    comment = ann.posted()["id"]
    again = key()
    first = ada.react(comment, Idempotency_Key=again)
    ada.react(comment, method="DELETE")
    assert ada.react(comment, Idempotency_Key=again).data == first.data
    assert "reactions" not in ann.comments()[0]
    other = ada.react(comment, "thanks", Idempotency_Key=again)
    assert (other.status_code, code(other)) == (409, "idempotency.mismatch")


def test_imported_counts_stay(app: Flask, ann: Page, ada: Page) -> None:
    comment = ann.posted()["id"]
    with app.app_context():
        imported = update(Comment).values(reactions='{"wow":3,"like":12}')
        transaction.write(lambda session: session.execute(imported))
    assert said(ada.react(comment)) == ({"like": 13, "wow": 3}, "like")
    assert kept(app, comment).best == ranking.best({"like": 13, "wow": 3})
    assert said(ada.react(comment, method="DELETE")) == ({"like": 12, "wow": 3}, None)


def test_what_is_no_longer_offered_can_be_taken_back(app: Flask, ann: Page, ada: Page) -> None:
    comment = ann.posted()["id"]
    ada.react(comment, "thanks")
    with app.app_context():
        transaction.write(lambda session: sites.change(session, "blog", settings={"reactions": ["like"]}))
    assert code(ada.react(comment, "thanks")) == "reaction.not_offered"
    assert said(ada.react(comment, "thanks", method="DELETE")) == ({}, None)


def test_refusals(app: Flask, ann: Page, ada: Page) -> None:
    comment = ann.posted()["id"]
    gone = ann.posted("gone")["id"]
    ann.delete(gone)
    pending = ann.posted("pending")["id"]
    with app.app_context():
        hide = update(Comment).where(Comment.public_id == pending).values(state="pending", visible=False)
        transaction.write(lambda session: session.execute(hide))
    add_site(app, "other", ("https://other.test",), reactions=["like"])
    there = Page(ann.client, site="other", origin="https://other.test", url="https://other.test/").be_person("Ada")
    before = rows(app)
    cases = [
        (ann.react(comment), 403, "reaction.sign_in"),
        (ann.react(comment, method="DELETE"), 403, "reaction.sign_in"),
        (ann.react_to_page(), 403, "reaction.sign_in"),
        (ada.react(comment, "love"), 422, "reaction.not_offered"),
        (ada.react(gone), 409, "comment.gone"),
        (ada.react(pending), 404, "comment.not_found"),
        (ada.react("0" * 20), 404, "comment.not_found"),
        (ada.react("x"), 404, "comment.not_found"),
        (there.react(comment), 404, "comment.not_found"),
        (ada.react(comment, Idempotency_Key=None), 400, "idempotency.missing"),
        (ada.react(comment, Authorization=None), 401, "session.missing"),
        (ada.react(comment, Origin="https://elsewhere.test"), 403, "origin.foreign"),
        (ada.react_to_page("like"), 422, "reaction.not_offered"),  # for the page: the first alone
        (Page(ada.client, url="https://elsewhere.test/", token=ada.token).react_to_page("thanks"), 403, "page.foreign"),
        (
            ada.send("PUT", "/threads/reactions/thanks", {"site": "other", "page": {"url": BLOG}}),
            401,
            "session.invalid",
        ),
        (ada.send("PUT", "/threads/reactions/thanks", {"site": "blog"}), 422, "request.bad_field"),
        (ada.send("PUT", "/threads/reactions/thanks"), 415, "request.not_json"),
    ]
    for answer, status, expected in cases:
        assert (answer.status_code, code(answer)) == (status, expected)
    assert rows(app) == before


def test_the_page_itself(app: Flask, page: Page, ada: Page, bruno: Page) -> None:
    before = rows(app)["thread"]
    nothing = ada.react_to_page("thanks", method="DELETE")
    assert said(nothing) == ({}, None)
    assert nothing.json["thread"] == {"url": page.url, "title": None, "count": 0, "version": 0, "open": True}
    assert rows(app)["thread"] == before  # taking back makes no thread
    answer = ada.react_to_page("thanks")
    assert said(answer) == ({"thanks": 1}, "thanks")
    bruno.react_to_page("thanks")
    thread = page.read().json["thread"]
    assert (thread["count"], thread["version"], thread["reactions"]) == (0, 2, {"thanks": 2})
    assert [one["name"] for one in thread["faces"]] == ["Bruno", "Ada"]
    assert ada.react_to_page("thanks", method="DELETE").json["thread"]["faces"][0]["name"] == "Bruno"
    bruno.react_to_page("thanks", method="DELETE")
    assert {"reactions", "faces"}.isdisjoint(page.read().json["thread"])


def test_a_site_may_keep_its_pages_out_of_it(app: Flask) -> None:
    add_site(app, "quiet", ("https://quiet.test",), page_reactions=False)
    ada = Page(app.test_client(), site="quiet", origin="https://quiet.test", url="https://quiet.test/").be_person()
    assert code(ada.react_to_page()) == "reaction.not_offered"
    assert said(ada.react(ada.posted()["id"])) == ({"like": 1}, "like")
    add_site(app, "none", ("https://none.test",), reactions=[])
    eve = Page(app.test_client(), site="none", origin="https://none.test", url="https://none.test/").be_person()
    assert code(eve.react_to_page()) == code(eve.react(eve.posted()["id"])) == "reaction.not_offered"


def test_faces_are_eight_and_the_last_first(page: Page) -> None:
    for number in range(10):
        Page(page.client).be_person(f"P{number}").react_to_page("thanks")
    assert [one["name"] for one in page.read().json["thread"]["faces"]] == [f"P{number}" for number in range(9, 1, -1)]
    again = Page(page.client).be_person("P0")
    again.react_to_page("thanks", method="DELETE")
    again.react_to_page("thanks")
    assert page.read().json["thread"]["faces"][0]["name"] == "P0"


def everyone(page: Page, path: str, **params: Any) -> list[tuple[str, str]]:
    """Names and kinds of all parts."""
    found: list[tuple[str, str]] = []
    after = {}
    while True:
        answer = page.get(path, **params, **after)
        assert answer.status_code == 200, answer.text
        found += [(one["name"], one["kind"]) for one in answer.json["people"]]
        if not answer.json["next"]:
            return found
        after = {"after": answer.json["next"]}


def test_who_reacted_in_parts(ann: Page) -> None:
    comment, other = ann.posted()["id"], ann.posted("other")["id"]
    people = [Page(ann.client).be_person(f"P{number}") for number in range(45)]
    for one in people:
        one.react(comment)
    people[0].react(other)
    people[0].react(comment, "thanks")  # the last now
    expected = [("P0", "thanks"), *((f"P{number}", "like") for number in range(44, 0, -1))]
    assert everyone(ann, f"/comments/{comment}/reactions") == expected
    assert everyone(ann, f"/comments/{other}/reactions") == [("P0", "like")]
    first = ann.get(f"/comments/{comment}/reactions").json
    assert first["reactions"] == {"thanks": 1, "like": 44}
    assert len(first["people"]) == 20
    assert set(first["people"][0]) == {"id", "name", "provider", "kind"}


def test_who_reacted_to_the_page(page: Page, ada: Page) -> None:
    where = {"url": page.url}
    nobody = page.get("/threads/reactions", **where)
    assert nobody.json == {"reactions": {}, "people": [], "next": None}
    ada.react_to_page("thanks")
    assert everyone(page, "/threads/reactions", **where) == [("Ada", "thanks")]
    assert page.get("/threads/reactions", **where).json["reactions"] == {"thanks": 1}
    assert everyone(page, "/threads/reactions", **where, id="another") == []


def test_who_reacted_is_public_and_answers_304(ann: Page, ada: Page, bruno: Page) -> None:
    comment = ann.posted()["id"]
    ada.react(comment)
    path = f"/comments/{comment}/reactions"
    answer = ann.get(path)
    assert answer.headers["Access-Control-Allow-Origin"] == "*"
    assert answer.headers["Cache-Control"] == "public, max-age=0, must-revalidate"
    assert "Set-Cookie" not in answer.headers
    had = {"If-None-Match": answer.headers["ETag"]}
    assert ann.get(path, headers=had).status_code == 304
    assert ann.get(path, headers={"Authorization": f"Bearer {ada.token}"}).data == answer.data
    bruno.react(comment)
    assert ann.get(path, headers=had).status_code == 200


def test_who_reacted_where_nothing_is_shown(app: Flask, ann: Page, ada: Page) -> None:
    gone = ann.posted()["id"]
    ada.react(gone)
    ann.delete(gone)
    stays = ann.posted()["id"]
    ada.react(stays)
    cases: list[tuple[str, dict[str, str], str]] = [
        (f"/comments/{gone}/reactions", {}, "comment.not_found"),
        ("/comments/x/reactions", {}, "comment.not_found"),
        (f"/comments/{stays}/reactions", {"after": "0" * 20}, "thread.bad_cursor"),
        (f"/comments/{stays}/reactions", {"after": "1"}, "thread.bad_cursor"),
        ("/threads/reactions", {"url": f"{BLOG}/none", "after": "0" * 20}, "thread.bad_cursor"),
        ("/threads/reactions", {"url": "https://elsewhere.test/"}, "page.foreign"),
        (f"/comments/{stays}/reactions", {"site": "none"}, "site.unknown"),
    ]
    for path, params, expected in cases:
        assert code(ann.get(path, **params)) == expected


def test_what_is_mine(ann: Page, ada: Page, bruno: Page) -> None:
    first, second = ann.posted()["id"], ann.posted()["id"]
    ada.react(first)
    ada.react(second, "dislike")
    ada.react_to_page("thanks")
    bruno.react(first, "thanks")
    assert (ada.mine()["reactions"], ada.mine()["page"]) == ({first: "like", second: "dislike"}, "thanks")
    assert (bruno.mine()["reactions"], bruno.mine()["page"]) == ({first: "thanks"}, None)


def test_people_are_shown_as_they_reacted_and_by_their_new_names(app: Flask, ann: Page, ada: Page) -> None:
    comment = ann.posted()["id"]
    ada.react(comment)
    ada.react_to_page("thanks")
    before = ann.read()
    faces = ann.get(f"/comments/{comment}/reactions").headers["ETag"]
    with app.app_context():
        facts = {"provider": "oidc", "issuer": "https://id.test", "subject": "ada"}
        transaction.write(lambda session: accounts.of_profile(session, Profile(**facts, name="Ada Lovelace")))
    after = ann.read(headers={"If-None-Match": before.headers["ETag"]})
    assert after.json["thread"]["faces"][0]["name"] == "Ada Lovelace"
    answer = ann.get(f"/comments/{comment}/reactions", headers={"If-None-Match": faces})
    assert answer.json["people"][0]["name"] == "Ada Lovelace"


def test_another_account_of_the_same_person_is_not_shown(app: Flask, ann: Page, ada: Page) -> None:
    comment = ann.posted()["id"]
    with app.app_context():
        user_id, public_id = db.session.execute(select(Identity.user_id, Identity.public_id)).one()
        secret = Profile(provider="github", issuer="https://github.test", subject="1", name="Nightowl")
        transaction.write(lambda session: accounts.of_profile(session, secret, joins=user_id))
    ada.react(comment)
    [person] = ann.get(f"/comments/{comment}/reactions").json["people"]
    assert (person["name"], person["provider"]) == ("Ada", "oidc")
    with app.app_context():
        identities.unlink(user_id, public_id)
    [person] = ann.get(f"/comments/{comment}/reactions").json["people"]
    assert person["name"] == "Ada"
    assert "provider" not in person


def test_the_comment_is_stored_with_the_version_that_shows_it(app: Flask, ann: Page, ada: Page) -> None:
    comment = ann.posted()["id"]
    ada.react(comment)
    with app.app_context():
        row = db.session.scalars(select(Comment).where(Comment.public_id == comment)).one()
        thread = db.session.get_one(Thread, row.thread_id)
        assert row.changed == thread.version == 2
        assert msgspec.json.decode(row.reactions) == {"like": 1}


def test_put_is_allowed_across_origins(client: Any, page: Page) -> None:
    asked = {
        "Origin": BLOG,
        "Access-Control-Request-Method": "PUT",
        "Access-Control-Request-Headers": "authorization, idempotency-key",
    }
    answer = client.options(f"/api/v1/comments/{'0' * 20}/reactions/like", headers=asked)
    assert answer.headers["Access-Control-Allow-Origin"] == BLOG
    assert "PUT" in answer.headers["Access-Control-Allow-Methods"]
