"""`widget site`: the web sites that may embed the widget."""

import click

from widget.cli import application
from widget.core.errors import Problem


@click.group()
def command() -> None:
    """Add, list and change sites, and say who runs them."""


@command.command()
@click.argument("key")
@click.option("--origin", "origins", multiple=True, required=True, help="https://blog.example; may be repeated.")
@click.option("--name", default="", help="What people read; the key unless given.")
def add(key: str, origins: tuple[str, ...], name: str) -> None:
    """Add the site KEY (a-z, 0-9, -)."""
    from widget.services import site_admin, transaction

    with application() as app:
        site = transaction.write(lambda session: site_admin.add(session, key, name or key, origins))
        click.echo(f"Added {key}. On its pages, where the comments shall stand:\n")
        click.echo(site_admin.tag(site, app.config["PUBLIC_URL"]) + "\n")
        click.echo("THIS-PAGE is the rest of the page's address; whoever has no JavaScript finds the comments there.")


@command.command(name="list")
def list_() -> None:
    """List the sites with their origins and settings."""
    from dataclasses import asdict

    from widget.services import sites

    with application():
        for site in sites.all_sites():
            click.echo(f"{site.key}  {site.name}")
            click.echo(f"  origins: {', '.join(sorted(site.origins))}")
            given = {**asdict(site.settings), **{name: "…" for name in sites.SECRETS if getattr(site.settings, name)}}
            click.echo("  " + ", ".join(f"{name}={value}" for name, value in given.items()))


@command.command(name="set")
@click.argument("key")
@click.argument("changes", metavar="[NAME=VALUE]...", nargs=-1)
@click.option("--origin", "origins", multiple=True, help="The whole new list of origins; may be repeated.")
def set_(key: str, changes: tuple[str, ...], origins: tuple[str, ...]) -> None:
    """Change settings of the site KEY, e.g. guest_email=required edit_window=600."""
    from widget.services import site_admin, sites, transaction

    values = {}
    for change in changes:
        name, equals, text = change.partition("=")
        if not equals:
            raise Problem("config.invalid", reason=f"write NAME=VALUE, not {change}")
        values[name] = sites.typed(name, text)
    listed = site_admin.checked_origins(origins) if origins else None
    with application():
        transaction.write(lambda session: sites.change(session, key, settings=values, origins=listed))
    click.echo(f"Changed {key}.")


@command.command()
@click.argument("key")
@click.argument("user")
@click.argument("role", type=click.Choice(["owner", "moderator", "none"]), required=False)
def role(key: str, user: str, role: str | None) -> None:
    """Make USER owner or moderator of the site KEY, or none of both; without a role, say what they are.

    USER is somebody who signed in on this server: by their public id (the author's id of their comments), as
    provider:subject, or by the name of an account when nobody else has it.
    """
    from widget.extensions import db
    from widget.services import roles, sites, transaction

    with application():
        site = sites.by_key(key)
        user_id = roles.find_user(db.session(), user)
        if role:
            given = None if role == "none" else role
            transaction.twice(lambda session: roles.give(session, site, user_id, given))
        click.echo(f"{user} on {key}: {roles.of_user(db.session(), site.id, user_id) or 'none'}")


@command.command(name="roles")
@click.argument("key")
def roles_(key: str) -> None:
    """List the owners and moderators of the site KEY."""
    from widget.services import roles, sites

    with application():
        for holder in roles.holders(sites.by_key(key)):
            click.echo(f"{holder.role:9}  {holder.public_id}  {holder.name}  ({', '.join(holder.accounts)})")
