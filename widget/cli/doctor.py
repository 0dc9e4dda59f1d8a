"""`widget doctor`: what is right, and what is not, before a visitor finds out."""

import click


@click.command()
def command() -> None:
    """Look at the settings, the database, the server's address and every provider; exit code 1 if something is wrong.

    Providers that are on are asked: for their documents, and whether they know this server.
    """
    from widget.services import doctor

    findings = doctor.examine()
    width = max(len(one.what) for one in findings)
    for one in findings:
        click.echo(f"{one.state:<5}  {one.what:<{width}}  {one.words}")
    if any(one.state is doctor.State.WRONG for one in findings):
        raise SystemExit(1)
