"""The simulator as a server: each provider under a prefix of its own, its list of complaints, and its switches."""

import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from flask import Flask, Response, jsonify, request
from werkzeug.serving import WSGIRequestHandler, make_server

from tests.support.idp import apple, big, east, generic, play, work
from tests.support.idp.provider import Provider

ALL = (
    *big.PROVIDERS,
    *apple.PROVIDERS,
    *work.PROVIDERS,
    *play.PROVIDERS,
    *east.PROVIDERS,
    *generic.PROVIDERS,
)
NAMES = tuple(kind.rules.id for kind in ALL)


class Simulator:
    """The running server. `simulator["google"]` is a provider; `violations` is what anybody was asked wrongly."""

    def __init__(self, base: str, redirect_base: str) -> None:
        """`redirect_base` and a provider's id make the one address that it may send browsers back to."""
        self.base = base
        self.violations: list[str] = []
        self._providers = {
            kind.rules.id: kind(f"{base}/{kind.rules.id}", f"{redirect_base}{kind.rules.id}", self.violations)
            for kind in ALL
        }

    def __getitem__(self, name: str) -> Any:
        return self._providers[name]

    def __iter__(self) -> Iterator[Provider]:
        return iter(self._providers.values())

    def settings(self, *names: str) -> dict[str, str]:
        """Settings that switch these providers on (all, if none is named) and send our application here."""
        found = [self._providers[name].settings() for name in names or NAMES]
        return {name: value for one in found for name, value in one.items()}

    def reset(self) -> None:
        """Be good again, all of them."""
        self.violations.clear()
        for provider in self:
            provider.reset()

    def clear(self) -> list[str]:
        """The violations so far, forgotten: for tests that mean them."""
        found, self.violations[:] = list(self.violations), []
        return found

    def close(self) -> None:
        """Wake whoever sleeps in an endpoint."""
        for provider in self:
            provider.closing.set()


class _Quiet(WSGIRequestHandler):
    """Its log would have codes and tokens in it, which tests search our own log for."""

    def log(self, type: str, message: str, *args: Any) -> None:  # noqa: A002 - the base class names it so
        pass


@contextmanager
def simulator(redirect_base: str) -> Iterator[Simulator]:
    """Run it on a port of the loopback interface for the block."""
    app = Flask("simulator")
    with served(app) as base:
        state = Simulator(base, redirect_base)
        _route(app, state)
        try:
            yield state
        finally:
            state.close()


@contextmanager
def over_tls(state: Simulator, context: ssl.SSLContext) -> Iterator[str]:
    """The same providers at another address, over TLS; yields its base."""
    app = Flask("simulator-tls")
    _route(app, state)
    with served(app, context) as base:
        yield base


@contextmanager
def served(app: Flask, context: ssl.SSLContext | None = None) -> Iterator[str]:
    """Serve an application on a port that the kernel gives; yields its base."""
    server = make_server("127.0.0.1", 0, app, threaded=True, ssl_context=context, request_handler=_Quiet)
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
    thread.start()
    try:
        yield f"http{'s' if context else ''}://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()
        thread.join(5)


def _route(app: Flask, state: Simulator) -> None:
    @app.route("/<name>/<path:path>", methods=["GET", "POST", "PUT", "DELETE", "PATCH"])
    def provider(name: str, path: str) -> Response:
        if name not in NAMES:
            state.violations.append(f"asked for /{name}/{path}")
            return Response("Not found", 404)
        answer: Response = state[name].handle(f"/{path}")
        return answer

    @app.get("/__violations")
    def violations() -> Response:
        return jsonify(state.violations)

    @app.post("/__set")
    def switch() -> Response:
        """{"google": {"deny": true}}: faults for tests in other processes; null forgets them all."""
        for name, faults in request.get_json().items():
            state[name].faults = faults or {}
        return Response(status=204)
