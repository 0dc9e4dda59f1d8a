"""`widget user`: who is here, and keeping somebody out."""

from datetime import datetime, timedelta
from typing import TYPE_CHECKING

import click

from widget.cli import application
from widget.core import clock

if TYPE_CHECKING:
    from widget.services.people import Someone


@click.group()
def command() -> None:
    """List, show and block people. ID is the word at the beginning of a line of `widget user list`."""


@command.command(name="list")
@click.argument("text", default="")
@click.option("--blocked", is_flag=True, help="Only those who are blocked.")
@click.option("--limit", type=click.IntRange(1, 10_000), default=50, show_default=True, help="How many.")
def list_(text: str, *, blocked: bool, limit: int) -> None:
    """List people, the newest first; with TEXT only those who have it in a name, a username or an address."""
    from widget.services import people

    with application():
        for one in people.find(text, blocked=blocked, limit=limit):
            ways = ", ".join(way.provider for way in one.ways) or "guest"
            state = f"  {_state(one)}" if one.blocked else ""
            click.echo(f"{one.id}  {one.name}  ({ways}; {_plural(one.comments, 'comment')}){state}")


@command.command()
@click.argument("id_", metavar="ID")
def show(id_: str) -> None:
    """Show one person: the accounts they sign in with, what they have here, and whether they are blocked."""
    from widget.services import people

    with application():
        one = people.show(id_)
        click.echo(f"{one.id}  {one.name}")
        click.echo(f"  here since {_day(one.created)}; {_plural(one.comments, 'comment')}, ", nl=False)
        click.echo(_plural(one.sessions, "session"))
        for way in one.ways:
            more = " ".join(filter(None, (way.username, way.profile_url)))
            click.echo(f"  {way.provider}: {way.name} {more}".rstrip())
        if not one.ways:
            click.echo("  a guest")
        click.echo(f"  {_state(one) or 'not blocked'}")


@command.command()
@click.argument("id_", metavar="ID")
@click.option("--days", type=click.IntRange(1, 36_500), help="For how long; for good unless given.")
def block(id_: str, days: int | None) -> None:
    """Log somebody out everywhere and keep them out. Their comments stay."""
    from widget.services import people, transaction

    until = clock.now() + timedelta(days=days) if days else None
    with application():
        transaction.write(lambda session: people.block(session, id_, until=until))
        one = people.show(id_)
    click.echo(f"{one.name} is {_state(one)}.")


@command.command()
@click.argument("id_", metavar="ID")
def unblock(id_: str) -> None:
    """Let somebody sign in again."""
    from widget.services import people, transaction

    with application():
        transaction.write(lambda session: people.unblock(session, id_))
        click.echo(f"{people.show(id_).name} may sign in again.")


@command.command()
@click.argument("user")
@click.argument("state", type=click.Choice(["on", "off"]), required=False)
def admin(user: str, state: str | None) -> None:
    """Make USER an administrator of this server, or no longer; without on or off, say what they are.

    USER is somebody who signed in here: by ID, as provider:subject, or by the name of an account when nobody else has
    it.
    """
    from widget.extensions import db
    from widget.services import roles, staff, transaction

    with application():
        user_id = roles.find_user(db.session(), user)
        if state:
            transaction.twice(lambda session: staff.make_administrator(session, user_id, on=state == "on"))
        found = staff.of_user(db.session(), user_id)
    click.echo(f"{user}: {'administrator' if found and found.administrator else 'no administrator'}")


def _state(one: "Someone") -> str:
    if one.blocked is None:
        return ""
    return f"blocked since {_day(one.blocked)}" + (f" until {_day(one.until)}" if one.until else "")


def _day(moment: datetime) -> str:
    return moment.strftime("%Y-%m-%d")


def _plural(count: int, word: str) -> str:
    return f"{count} {word}{'' if count == 1 else 's'}"
