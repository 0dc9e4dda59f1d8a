"""Linking a second account: the good way, and both attacks on it, each with what it would do without the rule."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, cast

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select
from werkzeug.test import TestResponse

from tests.support.api import Page as Reader
from tests.support.api import code, key
from tests.support.keys import BrowserKey, KeyedClient
from tests.support.oidc import DemoId, demo_id
from tests.support.visitor import BLOG, SERVER, Page, Visitor, data, handle, query
from widget import create_app
from widget.core import clock
from widget.extensions import db
from widget.models import Identity, KnownBrowser, LinkRequest, Login, Session, Ticket, User
from widget.services import consents, sites, transaction

SHOP = "https://shop.test"
LINKS = "/api/v1/me/links"


@pytest.fixture(scope="module")
def demo() -> Iterator[DemoId]:
    with demo_id() as running:
        yield running


@pytest.fixture(params=["one site", "two sites"])
def app(request: pytest.FixtureRequest, database_url: str, demo: DemoId) -> Iterator[Flask]:
    app = create_app({"DATABASE_URL": database_url, "SECRET_KEY": "t" * 40, "PUBLIC_URL": SERVER, **demo.settings})
    with app.app_context():
        transaction.write(lambda session: sites.add(session, "blog", "The Blog", [BLOG]))
        if request.param == "two sites":
            transaction.write(lambda session: sites.add(session, "shop", "The Shop", [SHOP]))
    yield app
    with app.app_context():
        db.session.remove()
        db.engine.dispose()


@dataclass
class Person:
    """A browser, and the page in it on which somebody is signed in."""

    visitor: Visitor
    page: Reader
    user: dict[str, Any]

    def ask(self, **headers: str) -> TestResponse:
        """POST /me/links."""
        return self.page.client.post(LINKS, json={"provider": "oidc"}, headers=self.page.headers(**headers))

    def word(self) -> str:
        """The word for /auth/start."""
        answer = self.ask()
        assert answer.status_code == 201, answer.text
        return cast("str", answer.json["link"])

    def identities(self) -> list[dict[str, Any]]:
        """GET /me/identities."""
        answer = self.page.client.get("/api/v1/me/identities", headers=self.page.headers())
        assert answer.status_code == 200, answer.text
        return cast("list[dict[str, Any]]", answer.json["identities"])


def arrive(visitor: Visitor, answer: TestResponse) -> TestResponse:
    """Through the question where there is one, with yes."""
    if answer.status_code == 303:
        asked = visitor.get(answer.headers["Location"])
        answer = visitor.post("/auth/consent", {"h": handle(asked), "choice": "yes"})
    assert answer.status_code == 200, answer.text
    return answer


def sign_in(app: Flask, demo: DemoId, subject: str, visitor: Visitor | None = None) -> Person:
    visitor, page = visitor or Visitor(app), Page()
    done = arrive(visitor, visitor.get(demo.sign_in(visitor.begin(page), subject)))
    opened = visitor.redeem(page, data(done)["code"])
    assert opened.status_code == 201, opened.text
    return Person(visitor, Reader(app.test_client(), token=opened.json["token"]), opened.json["user"])


@pytest.fixture
def ada(app: Flask, demo: DemoId) -> Person:
    return sign_in(app, demo, "ada")


def state(app: Flask) -> dict[str, Any]:
    """Who is whom."""
    with app.app_context():
        owners = db.session.execute(select(Identity.subject, Identity.user_id).order_by(Identity.id)).all()
        return {"owners": [tuple(row) for row in owners], "users": db.session.scalar(select(func.count(User.id)))}


def stopped(answer: TestResponse, code: str, status: int) -> None:
    assert answer.status_code == status, answer.text
    assert f'data-code="{code}"' in answer.text
    assert "error.other" not in answer.text


def question(person: Person, demo: DemoId, subject: str, page: Page, **changes: str) -> TestResponse:
    """As far as the page that asks."""
    url = person.visitor.begin(page, link=person.word(), **changes)
    to_question = person.visitor.get(demo.sign_in(url, subject))
    assert to_question.status_code == 303, to_question.text
    return person.visitor.get(to_question.headers["Location"])


def test_two_accounts_become_one_person(app: Flask, ada: Person, demo: DemoId) -> None:
    page = Page()
    asked = question(ada, demo, "bruno", page)
    assert "Link Bruno Keller (Demo ID) to your account" in asked.text
    assert "Here you are Ada Moretti (Demo ID)." in asked.text
    assert "blog.test" in asked.text
    assert state(app)["users"] == 1  # nothing before the yes
    done = ada.visitor.post("/auth/consent", {"h": handle(asked), "choice": "yes"})
    opened = ada.visitor.redeem(page, data(done)["code"])
    assert opened.json["user"]["id"] == ada.user["id"]
    assert opened.json["user"]["name"] == "Bruno Keller"
    assert state(app)["owners"] == [("ada", 1), ("bruno", 1)]
    assert [one["name"] for one in ada.identities()] == ["Ada Moretti", "Bruno Keller"]
    elsewhere = sign_in(app, demo, "bruno")
    assert elsewhere.user["id"] == ada.user["id"]
    assert [one["current"] for one in elsewhere.identities()] == [False, True]


def test_the_question_speaks_the_pages_language(ada: Person, demo: DemoId) -> None:
    asked = question(ada, demo, "bruno", Page(), lang="it")
    assert "Collega Bruno Keller (Demo ID) al tuo account" in asked.text


def test_an_account_that_is_linked_already_just_signs_in(app: Flask, ada: Person, demo: DemoId) -> None:
    before = state(app)
    page = Page()
    answer = ada.visitor.get(demo.sign_in(ada.visitor.begin(page, link=ada.word()), "ada"))
    assert ada.visitor.redeem(page, data(answer)["code"]).json["user"]["id"] == ada.user["id"]
    assert state(app) == before


@pytest.mark.parametrize("choice", ["no", ""])
def test_saying_no_changes_nothing_and_forgets_nobody(app: Flask, ada: Person, demo: DemoId, choice: str) -> None:
    before = state(app)
    asked = question(ada, demo, "bruno", Page())
    stopped(ada.visitor.post("/auth/consent", {"h": handle(asked), "choice": choice}), "signin.denied", 403)
    assert state(app) == before
    again = question(ada, demo, "bruno", Page())  # the browser is still known
    assert "Link Bruno" in again.text


def test_another_account_instead(app: Flask, ada: Person, demo: DemoId) -> None:
    asked = question(ada, demo, "bruno", Page())
    to_provider = ada.visitor.post("/auth/consent", {"h": handle(asked), "choice": "other"})
    demo.put("carla", {"name": "Carla"})
    to_question = ada.visitor.get(demo.sign_in(to_provider.headers["Location"], "carla"))
    asked = ada.visitor.get(to_question.headers["Location"])
    assert "Link Carla" in asked.text
    ada.visitor.post("/auth/consent", {"h": handle(asked), "choice": "yes"})
    assert state(app)["owners"] == [("ada", 1), ("carla", 1)]


def test_somebody_elses_account_stays_theirs(app: Flask, ada: Person, demo: DemoId) -> None:
    sign_in(app, demo, "bruno")
    before = state(app)
    demo.put("bruno", {"name": "Bruno, renamed"})
    page = Page()
    answer = ada.visitor.get(demo.sign_in(ada.visitor.begin(page, link=ada.word()), "bruno"))
    demo.put("bruno", {"name": "Bruno Keller"})
    stopped(answer, "signin.identity_taken", 409)
    assert data(answer)["tx"] == page.tx
    assert state(app) == before
    with app.app_context():
        assert "Bruno, renamed" not in db.session.scalars(select(Identity.name)).all()
        assert db.session.scalar(select(func.count(Ticket.id))) == 0


def test_an_account_that_becomes_somebody_elses_while_the_question_is_open(
    app: Flask, ada: Person, demo: DemoId
) -> None:
    asked = question(ada, demo, "bruno", Page())
    other = sign_in(app, demo, "bruno")
    answer = ada.visitor.post("/auth/consent", {"h": handle(asked), "choice": "yes"})
    stopped(answer, "signin.identity_taken", 409)
    assert state(app)["owners"] == [("ada", 1), ("bruno", 2)]
    assert other.identities()[0]["name"] == "Bruno Keller"


# -- a page that is hostile has everything of its visitor's session there, but not the server's cookie


def add_mallory(app: Flask, victim: Person, demo: DemoId) -> TestResponse:
    """A page sends the word of its visitor's session to an attacker, who signs in with it in a browser of their own."""
    attacker = sign_in(app, demo, "mallory").visitor
    demo.put("mallory2", {"name": "Mallory Two"})
    return _link_in(attacker, victim.word(), demo, "mallory2")


def take_victims(app: Flask, victim: Person, demo: DemoId) -> TestResponse:
    """An attacker's word is used in the victim's browser: the victim's next account would be the attacker's."""
    attacker = sign_in(app, demo, "mallory")
    return _link_in(victim.visitor, attacker.word(), demo, "bruno")


def _link_in(visitor: Visitor, word: str, demo: DemoId, subject: str) -> TestResponse:
    answer = visitor.get(Page().start(link=word))
    if answer.status_code != 303:
        return answer
    answer = visitor.get(demo.sign_in(answer.headers["Location"], subject))
    asked = visitor.get(answer.headers["Location"])
    return visitor.post("/auth/consent", {"h": handle(asked), "choice": "yes"})


ATTACKS = [add_mallory, take_victims]


@pytest.mark.parametrize("attack", ATTACKS, ids=lambda attack: attack.__name__)
def test_neither_way_does_a_hostile_page_join_two_people(app: Flask, ada: Person, demo: DemoId, attack: Any) -> None:
    stopped(attack(app, ada, demo), "signin.unknown_browser", 403)
    assert state(app)["owners"] == [("ada", 1), ("mallory", 2)]


@pytest.mark.parametrize("attack", ATTACKS, ids=lambda attack: attack.__name__)
def test_without_the_cookie_both_would_succeed(
    app: Flask, ada: Person, demo: DemoId, attack: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(consents, "is_known", lambda *_args: True)
    assert attack(app, ada, demo).status_code == 200
    owners = dict(state(app)["owners"])
    assert owners.get("mallory2") == owners["ada"] or owners.get("bruno") == owners["mallory"]


def test_nothing_is_linked_without_the_question(app: Flask, ada: Person, demo: DemoId) -> None:
    """A hostile page opens the window in its visitor's own browser: the provider answers at once, nobody said yes."""
    url = ada.visitor.begin(Page(), link=ada.word())
    answer = ada.visitor.get(demo.sign_in(url, "mallory3"))
    assert answer.status_code == 303
    assert "/auth/consent?h=" in answer.headers["Location"]
    assert state(app)["owners"] == [("ada", 1)]
    h = query(answer.headers["Location"])["h"]
    for stranger in (Visitor(app), sign_in(app, demo, "bruno").visitor):
        stopped_early = stranger.post("/auth/consent", {"h": h, "choice": "yes"})
        assert stopped_early.status_code == 403
    assert state(app)["owners"] == [("ada", 1), ("bruno", 2)]


def test_a_question_of_a_sign_in_is_none_of_a_link(app: Flask, ada: Person, demo: DemoId) -> None:
    """What the handle of a question does is what the question said, whatever is added to the form or the address."""
    with app.app_context():
        if len(sites.all_sites()) == 1:
            pytest.skip("a server with one site asks no other question")
    visitor = Visitor(app)
    answer = visitor.get(demo.sign_in(visitor.begin(Page()), "bruno"))
    h = query(answer.headers["Location"])["h"]
    visitor.post("/auth/consent", {"h": h, "choice": "yes", "link": ada.word()})
    assert state(app)["owners"] == [("ada", 1), ("bruno", 2)]


def test_after_logging_out_everywhere_an_open_question_links_nothing(app: Flask, ada: Person, demo: DemoId) -> None:
    asked = question(ada, demo, "bruno", Page())
    gone = ada.page.client.delete("/api/v1/session?everywhere=1", headers=ada.page.headers())
    assert gone.status_code == 204
    answer = ada.visitor.post("/auth/consent", {"h": handle(asked), "choice": "yes"})
    stopped(answer, "signin.unknown_browser", 403)
    assert state(app)["owners"] == [("ada", 1)]


# -- the word


def test_a_word_is_good_once_for_a_minute(app: Flask, ada: Person, demo: DemoId) -> None:
    word = ada.word()
    ada.visitor.begin(Page(), link=word)
    stopped(ada.visitor.get(Page().start(link=word)), "signin.bad_link", 403)
    late = ada.word()
    with clock.freeze(clock.now() + timedelta(seconds=61)):
        stopped(ada.visitor.get(Page().start(link=late)), "signin.bad_link", 403)
    with app.app_context():
        assert db.session.scalar(select(func.count(LinkRequest.id))) == 0


@pytest.mark.parametrize("word", ["", "x", "x" * 43, "%00", "ü"])
def test_words_that_are_none(ada: Person, word: str) -> None:
    stopped(ada.visitor.get(Page().start(link=word)), "signin.bad_link", 403)


def test_a_word_given_twice_is_no_request(ada: Person) -> None:
    word = ada.word()
    assert ada.visitor.get(Page().start(link=word) + f"&link={word}").status_code == 400


def test_a_word_is_for_its_site_and_provider(app: Flask, ada: Person) -> None:
    with app.app_context():
        if len(sites.all_sites()) == 2:
            page = Page(site="shop", origin=SHOP)
            stopped(ada.visitor.get(page.start(link=ada.word())), "signin.bad_link", 403)
        transaction.write(lambda session: session.query(LinkRequest).delete())
    word = ada.word()
    with app.app_context():
        transaction.write(lambda session: session.query(LinkRequest).update({"provider": "github"}))
    stopped(ada.visitor.get(Page().start(link=word)), "signin.bad_link", 403)


def test_only_its_hash_is_kept(app: Flask, ada: Person) -> None:
    again = key()
    first, second = ada.ask(Idempotency_Key=again), ada.ask(Idempotency_Key=again)
    assert first.json == second.json
    assert first.headers["Cache-Control"] == "no-store"
    word = first.json["link"]
    with app.app_context():
        for table in ("link_request", "idempotency"):
            rows = db.session.execute(db.text(f"SELECT * FROM {table}")).all()  # noqa: S608 - our own tables
            assert rows
            assert word not in str(rows)


def test_who_may_ask(app: Flask, ada: Person) -> None:
    guest = Reader(app.test_client()).be_guest()
    body = {"provider": "oidc"}
    answer = guest.client.post(LINKS, json=body, headers=guest.headers())
    assert (answer.status_code, code(answer)) == (403, "signin.guest")
    nobody = guest.client.post(LINKS, json=body, headers={"Origin": BLOG, "Idempotency-Key": key()})
    assert (nobody.status_code, code(nobody)) == (401, "session.missing")
    keyless = guest.client.post(LINKS, json=body, headers=ada.page.headers(Idempotency_Key=None))
    assert (keyless.status_code, code(keyless)) == (400, "idempotency.missing")
    foreign = guest.client.post(LINKS, json=body, headers=ada.page.headers(Origin="https://evil.test"))
    assert (foreign.status_code, code(foreign)) == (403, "origin.foreign")
    unknown = guest.client.post(LINKS, json={"provider": "nobody"}, headers=ada.page.headers())
    assert (unknown.status_code, code(unknown)) == (404, "signin.unknown_provider")


def test_a_bound_session_asks_with_a_proof(app: Flask, demo: DemoId) -> None:
    visitor, page, browser = Visitor(app), Page(), BrowserKey()
    done = arrive(visitor, visitor.get(demo.sign_in(visitor.begin(page), "ada")))
    token = visitor.redeem(page, data(done)["code"], jwk=browser.jwk).json["token"]
    with_key = Reader(cast("FlaskClient", KeyedClient(app.test_client(), browser)), token=token)
    assert Person(visitor, with_key, {}).word()
    copied = Person(visitor, Reader(app.test_client(), token=token), {})
    assert code(copied.ask()) == "session.bad_proof"


# -- unlinking


def linked(app: Flask, demo: DemoId, ada: Person) -> Person:
    """Ada with Bruno's account as her second; the session that came of it."""
    page = Page()
    asked = question(ada, demo, "bruno", page)
    done = ada.visitor.post("/auth/consent", {"h": handle(asked), "choice": "yes"})
    opened = ada.visitor.redeem(page, data(done)["code"])
    return Person(ada.visitor, Reader(app.test_client(), token=opened.json["token"]), opened.json["user"])


def unlink(person: Person, public_id: str) -> TestResponse:
    return person.page.client.delete(f"/api/v1/me/identities/{public_id}", headers=person.page.headers())


def test_unlinking_ends_its_sessions_and_keeps_the_comments(app: Flask, ada: Person, demo: DemoId) -> None:
    second = linked(app, demo, ada)
    comment = second.page.posted("Written as Bruno")
    assert comment["author"]["name"] == "Bruno Keller"
    tag = second.page.read().headers["ETag"]
    bruno = second.identities()[1]
    assert unlink(ada, bruno["id"]).status_code == 204
    assert code(second.page.post("still here?")) == "session.invalid"
    shown = ada.page.comments()[0]
    assert shown["author"] == {"id": ada.user["id"], "name": "Ada Moretti"}
    assert ada.page.read().headers["ETag"] != tag
    assert ada.page.edit(comment["id"], "Still mine").status_code == 200
    assert state(app)["owners"] == [("ada", 1)]
    assert sign_in(app, demo, "bruno").user["id"] != ada.user["id"]
    with app.app_context():
        known = db.session.scalars(select(KnownBrowser.user_id)).all()
        assert 1 not in known  # the browser was known by the account that is gone


def test_the_last_account_stays(app: Flask, ada: Person, demo: DemoId) -> None:
    only = ada.identities()[0]
    answer = unlink(ada, only["id"])
    assert (answer.status_code, code(answer)) == (409, "identity.last")
    assert ada.page.post("still here").status_code == 201


@pytest.mark.parametrize("public_id", ["0" * 20, "x", "%00", "1"])
def test_there_is_no_such_account(ada: Person, public_id: str) -> None:
    answer = unlink(ada, public_id)
    assert answer.status_code == 404


def test_nobody_unlinks_for_somebody_else(app: Flask, ada: Person, demo: DemoId) -> None:
    linked(app, demo, ada)
    mallory = sign_in(app, demo, "mallory")
    for identity in ada.identities():
        answer = unlink(mallory, identity["id"])
        assert (answer.status_code, code(answer)) == (404, "identity.not_found")
    assert len(ada.identities()) == 2


def test_what_one_sees_of_ones_accounts(app: Flask, ada: Person, demo: DemoId) -> None:
    demo.put("ada", {"name": "Ada Moretti", "email": "ada@demo.example", "profile": "https://ada.example/"})
    again = sign_in(app, demo, "ada")
    answer = again.page.client.get("/api/v1/me/identities", headers=again.page.headers())
    assert answer.headers["Cache-Control"] == "no-store"
    (shown,) = answer.json["identities"]
    assert set(shown) == {"id", "provider", "name", "since", "current", "url"}
    assert (shown["name"], shown["url"], shown["current"]) == ("Ada Moretti", "https://ada.example/", True)
    for secret in ("ada@demo.example", demo.issuer, '"ada"'):
        assert secret not in answer.text
    guest = Reader(app.test_client()).be_guest()
    assert guest.client.get("/api/v1/me/identities", headers=guest.headers()).json == {"identities": []}


def test_a_sign_in_leaves_no_row_of_a_link_behind(app: Flask, ada: Person, demo: DemoId) -> None:
    linked(app, demo, ada)
    with app.app_context():
        for model in (Login, LinkRequest, Ticket):
            assert db.session.scalar(select(func.count()).select_from(model)) == 0
        assert db.session.scalar(select(func.count(Session.id))) == 2
