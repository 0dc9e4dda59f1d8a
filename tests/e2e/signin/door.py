"""A door in front of a server: TLS under a name of the tests, a list of who came through, and a bolt."""

import http.client
import ssl
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

_OWN = {"connection", "keep-alive", "transfer-encoding", "content-length", "server", "date"}


@dataclass(frozen=True)
class Call:
    """A request that came to the door."""

    method: str
    path: str
    headers: Mapping[str, str]


@dataclass
class Door:
    """What tests see of it. While `open` is cleared requests wait; while `broken` they are cut off without an answer.

    While it `keeps`, redirects do not reach the browser: where they led is in `led`.
    """

    url: str = ""
    headers: dict[str, str] = field(default_factory=dict)
    without: frozenset[str] = frozenset()  # headers, in lower case, that it takes off
    calls: list[Call] = field(default_factory=list)
    open: threading.Event = field(default_factory=threading.Event)
    broken: bool = False
    keeps: bool = False
    led: list[str] = field(default_factory=list)
    instead: dict[bytes, bytes] = field(default_factory=dict)  # changes of what pages say

    def asked(self, path: str) -> int:
        """How often this path was asked for."""
        return sum(call.path.partition("?")[0] == path for call in self.calls)


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    context: ssl.SSLContext | None = None

    def finish_request(self, request: Any, client_address: Any) -> None:
        if self.context is None:
            super().finish_request(request, client_address)
            return
        # The handshake belongs to the request's own thread: a client that stalls in it must not stop the others.
        with suppress(OSError), self.context.wrap_socket(request, server_side=True) as secured:
            super().finish_request(secured, client_address)

    def handle_error(self, request: Any, client_address: Any) -> None:
        pass  # browsers drop connections as they like


@contextmanager
def door(
    port: int,
    name: str = "127.0.0.1",
    *,
    context: ssl.SSLContext | None = None,
    headers: Mapping[str, str] | None = None,
) -> Iterator[Door]:
    """Lead from a port of the loopback interface, called `name`, to the plain http server on `port`, for the block.

    A server behind a door with `context` (TLS) hears its own address as Host; behind a plain one, the door's.
    """
    state = Door(headers=dict(headers or {}))
    state.open.set()

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        timeout = 30

        def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 - the base class names it so
            pass

        def lead(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
            state.calls.append(Call(self.command, self.path, dict(self.headers.items())))
            if not state.open.wait(20) or state.broken:
                self.close_connection = True
                return
            behind = http.client.HTTPConnection("127.0.0.1", port, timeout=20)
            behind.request(self.command, self.path, body, {**dict(self.headers.items()), "Connection": "close"})
            answer = behind.getresponse()
            content = answer.read()
            for said, lie in state.instead.items():
                content = content.replace(said, lie)
            self.give(answer, content)
            behind.close()

        def give(self, answer: http.client.HTTPResponse, content: bytes) -> None:
            headers = [
                (title, value) for title, value in answer.getheaders() if title.lower() not in _OWN | state.without
            ]
            status = answer.status
            if state.keeps and answer.headers["Location"]:
                state.led.append(answer.headers["Location"])
                status, headers, content = 204, [], b""
            self.send_response(status)
            for title, value in [*headers, *state.headers.items()]:
                self.send_header(title, value)
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        do_GET = do_POST = do_PUT = do_PATCH = do_DELETE = do_OPTIONS = do_HEAD = lead  # noqa: N815 - the base class's names

    with _Server(("127.0.0.1", 0), Handler) as server:
        server.context = context
        state.url = f"http{'s' if context else ''}://{name}:{server.server_port}"
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
        thread.start()
        try:
            yield state
        finally:
            state.open.set()
            server.shutdown()
            thread.join()
