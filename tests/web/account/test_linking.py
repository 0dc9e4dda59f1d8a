"""Linking a second account on the account page."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import func, select

from tests.support.oidc import DemoId
from tests.support.people import HOME, Person, csrf, refused, send, sign_in, state
from tests.support.visitor import SERVER, Visitor, handle
from widget.core import clock
from widget.extensions import db
from widget.models import Identity, Login, Session, Ticket
from widget.services import accounts


def test_two_accounts_become_one_person(app: Flask, ada: Person, demo: DemoId) -> None:
    asked = ada.entered("ada").propose("bruno")
    assert "<h1>Link Bruno Keller (Demo ID) to your account</h1>" in asked.text
    assert "Here you are Ada Moretti (Demo ID)." in asked.text
    assert state(app)["users"] == 1  # nothing before the yes
    done = send(ada.visitor, "/confirm", csrf(asked), h=handle(asked), choice="yes")
    assert done.headers["Location"] == f"{SERVER}{HOME}"
    assert state(app)["owners"] == [("ada", 1), ("bruno", 1)]
    page = ada.account().text
    assert page.index("Ada Moretti") < page.index("Bruno Keller")
    elsewhere = sign_in(app, demo, "bruno")
    assert elsewhere.user["id"] == ada.user["id"]
    assert elsewhere.user["name"] == "Bruno Keller"
    with app.app_context():
        for model in (Login, Ticket):
            assert db.session.scalar(select(func.count()).select_from(model)) == 0
        assert db.session.scalar(select(func.count(Session.id))) == 2


def test_the_question_in_italian(ada: Person) -> None:
    ada.entered("ada")
    to_provider = ada.visitor.post(
        "/account/link?lang=it", {"csrf": csrf(ada.account()), "provider": "oidc"}, headers={"Origin": SERVER}
    )
    answer = ada.visitor.get(ada.demo.sign_in(to_provider.headers["Location"], "bruno"))
    assert "Collega Bruno Keller (Demo ID) al tuo account" in ada.visitor.get(answer.headers["Location"]).text


def test_an_account_that_is_linked_already(app: Flask, ada: Person) -> None:
    before = state(app)
    assert "<h1>Your account</h1>" in ada.entered("ada").propose("ada").text
    assert state(app) == before


@pytest.mark.parametrize("choice", ["no", "", "YES"])
def test_saying_no_changes_nothing(app: Flask, ada: Person, choice: str) -> None:
    before = state(app)
    asked = ada.entered("ada").propose("bruno")
    assert send(ada.visitor, "/confirm", csrf(asked), h=handle(asked), choice=choice).status_code == 303
    answer = send(ada.visitor, "/confirm", csrf(asked), h=handle(asked), choice="yes")
    refused(answer, "signin.expired", 403)
    assert state(app) == before


def test_somebody_elses_account_stays_theirs(app: Flask, ada: Person, demo: DemoId) -> None:
    sign_in(app, demo, "bruno")
    before = state(app)
    demo.put("bruno", {"name": "Bruno, renamed"})
    answer = ada.entered("ada").propose("bruno")
    demo.put("bruno", {"name": "Bruno Keller"})
    refused(answer, "signin.identity_taken", 409)
    assert state(app) == before
    with app.app_context():
        assert "Bruno, renamed" not in db.session.scalars(select(Identity.name)).all()


def test_an_account_that_becomes_somebody_elses_while_the_question_is_open(
    app: Flask, ada: Person, demo: DemoId
) -> None:
    asked = ada.entered("ada").propose("bruno")
    sign_in(app, demo, "bruno")
    answer = send(ada.visitor, "/confirm", csrf(asked), h=handle(asked), choice="yes")
    refused(answer, "signin.identity_taken", 409)
    assert state(app)["owners"] == [("ada", 1), ("bruno", 2)]


def test_a_question_waits_ten_minutes(app: Flask, ada: Person) -> None:
    asked = ada.entered("ada").propose("bruno")
    with clock.freeze(clock.now() + timedelta(minutes=10)):
        answer = send(ada.visitor, "/confirm", csrf(asked), h=handle(asked), choice="yes")
    refused(answer, "signin.expired", 403)
    assert state(app)["owners"] == [("ada", 1)]


def test_who_is_not_signed_in_there_links_nothing(app: Flask, ada: Person) -> None:
    refused(ada.visitor.get("/account/link?lang=en"), "account.signed_out", 403)
    refused(ada.press("/link", provider="oidc"), "account.forged", 403)


def test_two_people_link_the_same_account_at_the_same_moment(app: Flask, ada: Person, demo: DemoId) -> None:
    demo.put("carla", {"name": "Carla"})
    people = [ada.entered("ada"), sign_in(app, demo, "bruno").entered("bruno")]
    asked = [person.propose("carla") for person in people]

    def say_yes(place: int) -> int:
        page = asked[place]
        return send(people[place].visitor, "/confirm", csrf(page), h=handle(page), choice="yes").status_code

    with ThreadPoolExecutor(2) as pool:
        assert sorted(pool.map(say_yes, range(2))) == [303, 409]
    assert [subject for subject, _ in state(app)["owners"]] == ["ada", "bruno", "carla"]


def test_somebody_links_it_between_the_look_and_the_write(
    app: Flask, ada: Person, demo: DemoId, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The same race, held still: the look is of the moment before."""
    demo.put("carla", {"name": "Carla"})
    bruno = sign_in(app, demo, "bruno").entered("bruno")
    hers, his = ada.entered("ada").propose("carla"), bruno.propose("carla")
    assert send(bruno.visitor, "/confirm", csrf(his), h=handle(his), choice="yes").status_code == 303
    before = state(app)
    monkeypatch.setattr(accounts, "owner_of", lambda *_: None)
    refused(send(ada.visitor, "/confirm", csrf(hers), h=handle(hers), choice="yes"), "signin.identity_taken", 409)
    assert state(app) == before


def test_one_yes_pressed_twice(app: Flask, ada: Person) -> None:
    page = ada.entered("ada").propose("bruno")

    def say_yes(_: int) -> int:
        same = Visitor(app)
        for name in ("__Host-cw_me", "__Host-cw_tx"):
            found = ada.visitor.http.get_cookie(name, domain="comments.test")
            assert found
            same.http.set_cookie(name, found.value, domain="comments.test")
        return send(same, "/confirm", csrf(page), h=handle(page), choice="yes").status_code

    with ThreadPoolExecutor(4) as pool:
        assert sorted(pool.map(say_yes, range(4))) == [303, 403, 403, 403]
    assert state(app)["owners"] == [("ada", 1), ("bruno", 1)]
