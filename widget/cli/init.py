"""`widget init`: from nothing to a server that can start."""

import os
from pathlib import Path

import click

from widget.cli import application
from widget.core import tokens


@click.command()
@click.option("--public-url", prompt="Address of this server, as browsers reach it", default="http://127.0.0.1:8080")
def command(public_url: str) -> None:
    """Write widget.toml with a fresh secret key, and make the database. Changes nothing that is there already."""
    path = Path(os.environ.get("WIDGET_CONFIG", "widget.toml"))
    try:
        with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8") as file:
            file.write(f'public_url = "{public_url}"\nsecret_key = "{tokens.secret()}"\n')
        click.echo(f"Wrote {path} (readable by you alone: it holds the secret key).")
    except FileExistsError:
        click.echo(f"{path} is there already; left as it is.")
    with application():
        click.echo("The database is current.")
    click.echo("Next: widget site add KEY --origin https://your.site, then widget serve")
