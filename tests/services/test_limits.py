"""No limit is ever exceeded by one: fifty clients at once, four processes, and each rule alone in the way."""

import secrets
import threading
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import pytest
import requests
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select

from tests.conftest import SECRET_KEY
from tests.support import live
from tests.support.api import BLOG, OPEN, Page, add_site, code
from tests.support.waiting import free_port
from widget import create_app
from widget.core import clock, limits, senders
from widget.core.limits import Limit
from widget.extensions import db
from widget.models import Comment, Tally
from widget.services import guests, housekeeping, sites

PERCENT = 10
CLIENTS = 50
ROUNDS = 3  # each client asks so often, so that most are refused


@dataclass(frozen=True)
class Target:
    """A server of four processes; and an application on the same database that knows no limits."""

    server: str
    app: Flask

    def people(self, number: int, site: str) -> list[str]:
        """Bearers of so many guests."""
        with self.app.app_context():
            found = sites.by_key(site)
            said = {"email": None, "website": None, "thumbprint": None, "address": ""}
            return [
                guests.open_session(found, name=f"G{at}", key=secrets.token_urlsafe(16), **said)[0]  # type: ignore[arg-type]
                for at in range(number)
            ]

    def send(self, method: str, path: str, body: object, *, token: str | None, address: str) -> int:
        """One request by way of the proxy that the operator says is there; its status."""
        headers = {"Origin": BLOG, "Idempotency-Key": secrets.token_urlsafe(16), "X-Forwarded-For": address}
        if token:
            headers["Authorization"] = f"Bearer {token}"
        answer = requests.request(method, f"{self.server}/api/v1/{path}", json=body, headers=headers, timeout=120)
        if answer.status_code == 429:
            assert answer.json()["error"]["code"].startswith("limit.")
            assert 0 < int(answer.headers["Retry-After"]) <= 3600
        return answer.status_code

    def mention(self, site: str, source: str, page: str, *, address: str) -> int:
        """One Webmention; its status."""
        form = {"source": source, "target": page}
        where = f"{self.server}/webmention/{site}"
        answer = requests.post(where, data=form, headers={"X-Forwarded-For": address}, timeout=120)
        if answer.status_code == 429:
            assert answer.json()["error"]["code"].startswith("limit.")
        return answer.status_code


@pytest.fixture
def target(database_url: str, tmp_path: Path) -> Iterator[Target]:
    """Both of them; nothing is there yet."""
    app = create_app({"DATABASE_URL": database_url, "SECRET_KEY": SECRET_KEY, "BUSY_TIMEOUT": 60})
    port = free_port()
    more = {"WORKERS": "4", "LIMITS": str(PERCENT), "PROXY_HOPS": "1", "BUSY_TIMEOUT": "60", "SECRET_KEY": SECRET_KEY}
    env = live.settings(tmp_path, database_url=database_url, port=port, **more)
    with live.running(env, tmp_path / "server.log", seconds=120):
        yield Target(f"http://127.0.0.1:{port}", app)
    with app.app_context():
        db.session.remove()
        db.engine.dispose()


def at_once(work: Callable[[int], int], number: int) -> Counter[int]:
    """The statuses of `work(0)` … begun by fifty threads together."""
    gate = threading.Barrier(CLIENTS)

    def one(place: int) -> list[int]:
        gate.wait(60)
        return [work(at) for at in range(place, number, CLIENTS)]

    with ThreadPoolExecutor(CLIENTS) as pool:
        return Counter(status for found in pool.map(one, range(CLIENTS)) for status in found)


def requests_of(target: Target, row: Limit, site: str) -> Callable[[int], int]:
    """Sends the request number N of this action, such that `row` is the only limit in its way."""
    number = CLIENTS * ROUNDS
    shared = "2001:db8:7:7::{:x}"
    spread = "2001:db8:{:x}::1"
    people = target.people(1 if row.scope == "person" else number, site)
    page = "https://blog.test/{}"
    comment = ""
    if row.action in {"reaction", "flag"}:
        with target.app.app_context():
            author = Page(target.app.test_client(), site=site, url=page.format("root")).be_person("Author")
        comment = author.posted("root")["id"]
        if row.action == "reaction":
            people = [
                str(Page(target.app.test_client(), site=site).be_person(f"P{at}").token)
                for at in range(1 if row.scope == "person" else number)
            ]

    def send(at: int) -> int:
        token = people[at % len(people)]
        address = (shared if row.scope == "address" else spread).format(at + 1)
        where = page.format(at if row.scope in {"person", "address"} else "one" if row.scope == "page" else at)
        match row.action:
            case "comment":
                body = {"site": site, "page": {"url": where}, "text": f"Comment {at}"}
                return target.send("POST", "comments", body, token=token, address=address)
            case "session":
                return target.send(
                    "POST", "session", {"site": site, "guest": {"name": "X"}}, token=None, address=address
                )
            case "reaction":
                method = "PUT" if at % 2 else "DELETE"
                return target.send(method, f"comments/{comment}/reactions/like", None, token=token, address=address)
            case "flag":
                return target.send(
                    "POST", f"comments/{comment}/flags", {"reason": "spam"}, token=token, address=address
                )
            case "preview":
                return target.send("POST", "preview", {"site": site, "text": "x"}, token=None, address=address)
            case "mention":
                source = f"https://{'one' if row.scope == 'source' else f'h{at}'}.example/{at}"
                return target.mention(site, source, where, address=address)
            case _:
                path = f"threads/people?site={site}&url={page.format('one')}"
                return target.send("GET", path, None, token=None, address=address)

    return send


def test_no_limit_is_exceeded_by_fifty_clients_of_four_processes(target: Target) -> None:
    reached = {}
    by_http = [row for row in limits.ROWS if row.action != "reply"]  # answers by mail: tests/services/inbound
    for place, row in enumerate(by_http):
        site = f"site{place}"
        add_site(target.app, site, (BLOG,), webmentions="receive")
        [allowed] = [one.most for one in limits.of(row.action, PERCENT) if one.scope == row.scope]
        found = at_once(requests_of(target, row, site), CLIENTS * ROUNDS)
        passed = found[200] + found[201]
        assert set(found) <= {200, 201, 429}, (row, found)
        assert passed <= allowed, (row, found)
        # What writes is counted exactly; what only reads has each process's share.
        assert passed == allowed or row.action in {"preview", "people"}, (row, found)
        assert passed, (row, found)
        reached[row.action, row.scope] = passed
    assert len(reached) == 16
    with target.app.app_context():
        most = db.session.execute(select(Comment.site_id, func.count()).group_by(Comment.site_id)).all()
        assert max(count for _, count in most) <= limits.of("comment", PERCENT)[3].most


SETTINGS = {"LIMITS": 10}


@pytest.fixture
def app_settings() -> dict[str, object]:
    """Limits that are soon reached."""
    return SETTINGS


@pytest.fixture
def page(app: Flask, client: FlaskClient) -> Page:
    """A guest on a page."""
    add_site(app)
    return Page(client).be_guest()


def test_a_refusal_says_when_to_come_back(app: Flask, page: Page) -> None:
    made = [page.post(str(at)) for at in range(3)]
    assert [answer.status_code for answer in made] == [201, 201, 429]
    assert code(made[2]) == "limit.person"
    seconds = int(made[2].headers["Retry-After"])
    assert seconds == made[2].json["error"]["retry"] <= 600
    with clock.freeze(clock.now() + timedelta(seconds=seconds + 1)):
        assert page.post("later").status_code == 201


def test_what_is_refused_otherwise_or_repeated_is_not_counted(page: Page) -> None:
    assert code(page.post("reply", "c_nobody")) == "comment.bad_parent"
    once = "the-same-key-again-and-again"
    assert {page.post("once", headers={"Idempotency_Key": once}).status_code for _ in range(5)} == {201}
    assert page.post("two").status_code == 201
    assert code(page.post("three")) == "limit.person"


def test_addresses_cannot_be_made_up(app: Flask, page: Page) -> None:
    def posted(settings: dict[str, object]) -> list[int]:
        app.config.update(settings)
        answers = []
        for at in range(8):
            page.extra = {
                "X-Forwarded-For": f"198.51.100.{at}",
                "X-Real-IP": f"198.51.100.{at}",
                "Forwarded": f"for={at}",
            }
            answers.append(page.open_session(guest={"name": f"G{at}"}).status_code)
        return answers

    assert posted({"PROXY_HOPS": 0}) == [201, 201] + [429] * 6  # one was the fixture's
    # The negative control: where that header is believed, whoever sends it chooses what they are counted as.
    assert posted({"PROXY_HOPS": 1}) == [201] * 8


def test_neither_addresses_nor_people_can_be_read_out_of_the_rows(app: Flask, page: Page) -> None:
    page.post("Hello")
    with app.app_context():
        kept = db.session.scalars(select(Tally)).all()
        assert len(kept) == 2 + 4  # the session by address and site; the comment by all four
        said = " ".join(row.key for row in kept)
        assert all(len(row.key) == 43 for row in kept)
        for plain in ("127.0.0.1", senders.block("127.0.0.1"), BLOG, "blog"):
            assert plain not in said
    with clock.freeze(clock.now() + timedelta(minutes=11)), app.app_context():
        housekeeping.sweep()
        assert db.session.scalar(select(func.count()).select_from(Tally)) == 0


def test_no_limits_where_they_are_off(app: Flask, page: Page) -> None:
    app.config["LIMITS"] = 0
    assert {page.post(str(at)).status_code for at in range(10)} == {201}
    with app.app_context():
        assert db.session.scalar(select(func.count()).select_from(Tally)) == 2  # of the fixture's session


@pytest.mark.parametrize("code_", sorted({row.code for row in limits.ROWS}))
def test_the_rows_are_in_order(code_: str) -> None:
    assert code_ in {"limit.person", "limit.address", "limit.page", "limit.source", "limit.site"}
    scopes = list(limits.SCOPES)
    for action in limits.ACTIONS:
        places = [scopes.index(row.scope) for row in limits.ROWS if row.action == action]
        assert places == sorted(places)
        assert places
    assert {**OPEN}  # the sites of these tests hold nothing back
