"""`widget outbox`: what waits to be sent, what was sent, and what was given up."""

import click

from widget.cli import application
from widget.models.outbox import STATES


@click.group()
def command() -> None:
    """Look at what is to be sent, and try again what was given up."""


@command.command(name="list")
@click.option("--state", type=click.Choice(STATES), help="Only those in this state; parked: given up.")
@click.option("--limit", type=click.IntRange(1, 10_000), default=50, show_default=True, help="How many.")
def list_(state: str | None, limit: int) -> None:
    """List the last messages: id, state, kind, tries, and the last answer. It shows no address and no text."""
    from widget.core import clock
    from widget.services.outbox import rows

    with application():
        for row in rows.listed(state, limit=limit):
            when = clock.rfc3339(row.done_at or row.due_at)
            click.echo(f"{row.public_id}  {row.state:<7}  {row.kind:<10}  {row.attempts:>3}  {when}  {row.answer}")


@command.command()
@click.argument("id_", metavar="[ID]", default="")
def retry(id_: str) -> None:
    """Send the parked message ID again, or with no ID all parked ones."""
    from widget.services import transaction
    from widget.services.outbox import rows

    with application():
        number = transaction.write(lambda session: rows.retry(session, id_ or None))
        click.echo(f"{number} wait again.")
