"""`widget setup-link`: make the link with which somebody becomes administrator of this server."""

import click

from widget.cli import application


@click.command()
def command() -> None:
    """Print a link that makes whoever opens it first, and signs in, an administrator. It is good once, for three days.

    Links printed before are good no more.
    """
    from widget.services import setup_links, transaction

    with application() as app:
        secret = transaction.write(setup_links.make)
        click.echo(f"{app.config['PUBLIC_URL']}/admin/setup#{secret}")
