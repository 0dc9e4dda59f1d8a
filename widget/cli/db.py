"""`widget db`: the tables."""

import click

from widget.cli import application


@click.group()
def command() -> None:
    """Make, upgrade and check the database."""


@command.command()
def upgrade() -> None:
    """Bring the tables up to this release; safe to run again."""
    from widget.extensions import db
    from widget.services import rerendering, schema

    with application(ready=False):
        schema.upgrade(db.engine)
        left = rerendering.waiting()
    click.echo("The database is current.")
    if left:
        click.echo(f"{left} texts were rendered by an older release: run `widget db rerender`, while serving or not.")


@command.command()
def rerender() -> None:
    """Render anew what an older release rendered; while serving or not, and as often as wanted."""
    from widget.services import rerendering

    with application():
        left = rerendering.waiting()
        with click.progressbar(length=left, label="Rendering") as bar:
            done = rerendering.run(bar.update)
    click.echo(f"Rendered {done} texts anew.")


@command.command()
def check() -> None:
    """Say how the database stands to this release; exit code 1 unless it is current."""
    from widget.extensions import db
    from widget.services import schema

    with application(ready=False), db.engine.connect() as connection:
        found = schema.state(connection)
    click.echo(f"The database is {found}.")
    if found is not schema.State.CURRENT:
        raise SystemExit(1)
