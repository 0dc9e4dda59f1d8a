"""The whole system as visitors meet it: our server, a provider and a blog, each a process or a host of its own."""

import os
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

from tests.support import tls, web
from tests.support.processes import ROOT, Program
from tests.support.waiting import free_port

SITE = "blog"
# Whoever tests something else than the judging of comments has nothing held.
OPEN = ("forms=false", "flood=0", "similar=false", "guest_links=100", "max_links=100")


@dataclass(frozen=True)
class Live:
    """Where everything is. The server and the blog are https on different hosts; the provider is plain http."""

    server: str
    blog: str
    provider: str
    pages: web.Pages
    env: dict[str, str]
    folder: Path
    process: Program

    def widget(self, *arguments: str) -> str:
        """Run a command of ours on the live database and return what it printed."""
        return command(self.env, *arguments)

    def host_page(self, path: str, html: str, *, headers: dict[str, str] | None = None) -> str:
        """Put a page on the blog, `{server}` replaced by the server's origin; returns its address."""
        self.pages[path] = web.Page(html.replace("{server}", self.server), headers=headers or {})
        return self.blog + path


def command(env: dict[str, str], *arguments: str) -> str:
    """Run `widget ARGUMENTS` to its end; AssertionError with its words unless it ends well."""
    done = subprocess.run(
        [sys.executable, "-m", "widget", *arguments],
        env={**os.environ, **env},
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, f"widget {' '.join(arguments)}\n{done.stdout}{done.stderr}"
    return done.stdout


def settings(folder: Path, *, database_url: str, port: int, **more: str) -> dict[str, str]:
    """The environment of a server of the tests; `more` by setting name without prefix."""
    values = {
        "CONFIG": str(folder / "none.toml"),
        "DATABASE_URL": database_url,
        "SECRET_KEY": "only-for-tests-and-more-than-32-characters",
        "PUBLIC_URL": f"http://127.0.0.1:{port}",
        "HOST": "127.0.0.1",
        "PORT": str(port),
        "LIMITS": "0",
    } | more
    return {f"WIDGET_{name}": value for name, value in values.items()}


@contextmanager
def running(
    env: dict[str, str], log: Path, *, launcher: Sequence[str] = ("-m", "widget", "serve"), seconds: float = 30
) -> Iterator[Program]:
    """`widget serve` in a process of its own, from when it listens to the end of the block."""
    program = Program([sys.executable, *launcher], log=log, env=env)
    try:
        program.await_port(int(env["WIDGET_PORT"]), seconds=seconds)
        yield program
    finally:
        program.stop()


@contextmanager
def demo_id(log: Path) -> Iterator[str]:
    """The demo's OpenID provider in a process of its own; yields its issuer."""
    port = free_port()
    program = Program([sys.executable, "-m", "widget.demo.identity", str(port)], log=log, env={})
    try:
        program.await_port(port)
        yield f"http://127.0.0.1:{port}"
    finally:
        program.stop()


@contextmanager
def live(
    folder: Path,
    database_url: str,
    certificate: tls.Identity,
    *,
    workers: int = 1,
    environ: Mapping[str, str] | None = None,
) -> Iterator[Live]:
    """Everything at once; the site `blog` is there and empty. `environ` goes over the server's environment."""
    with ExitStack() as stack:
        pages = web.Pages()
        blog = f"https://blog.test:{stack.enter_context(web.serve(pages, certificate.context()))}"
        provider = stack.enter_context(demo_id(folder / "provider.log"))
        port = free_port()
        env = settings(
            folder,
            database_url=database_url,
            port=port,
            PUBLIC_URL=f"https://comments.test:{port}",
            WORKERS=str(workers),
            TLS_CERT=str(certificate.certificate),
            TLS_KEY=str(certificate.key),
            OIDC_ISSUER=provider,
            OIDC_NAME="Demo ID",
            OIDC_CLIENT_ID="comment-widget",
            OIDC_CLIENT_SECRET="no secret",
        ) | dict(environ or {})
        command(env, "site", "add", SITE, "--origin", blog, "--name", "The open workshop")
        command(env, "site", "set", SITE, *OPEN)
        process = stack.enter_context(running(env, folder / "server.log"))
        yield Live(env["WIDGET_PUBLIC_URL"], blog, provider, pages, env, folder, process)
