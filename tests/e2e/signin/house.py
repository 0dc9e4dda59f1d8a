"""Everything a sign-in meets: our server, host pages on three hosts, providers behind doors, and a hostile site.

`weak` is our application in this very process, on the same database: tests take one protection away from it and show
that the attack works then. Everything else is a process or a host of its own.
"""

import sys
import threading
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from flask import Flask
from sqlalchemy import Executable, select
from sqlalchemy.orm import Session
from werkzeug.serving import WSGIRequestHandler, make_server

from tests.e2e.signin.door import Door, door
from tests.support import live, tls, web
from tests.support.api import put_site
from tests.support.idp import Simulator, simulator
from tests.support.processes import Program
from tests.support.stores import SQLite
from tests.support.waiting import free_port
from widget import create_app
from widget.demo.identity import PEOPLE
from widget.models import Site
from widget.providers import Profile
from widget.services import accounts, consents, transaction

# The image is a cookie of another site: a browser that blocks those must be seen to have kept none of it.
PAGE = """<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<link rel="icon" href="data:,">
<title>{title}</title>
</head>
<body>
<main><h1>{title}</h1><p>Words of the article.</p><img src="{control}" alt="" width="1" height="1">
{widget}
</main>
</body>
</html>
"""
WIDGET = '<script src="{server}/embed.js" data-site="{site}" async></script>'
CONTROL = {
    "Set-Cookie": "control=1; SameSite=None; Secure; Path=/",
    "Cross-Origin-Resource-Policy": "cross-origin",
    "Cache-Control": "no-store",
}
DOT = '<svg xmlns="http://www.w3.org/2000/svg"/>'


@dataclass(frozen=True)
class Host:
    """A web site of somebody's."""

    origin: str
    pages: web.Pages


@dataclass(frozen=True)
class House:
    """Where everything is. The site `blog` has two origins; who is new to the site `other` is asked there."""

    server: str
    weak: Door
    app: Flask
    blog: Host
    www: Host  # the blog's second origin
    other: Host
    evil: Host
    tracker: Host  # whose cookie must not be kept
    provider: Door  # as browsers see it
    cutting: Door  # the same provider, with COOP same-origin
    back: Door  # the same provider, as our servers see it
    apple: Simulator
    log: Path

    @property
    def control(self) -> str:
        """Address of the cookie that must not be kept."""
        return f"{self.tracker.origin}/control"

    def page(
        self,
        path: str,
        *,
        host: Host | None = None,
        server: str | None = None,
        site: str = "blog",
        headers: Mapping[str, str] | None = None,
        bare: bool = False,
    ) -> str:
        """Put a page with the widget (`bare`: without) on a host; its address."""
        host = host or self.blog
        widget = "" if bare else WIDGET.format(server=server or self.server, site=site)
        body = PAGE.format(title=path.strip("/").capitalize(), control=self.control, widget=widget)
        host.pages[path] = web.Page(body, headers=headers or {})
        return host.origin + path

    def exchanges(self) -> int:
        """How often the provider's token endpoint was asked."""
        return self.back.asked("/oauth2/token")

    def change(self, statement: Executable) -> None:
        """Run a statement on the database."""
        with self.app.app_context():
            transaction.write(lambda session: session.execute(statement))

    def logged(self) -> str:
        """Everything our server has said so far."""
        return self.log.read_text("utf-8", errors="replace")


@contextmanager
def house(folder: Path, store: SQLite, certificate: tls.Identity) -> Iterator[House]:
    """All of it, for the block."""
    with ExitStack() as stack:
        context = certificate.context()

        def host(name: str) -> Host:
            pages = web.Pages()
            return Host(f"https://{name}:{stack.enter_context(web.serve(pages, context))}", pages)

        names = ("blog.test", "www.blog.test", "other.test", "evil.test", "tracker.test")
        blog, www, other, evil, tracker = map(host, names)
        tracker.pages["/control"] = web.Page(DOT, "image/svg+xml", CONTROL)

        upstream, port, behind = free_port(), free_port(), free_port()
        identity = _program(stack, folder / "provider.log", {}, "-m", "widget.demo.identity", str(upstream))
        back = stack.enter_context(door(upstream))
        front = stack.enter_context(door(upstream, "idp.test", context=context))
        cut = {"Cross-Origin-Opener-Policy": "same-origin"}
        cutting = stack.enter_context(door(upstream, "idp.test", context=context, headers=cut))
        weak = stack.enter_context(door(behind, "comments.test", context=context))

        server = f"https://comments.test:{port}"
        apple = stack.enter_context(simulator(f"{server}/auth/callback/"))
        post = stack.enter_context(door(int(apple.base.rpartition(":")[2]), "idp.test", context=context))
        own = {
            "PUBLIC_URL": server,
            "TLS_CERT": str(certificate.certificate),
            "TLS_KEY": str(certificate.key),
            "WORKERS": "1",
            **_openid("OIDC", "Demo ID", back.url, front.url),
            **_openid("OIDC2", "Cutting ID", back.url, cutting.url),
            **apple.settings("apple"),
            "APPLE_AUTHORIZE_URL": f"{post.url}/apple/auth/authorize",
        }
        env = live.settings(folder, database_url=stack.enter_context(store.fresh(folder)), port=port, **own)
        app = create_app(
            {name.removeprefix("WIDGET_"): value for name, value in env.items()} | {"PUBLIC_URL": weak.url}
        )
        with app.app_context():
            transaction.write(lambda session: put_site(session, "blog", "The Blog", [blog.origin, www.origin]))
            transaction.write(lambda session: put_site(session, "other", "The Other", [other.origin]))
            transaction.write(lambda session: _agreed(session, back.url))
        process = _program(stack, folder / "server.log", env, "-m", "widget", "serve")
        stack.enter_context(_serving(behind, app))
        identity.await_port(upstream)
        process.await_port(port)
        yield House(
            server=server,
            weak=weak,
            app=app,
            blog=blog,
            www=www,
            other=other,
            evil=evil,
            tracker=tracker,
            provider=front,
            cutting=cutting,
            back=back,
            apple=apple,
            log=process.log,
        )


def _program(stack: ExitStack, log: Path, env: Mapping[str, str], *arguments: str) -> Program:
    """One that is starting, so that several can start at once."""
    program = Program([sys.executable, *arguments], log=log, env=env)
    stack.callback(program.stop)
    return program


def _openid(name: str, shown: str, issuer: str, front: str) -> dict[str, str]:
    own = {
        "NAME": shown,
        "ISSUER": issuer,
        "CLIENT_ID": "comment-widget",
        "CLIENT_SECRET": "no secret",
        "AUTHORIZE_URL": f"{front}/oauth2/authorize",
    }
    return {f"{name}_{key}": value for key, value in own.items()}


def _agreed(session: Session, issuer: str) -> None:
    """The provider's people have been on the blog before: they are not asked any more whether to appear there."""
    blog = session.scalars(select(Site.id).filter_by(key="blog")).one()
    for provider in ("oidc", "oidc2"):
        for subject, claims in PEOPLE.items():
            profile = Profile(provider=provider, issuer=issuer, subject=subject, name=str(claims["name"]))
            consents.give(session, accounts.of_profile(session, profile)[0], blog)


class _Quiet(WSGIRequestHandler):
    def log(self, type: str, message: str, *args: Any) -> None:  # noqa: A002 - the base class names it so
        pass


@contextmanager
def _serving(port: int, app: Flask) -> Iterator[None]:
    server = make_server("127.0.0.1", port, app, threaded=True, request_handler=_Quiet)
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
    thread.start()
    try:
        yield
    finally:
        server.shutdown()
        server.server_close()
        thread.join(5)
