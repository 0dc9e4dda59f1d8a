"""`widget doctor`: what is right, and what is not, before a visitor finds out."""

import click


@click.command()
@click.option(
    "--mail-to", metavar="ADDRESS", help="Send a test mail there, and print the dialogue with the mail server."
)
def command(mail_to: str | None) -> None:
    """Look at settings, database, address, mail server and every provider; exit code 1 if something is wrong.

    Providers that are on are asked: for their documents, and whether they know this server.
    """
    from widget.services import doctor

    if mail_to:
        answer = doctor.send_test_mail(mail_to, click.echo)
        click.echo(f"The mail server took it: {answer}. Whether it arrives in the mailbox you see there.")
        return
    findings = doctor.examine()
    width = max(len(one.what) for one in findings)
    for one in findings:
        click.echo(f"{one.state:<5}  {one.what:<{width}}  {one.words}")
    if any(one.state is doctor.State.WRONG for one in findings):
        raise SystemExit(1)
