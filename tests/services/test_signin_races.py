"""Sign-ins at the same moment: the database decides, and exactly one of the equal ones wins."""

import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

import pytest
from flask import Flask
from sqlalchemy import func, select

from tests.support.api import put_site
from tests.support.oidc import DemoId, demo_id
from tests.support.visitor import BLOG, SERVER, Page, Visitor, data
from widget import create_app
from widget.extensions import db
from widget.models import Consent, Identity, Session, Ticket, User
from widget.services import transaction

T = TypeVar("T")


@pytest.fixture(scope="module")
def demo() -> Iterator[DemoId]:
    with demo_id() as running:
        yield running


@pytest.fixture
def app(database_url: str, demo: DemoId) -> Iterator[Flask]:
    app = create_app({"DATABASE_URL": database_url, "PUBLIC_URL": SERVER, "THREADS": 32, **demo.settings})
    with app.app_context():
        transaction.write(lambda session: put_site(session, "blog", "The Blog", [BLOG]))
    yield app
    with app.app_context():
        db.session.remove()
        db.engine.dispose()


def at_once(number: int, work: Callable[[int], T]) -> list[T]:
    """What `work(0)` … `work(number - 1)` return, begun together."""
    gate = threading.Barrier(number)

    def one(place: int) -> T:
        gate.wait(20)
        return work(place)

    with ThreadPoolExecutor(number) as pool:
        return list(pool.map(one, range(number)))


def rows(app: Flask, model: type[db.Model]) -> int:
    with app.app_context():
        return db.session.scalar(select(func.count()).select_from(model)) or 0


def test_one_answer_brought_twenty_times_is_one_sign_in(app: Flask, demo: DemoId) -> None:
    visitor = Visitor(app)
    back = demo.sign_in(visitor.begin(Page()), "ada")
    cookie = visitor.http.get_cookie("__Host-cw_tx", domain="comments.test")
    assert cookie

    def bring(_place: int) -> int:
        same = Visitor(app)
        same.http.set_cookie("__Host-cw_tx", cookie.value, domain="comments.test")
        return same.get(back).status_code

    assert sorted(at_once(20, bring)) == [200] + [403] * 19
    assert rows(app, Ticket) == rows(app, User) == 1


def test_a_person_who_signs_in_for_the_first_time_in_eight_browsers_is_one_person(app: Flask, demo: DemoId) -> None:
    visitors = [Visitor(app) for _ in range(8)]
    backs = [demo.sign_in(visitor.begin(Page()), "ada") for visitor in visitors]
    assert at_once(8, lambda place: visitors[place].get(backs[place]).status_code) == [200] * 8
    assert rows(app, User) == rows(app, Identity) == rows(app, Consent) == 1
    assert rows(app, Ticket) == 8


def test_one_ticket_redeemed_ten_times_at_once_is_one_session(app: Flask, demo: DemoId) -> None:
    visitor, page = Visitor(app), Page()
    code = data(visitor.get(demo.sign_in(visitor.begin(page), "ada")))["code"]
    statuses = at_once(10, lambda _place: Visitor(app).redeem(page, code).status_code)
    assert sorted(statuses) == [201] + [400] * 9
    assert rows(app, Session) == 1
