"""`widget work`: send what is to be sent, in a process of its own."""

import signal

import click

from widget.cli import application


@click.command()
@click.option("--once", is_flag=True, help="Send what is due now, and end.")
def command(*, once: bool) -> None:
    """Send mail and what goes to hooks, and make digests, until told to stop (SIGTERM or Ctrl-C).

    Several may run, on several machines.

    `widget serve` does it as well, unless WIDGET_WORK is false.
    """
    from widget.services.outbox import Worker

    with application() as app:
        worker = Worker(app)
        if once:
            while worker.turn():
                pass
            worker.chores()
            while worker.turn():
                pass
            return
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, lambda *_: worker.end())
        click.echo("Working.")
        worker.run()
