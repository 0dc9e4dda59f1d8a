"""`widget hook`: where events are told to, of one site or of the whole server."""

from typing import TYPE_CHECKING

import click

from widget.channels.hooks import KINDS
from widget.cli import application
from widget.core import events

if TYPE_CHECKING:
    from sqlalchemy.orm import Session


@click.group()
def command() -> None:
    """Tell events to programs and chats (docs/hooks.md). The desk does the same for each site."""


@command.command(name="list")
@click.option("--site", help="Only the hooks of this site.")
def list_(site: str | None) -> None:
    """List the hooks: id, site (*: the whole server), kind, where to, events. No secret is shown."""
    from widget.services import sites
    from widget.services.hooks import store

    with application():
        keys = {one.id: one.key for one in sites.all_sites()}
        for hook in store.of_site(sites.by_key(site).id) if site else store.everywhere():
            whose = keys.get(hook.site_id or 0, "*")
            state = "on" if hook.active else hook.stopped or "off"
            click.echo(f"{hook.public_id}  {whose}  {hook.kind}  {state}  {hook.place}  {hook.label}".rstrip())
            click.echo(f"  {', '.join(hook.events)}")


@command.command()
@click.argument("address")
@click.option("--site", help="The site whose events it hears of.")
@click.option("--all-sites", is_flag=True, help="The events of every site, also of those to come.")
@click.option("--kind", type=click.Choice(list(KINDS)), default="json", show_default=True, help="What is sent.")
@click.option("--event", "chosen", multiple=True, type=click.Choice(events.KINDS), help="May be repeated; else all.")
@click.option("--label", default="", help="What it is for.")
@click.option("--target", default="", help="The chat (telegram), room (matrix) or topic (ntfy).")
@click.option("--token", default="", help="The access token (matrix, ntfy); -: it is asked for.")
def add(
    address: str,
    *,
    site: str | None,
    all_sites: bool,
    kind: str,
    chosen: tuple[str, ...],
    label: str,
    target: str,
    token: str,
) -> None:
    """Add a hook to ADDRESS. The key of a json hook is printed this once."""
    from widget.services import sites, transaction
    from widget.services.hooks import store

    if bool(site) == all_sites:
        raise click.UsageError("say either --site KEY or --all-sites")
    if token == "-":  # noqa: S105 - a wish to be asked
        token = click.prompt("Token", hide_input=True)
    wanted = store.Wanted(label, chosen or events.KINDS, address=address, target=target, token=token)
    with application():
        site_id = sites.by_key(site).id if site else None

        def work(session: "Session") -> tuple[str, str]:
            hook, key = store.add(session, site_id, kind, wanted)
            return hook.public_id, key

        public_id, key = transaction.write(work)
    click.echo(f"Added {public_id}.")
    if key:
        click.echo(f"Its key, shown this once: {key}")


@command.command()
@click.argument("id_", metavar="ID")
def test(id_: str) -> None:
    """Send the event `test` to the hook ID now, and print what was answered."""
    from widget.extensions import db
    from widget.services.hooks import sending, store

    with application():
        tried = sending.test(store.find(db.session(), id_))
        click.echo(f"{tried.line}  ({tried.milliseconds} ms)")
        if not tried.worked:
            raise SystemExit(1)


@command.command()
@click.argument("id_", metavar="ID")
def rotate(id_: str) -> None:
    """Make a new key for the hook ID, and print it; the old one signs beside it for 24 hours."""
    from widget.services import transaction
    from widget.services.hooks import store

    with application():
        click.echo(transaction.write(lambda session: store.rotate(session, id_)[1]))


@command.command()
@click.argument("id_", metavar="ID")
def remove(id_: str) -> None:
    """Remove the hook ID; what waits for it is not sent any more."""
    from widget.services import transaction
    from widget.services.hooks import store

    with application():
        transaction.write(lambda session: store.remove(session, id_))
    click.echo(f"Removed {id_}.")
