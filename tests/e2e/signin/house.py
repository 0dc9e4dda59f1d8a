"""Everything a sign-in meets: two of our servers, blogs on three hosts, providers behind doors, and a hostile site.

`weak` is our application in this very process, on the database of `one`: tests take one protection away from it and show
that the attack works then. Everything else is a process or a host of its own.
"""

from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from flask import Flask
from sqlalchemy import Executable
from werkzeug.serving import WSGIRequestHandler, make_server

from tests.e2e.signin.door import Door, door
from tests.support import live, tls, web
from tests.support.idp import Simulator, simulator
from tests.support.stores import SQLite
from tests.support.waiting import free_port
from widget import create_app
from widget.extensions import db
from widget.services import sites, transaction

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
    """Where everything is. `one` has the site `blog`, `two` has `blog` and `other`: there it must ask for consent."""

    one: str
    two: str
    weak: Door
    app: Flask
    blog: Host
    www: Host  # the blog's second origin
    other: Host
    evil: Host
    provider: Door  # as browsers see it
    cutting: Door  # the same provider, with COOP same-origin
    back: Door  # the same provider, as our servers see it
    apple: Simulator
    logs: tuple[Path, ...]

    @property
    def control(self) -> str:
        """Address of the cookie that must not be kept."""
        return f"{self.evil.origin}/control"

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
        widget = "" if bare else WIDGET.format(server=server or self.one, site=site)
        body = PAGE.format(title=path.strip("/").capitalize(), control=self.control, widget=widget)
        host.pages[path] = web.Page(body, headers=headers or {})
        return host.origin + path

    def exchanges(self) -> int:
        """How often the provider's token endpoint was asked."""
        return self.back.asked("/oauth2/token")

    def change(self, statement: Executable) -> None:
        """Run a statement on the database of `one` and `weak`."""
        with self.app.app_context():
            transaction.write(lambda session: session.execute(statement))

    def logged(self) -> str:
        """Everything our servers have said so far."""
        return "\n".join(log.read_text("utf-8", errors="replace") for log in self.logs)


class _Quiet(WSGIRequestHandler):
    def log(self, type: str, message: str, *args: Any) -> None:  # noqa: A002 - the base class names it so
        pass


@contextmanager
def house(folder: Path, store: SQLite, certificate: tls.Identity) -> Iterator[House]:
    """All of it, for the block."""
    with ExitStack() as stack:
        context = certificate.context()

        def host(name: str) -> Host:
            pages = web.Pages()
            return Host(f"https://{name}:{stack.enter_context(web.serve(pages, context))}", pages)

        blog, www, other, evil = map(host, ("blog.test", "www.blog.test", "other.test", "evil.test"))
        evil.pages["/control"] = web.Page(DOT, "image/svg+xml", CONTROL)

        issuer = stack.enter_context(live.demo_id(folder / "provider.log"))
        upstream = int(issuer.rpartition(":")[2])
        back = stack.enter_context(door(upstream))
        front = stack.enter_context(door(upstream, "idp.test", context=context))
        cut = {"Cross-Origin-Opener-Policy": "same-origin"}
        cutting = stack.enter_context(door(upstream, "idp.test", context=context, headers=cut))

        ports = {"one": free_port(), "two": free_port()}
        public = {name: f"https://comments.test:{port}" for name, port in ports.items()}
        apple = stack.enter_context(simulator(f"{public['one']}/auth/callback/"))
        post = stack.enter_context(door(int(apple.base.rpartition(":")[2]), "idp.test", context=context))
        providers = {
            **_openid("OIDC", "Demo ID", back.url, front.url),
            **_openid("OIDC2", "Cutting ID", back.url, cutting.url),
            **apple.settings("apple"),
            "APPLE_AUTHORIZE_URL": f"{post.url}/apple/auth/authorize",
        }

        envs = {}
        for name, port in ports.items():
            (folder / name).mkdir()
            url = stack.enter_context(store.fresh(folder / name))
            keys = {"TLS_CERT": str(certificate.certificate), "TLS_KEY": str(certificate.key), "WORKERS": "1"}
            more = {"PUBLIC_URL": public[name], **keys, **providers}
            envs[name] = live.settings(folder, database_url=url, port=port, **more)

        behind = free_port()
        weak = stack.enter_context(door(behind, "comments.test", context=context))
        own = {name.removeprefix("WIDGET_"): value for name, value in envs["one"].items()}
        app = create_app({**own, "PUBLIC_URL": weak.url, "PORT": str(behind)})
        _sites(app, {"blog": [blog.origin, www.origin]})
        _sites(
            create_app({name.removeprefix("WIDGET_"): value for name, value in envs["two"].items()}),
            {"blog": [blog.origin, www.origin], "other": [other.origin]},
        )
        server = make_server("127.0.0.1", behind, app, threaded=True, request_handler=_Quiet)
        server.daemon_threads = True
        stack.enter_context(_serving(server))
        logs = tuple(folder / f"{name}.log" for name in envs)
        for name, env in envs.items():
            stack.enter_context(live.running(env, folder / f"{name}.log"))
        yield House(
            public["one"], public["two"], weak, app, blog, www, other, evil, front, cutting, back, apple, logs
        )


def _openid(name: str, shown: str, issuer: str, front: str) -> dict[str, str]:
    own = {
        "NAME": shown,
        "ISSUER": issuer,
        "CLIENT_ID": "comment-widget",
        "CLIENT_SECRET": "no secret",
        "AUTHORIZE_URL": f"{front}/oauth2/authorize",
    }
    return {f"{name}_{key}": value for key, value in own.items()}


def _sites(app: Flask, origins: Mapping[str, list[str]]) -> None:
    with app.app_context():
        for key, listed in origins.items():
            transaction.write(lambda session, key=key, listed=listed: sites.add(session, key, f"The {key}", listed))
        db.session.remove()
        db.engine.dispose()


@contextmanager
def _serving(server: Any) -> Iterator[None]:
    import threading

    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
    thread.start()
    try:
        yield
    finally:
        server.shutdown()
        server.server_close()
        thread.join(5)
