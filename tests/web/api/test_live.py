"""Open pages hear of news: from any process, within limits, and places come back."""

import contextlib
import signal
import socket
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import requests
from flask import Flask

from tests.support import live as rig
from tests.support import stores
from tests.support.api import BLOG, PAGE, Page, add_site, code, key
from tests.support.waiting import free_port, until
from widget.services import live


@pytest.fixture
def app(app: Flask) -> Iterator[Flask]:
    """No thread looks on when a test's database goes."""
    yield app
    until(live.hub(app).resting, what="the end of looking")


@contextlib.contextmanager
def stream(page: Page, **params: Any) -> Iterator[Iterator[bytes]]:
    """The events of the page, as the test client gets them."""
    answer = page.client.get("/api/v1/live", query_string={"site": page.site, "url": page.url, **params})
    assert answer.status_code == 200, answer.text
    assert answer.headers["Access-Control-Allow-Origin"] == "*"
    assert answer.mimetype == "text/event-stream"
    yield iter(answer.response)
    answer.close()


def test_it_says_the_version_and_nothing_of_what_was_said(app: Flask, ann: Page) -> None:
    with stream(ann) as events:
        assert next(events) == b"retry: 10000\ndata: 0\n\n"
        ann.posted("a secret")
        assert next(events) == b"data: 1\n\n"
        ann.posted("another")
        assert next(events) == b"data: 2\n\n"
        with stream(ann, url=f"{BLOG}/other") as elsewhere:
            assert next(elsewhere) == b"retry: 10000\ndata: 0\n\n"
            assert live.hub(app).open_streams() == 2
    assert live.hub(app).open_streams() == 0


def test_a_write_between_reading_and_listening_is_heard(app: Flask, ann: Page) -> None:
    from widget.services import sites, threads

    ann.posted()
    ann.posted()
    with app.app_context():
        site = sites.by_key("blog")
        late = live.hub(app).enter(site, threads.page_of(site, PAGE), 1)
    assert next(late) == 2
    late.close()


def test_places_have_limits_and_come_back(app: Flask, ann: Page) -> None:
    add_site(app, "small", origins=("https://small.test",), live_limit=1)
    small = Page(app.test_client(), site="small", url="https://small.test/")
    query = {"site": "small", "url": small.url}
    first = app.test_client().get("/api/v1/live", query_string=query)
    assert first.status_code == 200
    full = small.client.get("/api/v1/live", query_string=query)
    assert (full.status_code, code(full), full.headers["Cache-Control"]) == (503, "live.full", "no-store")
    other = ann.client.get("/api/v1/live", query_string={"site": "blog", "url": PAGE})
    assert other.status_code == 200  # one site's crowd takes no place of another's
    first.close()
    first.close()
    assert live.hub(app).open_streams() == 1
    again = small.client.get("/api/v1/live", query_string=query)
    assert again.status_code == 200
    again.close()
    other.close()
    assert live.hub(app).open_streams() == 0


def test_no_more_than_the_process_has(app: Flask, ann: Page) -> None:
    answers = [
        app.test_client().get("/api/v1/live", query_string={"site": "blog", "url": f"{BLOG}/{number}"})
        for number in range(app.config["LIVE_PLACES"] + 1)
    ]
    assert [answer.status_code for answer in answers] == [200] * app.config["LIVE_PLACES"] + [503]
    for answer in answers:
        answer.close()
    assert live.hub(app).open_streams() == 0


@pytest.mark.parametrize("setting", ["poll", "off"])
def test_sites_that_do_not_want_it(app: Flask, setting: str) -> None:
    add_site(app, "quiet", origins=("https://quiet.test",), live=setting)
    answer = app.test_client().get("/api/v1/live", query_string={"site": "quiet", "url": "https://quiet.test/"})
    assert (answer.status_code, code(answer)) == (404, "live.off")


class Listener:
    """One reader's connection to a real server, as raw as it gets."""

    def __init__(self, port: int) -> None:
        self._socket = socket.create_connection(("127.0.0.1", port), timeout=20)
        request = f"GET /api/v1/live?site=blog&url={PAGE} HTTP/1.1\r\nHost: comments.test\r\nConnection: close\r\n\r\n"
        self._socket.sendall(request.encode())
        self._heard = b""

    def heard(self, event: bytes) -> bool:
        """Read on until `event` came; False when the stream ended before."""
        while event not in self._heard:
            got = self._socket.recv(65536)
            if not got:
                return False
            self._heard += got
        return True

    def close(self) -> None:
        """Hang up."""
        self._socket.close()


@contextlib.contextmanager
def serving(sqlite_store: stores.SQLite, folder: Path, **more: str) -> Iterator[tuple[int, Any]]:
    """A real server with the site `blog`; its port and process."""
    with sqlite_store.fresh(folder) as url:
        port = free_port()
        env = rig.settings(folder, database_url=url, port=port, **more)
        rig.command(env, "site", "add", "blog", "--origin", BLOG)
        rig.command(env, "site", "set", "blog", *rig.OPEN)
        with rig.running(env, folder / "server.log") as process:
            yield port, process


def post(port: int, text: str) -> None:
    """A guest's comment."""
    headers = {"Origin": BLOG, "Idempotency-Key": key()}
    base = f"http://127.0.0.1:{port}/api/v1"
    session = requests.post(
        f"{base}/session", json={"site": "blog", "guest": {"name": "A"}}, headers=headers, timeout=20
    )
    headers |= {"Authorization": f"Bearer {session.json()['token']}", "Idempotency-Key": key()}
    body = {"site": "blog", "page": {"url": PAGE}, "text": text}
    assert requests.post(f"{base}/comments", json=body, headers=headers, timeout=20).status_code == 201


def test_all_workers_tell_of_a_write_to_one_and_readers_are_answered_meanwhile(
    sqlite_store: stores.SQLite, tmp_path: Path
) -> None:
    """More streams than a process has threads to work with: nobody who reads or writes waits for one."""
    with serving(sqlite_store, tmp_path, WORKERS="2", THREADS="2", LIVE_PLACES="12") as (port, _):
        listeners = [Listener(port) for _ in range(10)]
        assert all(one.heard(b"data: 0\n\n") for one in listeners)
        post(port, "news")
        assert all(one.heard(b"data: 1\n\n") for one in listeners)
        for one in listeners:
            one.close()


def test_who_hangs_up_makes_room(sqlite_store: stores.SQLite, tmp_path: Path) -> None:
    with serving(sqlite_store, tmp_path, LIVE_PLACES="2") as (port, _):
        first, second = Listener(port), Listener(port)
        assert first.heard(b"data: 0\n\n")
        assert second.heard(b"data: 0\n\n")
        third = Listener(port)
        assert third.heard(b"live.full")
        third.close()
        first.close()
        number = iter(range(1, 1000))

        def admitted() -> bool:
            post(port, "a word to find out who is gone")
            assert second.heard(b"data: %d\n\n" % next(number))
            fourth = Listener(port)
            try:
                return fourth.heard(b"retry:")
            finally:
                fourth.close()

        until(admitted, what="the place of the one who left")
        second.close()


def test_open_streams_do_not_hold_up_the_end(sqlite_store: stores.SQLite, tmp_path: Path) -> None:
    with serving(sqlite_store, tmp_path) as (port, process):
        listeners = [Listener(port) for _ in range(5)]
        assert all(one.heard(b"data: 0\n\n") for one in listeners)
        # The server kills its workers 30 s after it was told to end, which `signal` does not wait for.
        assert process.signal(signal.SIGTERM) == 0
        for one in listeners:
            assert not one.heard(b"data: 1\n\n")
            one.close()
