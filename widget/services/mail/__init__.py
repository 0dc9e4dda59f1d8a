"""Mail: to visitors who asked for it, and to those who look after a site.

An event becomes one row of the outbox in its own transaction (`listen`). The worker finds out whom it concerns
(`fanout`), which gives notices and more rows; a mail's text is made when it is sent (`post`), so that nothing goes out
of a comment that is gone by then. `schedule` gathers what waits for a digest, and writes the weekly letter.
"""

from flask import Flask

from widget.services import events, outbox
from widget.services.mail import addresses, fanout, post, schedule

__all__ = ["init_app"]


def init_app(app: Flask) -> None:
    """Send mail, if WIDGET_SMTP_URL says where. Raises Problem("config.invalid")."""
    on = post.set_up(app)
    addresses.set_up(app, mail=on)
    if on:
        events.hear(app, fanout.listen)
        outbox.handle(app, "event", fanout.run)
        outbox.handle(app, "mail", post.run)
        outbox.every(app, schedule.run)
