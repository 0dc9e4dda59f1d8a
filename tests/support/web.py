"""A small static web server for host pages, so that the widget stands on another origin than its own server."""

import ssl
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any


@dataclass(frozen=True)
class Page:
    """What a path answers."""

    body: str
    type: str = "text/html; charset=utf-8"
    headers: Mapping[str, str] = field(default_factory=dict)


class Pages(dict[str, Page]):
    """Pages by path; tests put theirs in while the server runs. `seen` holds (path, headers) of every request."""

    def __init__(self) -> None:
        """Start without a page."""
        super().__init__()
        self.seen: list[tuple[str, Mapping[str, str]]] = []


@contextmanager
def serve(pages: Pages, context: ssl.SSLContext | None = None) -> Iterator[int]:
    """Serve `pages` on a loopback port until the block ends; yields the port."""

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        timeout = 30

        def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 - the base class names it so
            pass

        def do_GET(self) -> None:
            path = self.path.partition("?")[0]
            pages.seen.append((self.path, dict(self.headers.items())))
            page = pages.get(path)
            body = (page.body if page else "<!doctype html><title>Nothing here</title>").encode()
            self.send_response(200 if page else 404)
            self.send_header("Content-Type", page.type if page else "text/html")
            self.send_header("Content-Length", str(len(body)))
            for name, value in (page.headers if page else {}).items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(body)

    class Server(ThreadingHTTPServer):
        daemon_threads = True

        def finish_request(self, request: Any, client_address: Any) -> None:
            if context is None:
                super().finish_request(request, client_address)
                return
            # The handshake belongs to the request's own thread: a client that stalls in it must not stop the others.
            with suppress(OSError), context.wrap_socket(request, server_side=True) as secured:
                super().finish_request(secured, client_address)

        def handle_error(self, request: Any, client_address: Any) -> None:
            pass  # browsers drop connections as they like

    with Server(("127.0.0.1", 0), Handler) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
        thread.start()
        try:
            yield server.server_port
        finally:
            server.shutdown()
            thread.join()
