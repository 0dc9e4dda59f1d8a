"""Sixteen people post at once to four worker processes on one SQLite file: everybody gets their own, none is lost."""

import secrets
import threading
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import requests

from tests.support import live, stores
from tests.support.waiting import free_port

POSTERS, EACH = 16, 10
BLOG = "https://blog.test"
PAGE = f"{BLOG}/busy"
LAUNCHER = str(Path(live.__file__).with_name("deferred.py"))


@dataclass(frozen=True)
class Sent:
    """What a poster sent, and what came back."""

    name: str
    text: str
    status: int
    answer: dict[str, Any]


class Poster:
    """One guest with a session and a connection of their own."""

    def __init__(self, server: str, number: int) -> None:
        self.name, self._server = f"Poster {number}", server
        self._http = requests.Session()
        self._http.headers["Origin"] = BLOG
        opened = self._send("POST", "session", {"site": "blog", "guest": {"name": self.name}})
        assert opened.status_code == 201, opened.text
        self._http.headers["Authorization"] = f"Bearer {opened.json()['token']}"

    def _send(self, method: str, path: str, body: dict[str, Any]) -> requests.Response:
        headers = {"Idempotency-Key": secrets.token_urlsafe(16)}
        return self._http.request(method, f"{self._server}/api/v1/{path}", json=body, headers=headers, timeout=60)

    def post_all(self, start: threading.Barrier) -> list[Sent]:
        """Wait for the others, then post one comment after the other."""
        start.wait(60)
        sent = []
        for number in range(EACH):
            text = f"{self.name} says {number} {secrets.token_hex(4)}"
            answer = self._send("POST", "comments", {"site": "blog", "page": {"url": PAGE}, "text": text})
            sent.append(Sent(self.name, text, answer.status_code, answer.json()))
        return sent

    def close(self) -> None:
        """Hang up."""
        self._http.close()


def _post(server: str) -> list[Sent]:
    posters = [Poster(server, number) for number in range(POSTERS)]
    start = threading.Barrier(POSTERS)
    try:
        with ThreadPoolExecutor(POSTERS) as pool:
            return [
                sent for all_of_one in pool.map(lambda poster: poster.post_all(start), posters) for sent in all_of_one
            ]
    finally:
        for poster in posters:
            poster.close()


def _stored(server: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = []
    query = {"site": "blog", "url": PAGE, "limit": "50"}
    while True:
        page = requests.get(f"{server}/api/v1/threads", params=query, timeout=30).json()
        found += page["comments"]
        if not page["next"]:
            assert page["thread"]["count"] == len(found)
            return found
        query["after"] = page["next"]


def _words(body: list[Any]) -> str:
    return "".join(
        part if isinstance(part, str) else _words([p for p in part[1:] if not isinstance(p, dict)]) for part in body
    )


def _run(store: stores.SQLite, folder: Path, *launcher: str) -> tuple[list[Sent], list[dict[str, Any]], str]:
    port = free_port()
    with store.on_disk(folder) as url:
        env = live.settings(folder, database_url=url, port=port, WORKERS="4", THREADS="4")
        live.command(env, "site", "add", "blog", "--origin", BLOG)
        live.command(env, "site", "set", "blog", *live.OPEN)
        with live.running(env, folder / "server.log", launcher=launcher or ("-m", "widget", "serve")) as server:
            sent = _post(env["WIDGET_PUBLIC_URL"])
            return sent, _stored(env["WIDGET_PUBLIC_URL"]), server.output()


def test_every_poster_gets_their_own_comment_and_none_is_lost(sqlite_store: stores.SQLite, tmp_path: Path) -> None:
    sent, stored, log = _run(sqlite_store, tmp_path)
    assert Counter(one.status for one in sent) == {201: POSTERS * EACH}, log
    for one in sent:
        comment = one.answer["comment"]
        assert (comment["author"]["name"], comment["raw"]) == (one.name, one.text)
    by_id = {comment["id"]: comment for comment in stored}
    assert len(by_id) == len(stored) == POSTERS * EACH
    for one in sent:
        kept = by_id[one.answer["comment"]["id"]]
        assert (kept["author"]["name"], _words(kept["body"])) == (one.name, one.text)
    assert "locked" not in log


def test_without_the_lock_at_the_beginning_the_same_posters_fail(sqlite_store: stores.SQLite, tmp_path: Path) -> None:
    """The control: were this to pass, the test above would show nothing."""
    sent, _stored_comments, _log = _run(sqlite_store, tmp_path, LAUNCHER)
    assert [one for one in sent if one.status >= 500], "the rule can be left out, or the control does not take it away"
