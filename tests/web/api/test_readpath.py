"""Ready bytes: what Flask would say, never stale, never somebody else's, and never more than there is room for."""

import contextlib
import gzip
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any
from urllib.parse import quote

import brotli
import pytest
import requests
from flask import Flask, request, request_started
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from tests.support import live as rig
from tests.support import stores
from tests.support.api import BLOG, PAGE, Page, add_site, key
from tests.support.waiting import free_port
from widget import create_app
from widget.extensions import db
from widget.services import sites, transaction
from widget.web import readpath

LONG = "A word and another. " * 40


@contextlib.contextmanager
def listening(app: Flask) -> Iterator[list[str]]:
    """What comes through to Flask."""
    seen: list[str] = []

    def note(_sender: Flask, **_: Any) -> None:
        seen.append(f"{request.path}?{request.query_string.decode()}")

    with request_started.connected_to(note, app):
        yield seen


@pytest.fixture
def asked(app: Flask) -> Iterator[list[str]]:
    """What comes through to Flask during the test."""
    with listening(app) as seen:
        yield seen


def reads(seen: list[str]) -> int:
    """How many reads came through."""
    return sum(line.startswith(("/api/v1/threads?", "/api/v1/counts?")) for line in seen)


def same(answer: TestResponse) -> tuple[Any, ...]:
    """All of an answer that must not depend on who gives it."""
    return answer.status_code, answer.data, sorted(answer.headers)


QUERIES: list[dict[str, Any]] = [
    {},
    {"sort": "newest"},
    {"limit": "1"},
    {"body": "html"},
    {"since": "0"},
    {"since": "1"},
    {"url": f"{BLOG}/nothing"},
    {"site": ""},
    {"sort": "wrong"},
    {"site": "none"},
    {"url": "https://elsewhere.test/"},
    {"limit": ["1", "2"]},
]


def test_flask_alone_says_the_same(app: Flask, database_url: str, ann: Page) -> None:
    """Byte for byte, header for header; refusals too."""
    kept = {name: app.config[name] for name in ("SECRET_KEY", "PUBLIC_URL")}
    alone = create_app({**kept, "DATABASE_URL": database_url, "READY_MB": 0})
    assert readpath.of(alone) is None
    plain = Page(alone.test_client())
    ann.posted(LONG)
    ann.posted("two")
    for query in QUERIES:
        for headers in (
            {},
            {"If-None-Match": ann.read(**query).headers.get("ETag", "x")},
            {"Origin": "https://x.test"},
        ):
            for _ in range(2):
                assert same(ann.read(headers=headers, **query)) == same(plain.read(headers=headers, **query)), query
    counts = {"site": "blog", "url": [PAGE, f"{BLOG}/x", "javascript:1", PAGE]}
    for _ in range(2):
        assert same(ann.client.get("/api/v1/counts", query_string=counts)) == same(
            plain.client.get("/api/v1/counts", query_string=counts)
        )
    for path in ("/embed.js", "/themes/quiet.css", "/assets/none-123456.js"):
        status, body, headers = same(plain.client.get(path))
        # A date says less than the ETag beside it.
        assert same(ann.client.get(path)) == (status, body, [pair for pair in headers if pair[0] != "Date"])
    with alone.app_context():
        db.session.remove()
        db.engine.dispose()


def test_flask_is_asked_once_until_something_changes(app: Flask, asked: list[str], ann: Page, bob: Page) -> None:
    ann.posted("one")
    bodies = {ann.read().data for _ in range(5)}
    assert (len(bodies), reads(asked)) == (1, 1)
    bob.posted("two")
    assert len(ann.comments()) == 2
    assert reads(asked) == 2
    bob.posted("elsewhere", page={"url": f"{BLOG}/other"})
    assert len(ann.comments()) == 2
    assert reads(asked) == 2  # another thread's news change nothing here


def test_every_change_is_seen_at_once(app: Flask, ann: Page) -> None:
    comment = ann.posted("one")
    assert ann.comments()[0]["body"] == [["p", "one"]]
    ann.edit(comment["id"], "changed")
    assert ann.comments()[0]["body"] == [["p", "changed"]]
    ann.delete(comment["id"])
    assert ann.comments() == []
    with app.app_context():
        transaction.write(lambda session: sites.change(session, "blog", settings={"sort": "newest"}))
    first, second = ann.posted("first")["id"], ann.posted("second")["id"]
    assert [one["id"] for one in ann.comments()] == [second, first]
    with app.app_context():
        transaction.write(lambda session: sites.change(session, "blog", settings={"sort": "oldest"}))
    assert [one["id"] for one in ann.comments()] == [first, second]
    with app.app_context():
        transaction.write(lambda session: sites.change(session, "blog", settings={}, origins=["https://new.test"]))
    assert ann.read().status_code == 403


def test_a_second_site_of_an_origin_makes_reads_without_a_key_ambiguous(app: Flask, ann: Page) -> None:
    ann.posted()
    assert ann.read(site="").status_code == 200
    add_site(app, "second")
    assert ann.read(site="").status_code == 400
    assert ann.read().status_code == 200


def test_counts_are_fresh(ann: Page, asked: list[str]) -> None:
    def counts() -> dict[str, int]:
        answer = ann.client.get("/api/v1/counts", query_string={"site": "blog", "url": [PAGE, f"{BLOG}/x"]})
        found: dict[str, int] = answer.json["counts"]
        return found

    assert counts() == counts() == {PAGE: 0, f"{BLOG}/x": 0}
    assert reads(asked) == 1
    ann.posted()
    ann.posted("there", page={"url": f"{BLOG}/x"})
    assert counts() == counts() == {PAGE: 1, f"{BLOG}/x": 1}
    assert reads(asked) == 2


def test_codings(ann: Page) -> None:
    ann.posted(LONG)
    plain = ann.read().data
    for accepted, coding in (
        ("gzip", "gzip"),
        ("br, gzip", "br"),
        ("gzip;q=0, br;q=0", None),
        ("*", "br"),
        ("zstd", None),
    ):
        answer = ann.read(headers={"Accept-Encoding": accepted})
        assert answer.headers.get("Content-Encoding") == coding, accepted
        unpack = {"gzip": gzip.decompress, "br": brotli.decompress, None: bytes}[coding]
        assert unpack(answer.data) == plain
        assert int(answer.headers["Content-Length"]) == len(answer.data)
        assert answer.headers["Vary"] == "Accept-Encoding"
        tag = answer.headers["ETag"]
        again = ann.read(headers={"Accept-Encoding": accepted, "If-None-Match": f'"x", {tag}'})
        assert (again.status_code, again.data, again.headers["ETag"]) == (304, b"", tag)


def test_head_has_the_headers_of_get_and_no_body(ann: Page) -> None:
    ann.posted(LONG)
    query = {"site": "blog", "url": PAGE}
    got = ann.client.get("/api/v1/threads", query_string=query)
    for _ in range(2):
        head = ann.client.head("/api/v1/threads", query_string=query)
        assert (head.status_code, head.data, sorted(head.headers)) == (200, b"", sorted(got.headers))
    refused = ann.client.head("/api/v1/threads", query_string={"site": "none", "url": PAGE})
    assert (refused.status_code, refused.data) == (404, b"")


def test_a_range_is_answered_whole(ann: Page) -> None:
    ann.posted(LONG)
    assert ann.read(headers={"Range": "bytes=0-1"}).status_code == 200


def kept(app: Flask) -> tuple[int, int, int]:
    """Answers, spellings and bytes that are kept."""
    found = readpath.of(app)
    assert found is not None
    return found.held()


def test_spellings_and_junk_make_no_new_answers(app: Flask, ann: Page, asked: list[str]) -> None:
    ann.posted()
    expected = ann.read().data
    page = quote(PAGE, safe="")
    for number in range(200):
        answer = ann.client.get(f"/api/v1/threads?utm={number}&url={page}&site=blog&x[]={number}&id=")
        assert answer.data == expected
    answers, spellings, _ = kept(app)
    assert (answers, reads(asked)) == (1, 1)
    assert spellings <= readpath.SPELLINGS


def test_questions_that_flask_tells_apart_share_no_answer(ann: Page) -> None:
    """Bytes that are no UTF-8 are not all alike."""
    first = ann.client.get("/api/v1/threads?site=blog&url=https%3A//blog.test/%FF")
    second = ann.client.get("/api/v1/threads?site=blog&url=https%3A//blog.test/%FE")
    assert (first.status_code, second.status_code) == (200, 200)
    assert first.json["thread"]["url"] != second.json["thread"]["url"]
    doubled = ann.client.get(f"/api/v1/threads?site=blog&url={PAGE}&url={BLOG}/x")
    assert doubled.status_code == 422


def test_refusals_are_not_kept(app: Flask, client: FlaskClient) -> None:
    query = {"site": "blog", "url": PAGE}
    assert client.get("/api/v1/threads", query_string=query).status_code == 404
    add_site(app)
    assert client.get("/api/v1/threads", query_string=query).status_code == 200


def test_memory_has_its_bound_and_what_is_read_stays(app: Flask, database_url: str) -> None:
    small = create_app({"DATABASE_URL": database_url, "SECRET_KEY": "x" * 40, "READY_MB": 1})
    add_site(small)
    page = Page(small.test_client())
    for number in range(600):
        page.read(url=f"{BLOG}/{number}")
        page.read()
    answers, spellings, size = kept(small)
    assert size <= 1_000_000
    assert spellings <= answers * readpath.SPELLINGS
    assert 100 < answers < 600
    with listening(small) as seen:
        page.read()
    assert seen == []
    path = readpath.of(small)
    assert path is not None
    path.close()
    with small.app_context():
        db.session.remove()
        db.engine.dispose()


def test_many_at_once_ask_flask_once(app: Flask, ann: Page) -> None:
    ann.posted()
    seen: list[str] = []
    inside, go = threading.Event(), threading.Event()

    def slow(_sender: Flask, **_: Any) -> None:
        seen.append(request.path)
        inside.set()
        go.wait(10)

    with request_started.connected_to(slow, app), ThreadPoolExecutor(8) as pool:
        answers = [pool.submit(lambda: Page(app.test_client()).read().data) for _ in range(8)]
        assert inside.wait(10)
        go.set()
        assert len({answer.result(20) for answer in answers}) == 1
    assert len(seen) == 1


@contextlib.contextmanager
def four_workers(store: stores.Store, folder: Path) -> Iterator[str]:
    """A real server of four processes; its API."""
    with store.fresh(folder) as url:
        port = free_port()
        env = rig.settings(folder, database_url=url, port=port, WORKERS="4", THREADS="4")
        rig.command(env, "site", "add", "blog", "--origin", BLOG)
        rig.command(env, "site", "set", "blog", *rig.OPEN)
        with rig.running(env, folder / "server.log"):
            yield f"http://127.0.0.1:{port}/api/v1"


def test_no_process_is_stale_after_another_said_201(store: stores.Store, tmp_path: Path) -> None:
    """Each read goes over a connection of its own, and so to any of the workers."""
    query = {"site": "blog", "url": PAGE}
    with four_workers(store, tmp_path) as api:
        headers = {"Origin": BLOG, "Idempotency-Key": key()}
        guest = {"site": "blog", "guest": {"name": "A"}}
        opened = requests.post(f"{api}/session", json=guest, headers=headers, timeout=30)
        headers["Authorization"] = f"Bearer {opened.json()['token']}"
        for number in range(1, 26):
            headers["Idempotency-Key"] = key()
            body = {"site": "blog", "page": {"url": PAGE}, "text": f"number {number}"}
            assert requests.post(f"{api}/comments", json=body, headers=headers, timeout=30).status_code == 201
            for _ in range(6):
                seen = requests.get(f"{api}/threads", params=query, headers={"Connection": "close"}, timeout=30).json()
                assert seen["thread"]["count"] == number
                assert len(seen["comments"]) == number
