"""Set-up links: the first administrator, once; and what wrong ones lead to."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import func, select

from tests.support.desk import Desk, known, person, refused
from tests.support.people import csrf
from tests.support.visitor import query
from widget.core import clock, tokens
from widget.extensions import db
from widget.models import Administrator, SetupFailure, SetupLink
from widget.services import setup_links, transaction

Make = Callable[[], Desk]


@pytest.fixture
def link(app: Flask) -> str:
    """The secret of a link that waits for somebody."""
    with app.app_context():
        return transaction.write(setup_links.make)


def administrators(app: Flask) -> int:
    with app.app_context():
        return db.session.scalar(select(func.count()).select_from(Administrator)) or 0


def test_whoever_comes_with_it_first_is_the_administrator(app: Flask, desk: Make, link: str) -> None:
    with app.app_context():
        assert db.session.scalars(select(SetupLink.secret_hash)).one() == tokens.digest(link)
    ada = desk()
    asked = ada.press("/setup", on="/setup", setup=f" {link} ")
    assert asked.status_code == 200
    assert "Sign in with Demo ID" in asked.text
    begun = ada.send("/signin", csrf(asked), provider="oidc", setup=link)
    assert ada.visitor.get(ada.demo.sign_in(begun.headers["Location"], "ada")).status_code == 200
    assert ada.get("/").status_code in {200, 303}
    assert administrators(app) == 1
    assert known(app) == ["ada"]
    refused(desk().press("/setup", on="/setup", setup=link), "setup.invalid", 403)


def test_two_who_come_with_the_same_link(app: Flask, desk: Make, link: str) -> None:
    """Both were at the provider already; the second is nobody."""
    browsers = [desk(), desk()]
    begun = [one.press("/signin", on="/signin", provider="oidc", setup=link) for one in browsers]
    answers = [
        one.visitor.get(one.demo.sign_in(leaves.headers["Location"], subject))
        for one, leaves, subject in zip(browsers, begun, ("ada", "bruno"), strict=True)
    ]
    assert answers[0].status_code == 200
    assert query(answers[1].headers["Location"])["why"] == "setup.invalid"
    assert administrators(app) == 1
    assert known(app) == ["ada"]


def test_it_is_over_after_three_days_or_with_the_next_one(app: Flask, desk: Make, link: str) -> None:
    with clock.freeze(clock.now() + timedelta(days=3, seconds=1)):
        refused(desk().press("/setup", on="/setup", setup=link), "setup.invalid", 403)
    with app.app_context():
        newer = transaction.write(setup_links.make)
    refused(desk().press("/setup", on="/setup", setup=link), "setup.invalid", 403)
    assert desk().press("/setup", on="/setup", setup=newer).status_code == 200


@pytest.mark.parametrize("way", ["/setup", "/signin"])
def test_after_ten_wrong_words_none_is_looked_at(app: Flask, desk: Make, link: str, way: str) -> None:
    mallory = desk()
    for _ in range(10):
        refused(mallory.press(way, on=way, setup=tokens.secret(), provider="oidc"), "setup.invalid", 403)
    refused(mallory.press(way, on=way, setup=tokens.secret(), provider="oidc"), "setup.locked", 429)
    refused(desk().press(way, on=way, setup=link, provider="oidc"), "setup.locked", 429)
    with app.app_context():
        assert db.session.scalar(select(func.count()).select_from(SetupFailure)) == 10
    with clock.freeze(clock.now() + setup_links.LOCKED_FOR + timedelta(seconds=1)):
        assert desk().press("/setup", on="/setup", setup=link).status_code == 200
    with app.app_context():
        newer = transaction.write(setup_links.make)  # the operator need not wait
    assert desk().press("/setup", on="/setup", setup=newer).status_code == 200


def test_nine_wrong_words_lock_nobody_out(desk: Make, link: str) -> None:
    """The control: it is the count alone that stops the eleventh."""
    mallory = desk()
    for _ in range(9):
        mallory.press("/setup", on="/setup", setup=tokens.secret())
    assert mallory.press("/setup", on="/setup", setup=link).status_code == 200


def test_words_that_are_none(app: Flask, desk: Make, link: str) -> None:
    for word in ("", "x", "x" * 5_000, tokens.digest(link), f"{link}x", "%", "\x00"):
        refused(desk().press("/setup", on="/setup", setup=word), "setup.invalid", 403)
    assert administrators(app) == 0


def test_a_link_makes_a_known_person_administrator_too(app: Flask, desk: Make, link: str) -> None:
    person(app, "ada", blog="moderator")
    desk().entered("ada", setup=link)
    assert administrators(app) == 1


class TestWithoutProviders:
    """A server on which nobody can sign in yet."""

    @pytest.fixture
    def desk_settings(self) -> dict[str, object]:
        return {"OIDC_CLIENT_ID": ""}

    def test_the_page_says_so(self, desk: Make) -> None:
        for path in ("/setup", "/signin"):
            assert "Switch a provider on first" in desk().get(path).text
