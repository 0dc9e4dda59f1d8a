"""`widget demo`: the whole thing on one machine, with no account anywhere and nothing left behind."""

import json
import secrets
import tempfile
from contextlib import ExitStack
from importlib.util import find_spec
from pathlib import Path

import click

from widget.demo import blog, machine

SITE = "demo"
EXPORT = blog.PAGES.parent / "conversation.xml"
OLD_HOST = "workshop.example"  # where the conversation was written, says the export


@click.command()
@click.option(
    "--port",
    type=click.IntRange(0, 65533),
    default=8080,
    show_default=True,
    help="Of the comment server; blog and Demo ID take the next two. 0: any that are free.",
)
@click.option(
    "--keep",
    metavar="FOLDER",
    type=click.Path(path_type=Path, file_okay=False),
    help="Keep the data in this folder, and go on with it if it is there.",
)
def command(port: int, keep: Path | None) -> None:
    """Show a blog with comments, and a place to sign in, on this machine."""
    if find_spec("oidc_provider_mock") is None:
        raise click.ClickException(
            "the demo signs people in at a provider of its own, which is an extra: pip install 'comment-widget[demo]'"
        )
    try:
        with machine.ending() as mark, ExitStack() as stack:
            folder = keep or Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="widget-demo-")))
            folder.mkdir(parents=True, exist_ok=True)
            _Demo(folder.resolve(), port).run(stack, mark, kept=keep is not None)
    except machine.Failed as failure:
        raise click.ClickException(str(failure)) from failure
    except machine.Interrupted:
        click.echo(f"\nStopped; the data is in {keep}." if keep else "\nStopped; nothing is left behind.")


class _Demo:
    """Addresses and settings of one run."""

    def __init__(self, folder: Path, port: int) -> None:
        self.folder = folder
        server, pages, provider = (machine.port_near(port and port + n, click.echo) for n in range(3))
        self.ports = {"server": server, "blog": pages, "demo-id": provider}
        self.blog = f"http://localhost:{pages}"
        self.known = folder / "demo.json"
        self.again = self.known.exists()
        self.memory: dict[str, str] = (
            json.loads(self.known.read_text(encoding="utf-8"))
            if self.again
            # The address under which the threads are known stays the first one, should the port change.
            else {"blog": self.blog, "secret_key": secrets.token_urlsafe(32)}
        )
        self.env = {
            "WIDGET_CONFIG": str(folder / "widget.toml"),
            "WIDGET_DATABASE_URL": f"sqlite:///{folder / 'demo.db'}",
            "WIDGET_PUBLIC_URL": f"http://127.0.0.1:{server}",
            "WIDGET_SECRET_KEY": self.memory["secret_key"],
            "WIDGET_HOST": "127.0.0.1",
            "WIDGET_PORT": str(server),
            "WIDGET_OIDC_ISSUER": f"http://127.0.0.1:{provider}",
            "WIDGET_OIDC_NAME": "Demo ID",
            "WIDGET_OIDC_CLIENT_ID": "comment-widget",
            "WIDGET_OIDC_CLIENT_SECRET": "no secret in a demo",
        }

    def run(self, stack: ExitStack, mark: machine.Ending, *, kept: bool) -> None:
        """Start everything, tell where it is, and stay until the end is asked for."""

        def start(name: str, *arguments: str) -> machine.Child:
            return stack.enter_context(
                machine.child(
                    [*arguments], port=self.ports[name], log=self.folder / f"{name}.log", env=self.env, mark=mark
                )
            )

        self._fill(mark)
        children = [
            start("demo-id", "widget.demo.identity", str(self.ports["demo-id"])),
            start("server", "widget", "serve"),
        ]
        words = {"server": self.env["WIDGET_PUBLIC_URL"], "blog": self.memory["blog"]}
        stack.enter_context(blog.served(self.ports["blog"], words))
        self._tell(machine.run(["setup-link"], self.env).strip(), kept=kept)
        machine.watch(children, mark)

    def _fill(self, mark: machine.Ending) -> None:
        """Site and conversation, by the commands that everybody uses."""
        origins = [part for origin in {self.memory["blog"], self.blog} for part in ("--origin", origin)]
        if self.again:
            machine.run(["db", "upgrade"], self.env)
            machine.run(["site", "set", SITE, *origins], self.env)
            return
        for leftover in self.folder.glob("demo.db*"):  # of a first start that was cut off
            leftover.unlink()
        machine.run(["site", "add", SITE, *origins, "--name", "The open workshop"], self.env)
        mark.check()
        here = self.blog.partition("//")[2]
        machine.run(["import", str(EXPORT), "--site", SITE, "--map", f"{OLD_HOST}={here}"], self.env)
        self.known.touch(mode=0o600)
        self.known.write_text(json.dumps(self.memory), encoding="utf-8")  # last: only a filled folder is gone on with

    def _tell(self, desk: str, *, kept: bool) -> None:
        click.echo(f"""
Open the blog and write a comment:

  {self.blog}/en/the-kiln-and-the-page/    in English
  {self.blog}/it/il-forno-e-la-pagina/    in Italian

The desk, where whoever signs in first with Demo ID becomes the administrator:

  {desk}

Comment server   {self.env["WIDGET_PUBLIC_URL"]}
Demo ID          {self.env["WIDGET_OIDC_ISSUER"]}, a real OpenID provider: sign in as whom you like
Data             {self.folder if kept else "in a temporary folder; --keep FOLDER keeps it"}

Ctrl-C stops it all.""")
