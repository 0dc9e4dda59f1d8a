"""A provider's picture server: https under any name, with a certificate that our door trusts for one test."""

import io
import ssl
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import trustme
from PIL import Image

Answer = Callable[[BaseHTTPRequestHandler], None]


def png(colour: str) -> bytes:
    """A picture of one colour."""
    made = io.BytesIO()
    Image.new("RGB", (64, 64), colour).save(made, "PNG")
    return made.getvalue()


@dataclass
class PictureServer:
    """What it answers by path; `seen` holds the paths asked for."""

    port: int
    authority: Path
    answers: dict[str, Answer] = field(default_factory=dict)
    seen: list[str] = field(default_factory=list)

    @property
    def private_hosts(self) -> str:
        """WIDGET_PRIVATE_HOSTS under which our server finds it as https://pictures.test and https://cdn.test."""
        return f"pictures.test=127.0.0.1:{self.port} cdn.test=127.0.0.1:{self.port}"

    def put(self, path: str, content: bytes, *, status: int = 200, **headers: str) -> str:
        """Have `path` answer this; its address."""

        def answer(handler: BaseHTTPRequestHandler) -> None:
            handler.send_response(status)
            for name, value in {"Content-Type": "image/png", **headers}.items():
                handler.send_header(name, value)
            handler.send_header("Content-Length", str(len(content)))
            handler.end_headers()
            handler.wfile.write(content)

        self.answers[path] = answer
        return f"https://pictures.test{path}"


@contextmanager
def picture_server(folder: Path) -> Iterator[PictureServer]:
    """Run it on the loopback interface for the block; `authority` is the certificate to trust."""
    authority = trustme.CA()
    authority.cert_pem.write_to_path(str(folder / "authority.pem"))
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert("pictures.test", "cdn.test", "localhost").configure_cert(context)

    class Handler(BaseHTTPRequestHandler):
        timeout = 20

        def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 - the base class names it so
            pass

        def do_GET(self) -> None:
            state.seen.append(self.path)
            found = state.answers.get(self.path)
            if found is None:
                self.send_error(404)
            else:
                found(self)

    class Server(ThreadingHTTPServer):
        daemon_threads = True

        def handle_error(self, request: Any, client_address: Any) -> None:
            pass  # the other side hung up, as it should

    with Server(("127.0.0.1", 0), Handler) as server:
        server.socket = context.wrap_socket(server.socket, server_side=True)
        state = PictureServer(server.server_port, folder / "authority.pem")
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
        thread.start()
        try:
            yield state
        finally:
            server.shutdown()
            thread.join(5)
