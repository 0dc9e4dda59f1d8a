"""`widget init`: from nothing to a server that can start."""

import os
from pathlib import Path

import click
from flask import Flask

from widget.cli import application
from widget.core import tokens


@click.command()
@click.option("--public-url", prompt="Address of this server, as browsers reach it", default="http://127.0.0.1:8080")
def command(public_url: str) -> None:
    """Write widget.toml with a fresh secret key, and make the database. Changes nothing that is there already.

    Prints, once, the link that makes somebody the server's administrator.
    """
    path = Path(os.environ.get("WIDGET_CONFIG", "widget.toml"))
    try:
        with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8") as file:
            file.write(f'public_url = "{public_url}"\nsecret_key = "{tokens.secret()}"\n')
        click.echo(f"Wrote {path} (readable by you alone: it holds the secret key).")
    except FileExistsError:
        click.echo(f"{path} is there already; left as it is.")
    with application() as app:
        click.echo("The database is current.")
        _first_administrator(app)
    click.echo("Next: widget site add KEY --origin https://your.site, then widget serve")


def _first_administrator(app: Flask) -> None:
    from widget.extensions import db
    from widget.services import setup_links, staff, transaction

    if staff.has_administrator(db.session()):
        return
    if setup_links.is_open(db.session()):
        click.echo("A set-up link was printed before; widget setup-link makes a new one.")
        return
    secret = transaction.write(setup_links.make)
    click.echo("Once a provider of sign-in is on and the server runs, become its administrator (once, within 3 days):")
    click.echo(f"{app.config['PUBLIC_URL']}/admin/setup#{secret}")
