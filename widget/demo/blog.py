"""The demo's blog: a few static pages, served from another origin than the comments, as on a real site."""

import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

PAGES = Path(__file__).parent / "pages"
PATHS = {
    "/": "index.html",
    "/en/the-kiln-and-the-page/": "en.html",
    "/it/il-forno-e-la-pagina/": "it.html",
    "/style.css": "style.css",
    "/picture.svg": "picture.svg",
}
TYPES = {
    ".html": "text/html; charset=utf-8",
    ".css": "text/css; charset=utf-8",
    ".svg": "image/svg+xml",
}


def answer(path: str, words: Mapping[str, str]) -> tuple[bytes, str] | None:
    """Body and content type of a path, each `{{word}}` replaced; None where there is nothing."""
    name = PATHS.get(path)
    if name is None:
        return None
    text = (PAGES / name).read_text(encoding="utf-8")
    for word, value in words.items():
        text = text.replace("{{" + word + "}}", value)
    return text.encode(), TYPES[Path(name).suffix]


@contextmanager
def served(port: int, words: Mapping[str, str]) -> Iterator[None]:
    """Serve the blog on the loopback interface while the block runs."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            found = answer(urlsplit(self.path).path, words)
            body, kind = found or (b"There is no such page.", "text/plain")
            self.send_response(HTTPStatus.OK if found else HTTPStatus.NOT_FOUND)
            self.send_header("Content-Type", kind)
            self.send_header("Content-Length", str(len(body)))
            self.send_header("Cache-Control", "no-cache")
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: Any) -> None:
            """Say nothing: the terminal belongs to the addresses that the demo printed."""

    server = ThreadingHTTPServer(("127.0.0.1", port), Handler)
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.1}, daemon=True)
    thread.start()
    try:
        yield
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
