"""`widget work`: send what is to be sent, and take answers by mail, in a process of its own."""

import signal

import click

from widget.cli import application


@click.command()
@click.option("--once", is_flag=True, help="Take and send what is due now, and end.")
def command(*, once: bool) -> None:
    """Send mail and what goes to hooks, make digests and take answers until told to stop (SIGTERM or Ctrl-C).

    Several may run, on several machines.

    `widget serve` does it as well, unless WIDGET_WORK is false; but only this one listens on WIDGET_LMTP_LISTEN.
    """
    from widget.services import inbound
    from widget.services.outbox import Worker

    with application() as app:
        worker = Worker(app)
        if once:
            inbound.look_once(app)
            while worker.turn():
                pass
            worker.chores()
            while worker.turn():
                pass
            return
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, lambda *_: worker.end())
        end = inbound.start(app, door=True)
        click.echo("Working.")
        try:
            worker.run()
        finally:
            end()
