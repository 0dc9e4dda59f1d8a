"""A receiver of hooks as they are: it takes messages, refuses them, hangs, drips, redirects, says too much."""

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from standardwebhooks.webhooks import Webhook

from tests.support.waiting import until

STATUSES = {"never": 400, "gone": 410, "broken": 500, "later": 429, "busy": 503, "empty": 204}


@dataclass(frozen=True)
class Got:
    """One request that was read to its end."""

    method: str
    path: str
    headers: dict[str, str]
    raw: bytes

    @property
    def body(self) -> Any:
        """Its JSON."""
        return json.loads(self.raw)

    @property
    def id(self) -> str:
        """Its `webhook-id`."""
        return self.headers["webhook-id"]

    def verify(self, secret: str) -> Any:
        """The body, if another implementation finds the signature right; else it raises."""
        return Webhook(secret).verify(self.raw, self.headers)


@dataclass
class Receiver:
    """What came, and how it behaves to whoever comes next."""

    port: int = 0
    behaviour: str = "ok"
    answer: bytes = b'{"ok": true}'
    answer_headers: dict[str, str] = field(default_factory=dict)
    got: list[Got] = field(default_factory=list)
    tried: int = 0
    go_on: threading.Event = field(default_factory=threading.Event)
    taken: threading.Event = field(default_factory=threading.Event)

    @property
    def url(self) -> str:
        """Where it is."""
        return f"http://127.0.0.1:{self.port}/hook"

    @property
    def place(self) -> str:
        """WIDGET_HOOK_HOSTS that lets hooks go there."""
        return f"127.0.0.1:{self.port}"

    def await_got(self, number: int, *, seconds: float = 30) -> list[Got]:
        """What came, once there is so much."""
        until(lambda: len(self.got) >= number, seconds=seconds, what=f"{number} messages")
        return self.got

    def reset(self) -> None:
        """As if nothing had come."""
        self.got.clear()
        self.tried = 0
        self.taken.clear()


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    state: Receiver

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - http.server's name
        """Say nothing."""

    def do_POST(self) -> None:
        """Any message."""
        state = self.state
        state.tried += 1
        if state.behaviour == "hang":
            state.go_on.wait(60)
            self.close_connection = True
            return
        if state.behaviour == "drop":
            self.close_connection = True
            return
        raw = self.rfile.read(int(self.headers["Content-Length"]))
        headers = {name.lower(): value for name, value in self.headers.items()}
        state.got.append(Got(self.command, self.path, headers, raw))
        state.taken.set()
        if state.behaviour == "silent":  # it has the message, and nobody ever hears that
            state.go_on.wait(60)
        self._say(STATUSES.get(state.behaviour, 307 if state.behaviour == "redirect" else 200))

    do_PUT = do_POST  # noqa: N815 - http.server's name

    def do_GET(self) -> None:
        """What a followed redirect would become."""
        self.state.got.append(Got(self.command, self.path, dict(self.headers), b""))
        self._say(200)

    def _say(self, status: int) -> None:
        state = self.state
        body = b"x" * 3_000_000 if state.behaviour == "huge" else b"" if status == 204 else state.answer
        self.send_response(status)
        if status == 307:
            self.send_header("Location", f"http://127.0.0.1:{state.port}/elsewhere")
        for name, value in state.answer_headers.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        if state.behaviour == "drip":
            for one in body:
                self.wfile.write(bytes([one]))
                self.wfile.flush()
                if state.go_on.wait(1):
                    break
            return
        self.wfile.write(body)


class _Server(ThreadingHTTPServer):
    daemon_threads = True

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Whoever hung up had their reasons."""


@contextmanager
def receiver() -> Iterator[Receiver]:
    """One on loopback for the block."""
    state = Receiver()
    server = _Server(("127.0.0.1", 0), type("Handler", (_Handler,), {"state": state}))
    state.port = server.server_address[1]
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
    thread.start()
    try:
        yield state
    finally:
        state.go_on.set()
        server.shutdown()
        server.server_close()
        thread.join(10)
