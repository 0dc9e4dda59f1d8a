"""A street of web servers under made-up names, with TLS, on one loopback port: what visitors may name in tests.

Our server reaches them as an operator's private hosts, so nothing of the guard is off.
"""

import threading
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from ssl import PROTOCOL_TLS_SERVER, SSLContext
from typing import Any

import dns.flags
import dns.message
import dns.rdatatype
import dns.rrset
import trustme
from flask import Flask
from werkzeug.serving import WSGIRequestHandler, make_server

TXT = dict[str, list[str]]


@dataclass
class Street:
    """`houses` are the applications by host; `calls` is what came: (host, method, path)."""

    names: tuple[str, ...]
    authority: str = ""  # the file with the certificate that theirs are signed by
    port: int = 0
    dns_port: int = 0
    houses: dict[str, Flask] = field(default_factory=dict)
    texts: TXT = field(default_factory=dict)
    calls: list[tuple[str, str, str]] = field(default_factory=list)

    @property
    def settings(self) -> dict[str, Any]:
        """Settings by name without prefix: the street is ours, though its addresses are private."""
        hosts = ",".join(f"{name}=127.0.0.1:{self.port}" for name in self.names)
        return {"PRIVATE_HOSTS": hosts, "DNS_SERVER": f"127.0.0.1:{self.dns_port}"}

    def clear(self) -> None:
        """Nobody lives here."""
        self.houses.clear()
        self.texts.clear()
        self.calls.clear()

    def asked(self, host: str) -> list[str]:
        """The requests that one house got, as "METHOD /path"."""
        return [f"{method} {path}" for name, method, path in self.calls if name == host]

    def __call__(self, environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        """WSGI."""
        host = environ.get("HTTP_HOST", "").partition(":")[0]
        self.calls.append((host, environ["REQUEST_METHOD"], environ["PATH_INFO"]))
        house = self.houses.get(host)
        if house is None:
            start_response("404 Not Found", [("Content-Type", "text/plain")])
            return [b"nobody lives here"]
        return house(environ, start_response)


class _Quiet(WSGIRequestHandler):
    def log(self, *_: Any, **__: Any) -> None:
        pass


@contextmanager
def street(folder: Path, *names: str) -> Iterator[Street]:
    """Run one for the block; who wants its certificates trusted has REQUESTS_CA_BUNDLE name `authority`."""
    authority = trustme.CA()
    bundle = folder / "authority.pem"
    authority.cert_pem.write_to_path(str(bundle))
    context = SSLContext(PROTOCOL_TLS_SERVER)
    authority.issue_cert(*names).configure_cert(context)
    made = Street(names, str(bundle))
    server = make_server("127.0.0.1", 0, made, threaded=True, ssl_context=context, request_handler=_Quiet)
    server.daemon_threads = True
    made.port = server.server_port
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
    thread.start()
    try:
        with _name_server(made.texts) as made.dns_port:
            yield made
    finally:
        server.shutdown()
        server.server_close()
        thread.join(5)


@contextmanager
def _name_server(texts: TXT) -> Iterator[int]:
    """Answers TXT queries from `texts`, by UDP; yields its port."""
    import socketserver

    class Handler(socketserver.BaseRequestHandler):
        def handle(self) -> None:
            data, connection = self.request
            query = dns.message.from_wire(data)
            question = query.question[0]
            answer = dns.message.make_response(query)
            answer.flags |= dns.flags.RA
            found = texts.get(question.name.to_text(omit_final_dot=True).lower(), [])
            if question.rdtype == dns.rdatatype.TXT and found:
                words = [f'"{text}"' for text in found]
                answer.answer.append(dns.rrset.from_text(question.name, 60, "IN", "TXT", *words))
            connection.sendto(answer.to_wire(), self.client_address)

    with socketserver.ThreadingUDPServer(("127.0.0.1", 0), Handler) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
        thread.start()
        try:
            yield server.server_address[1]
        finally:
            server.shutdown()
            thread.join(5)
