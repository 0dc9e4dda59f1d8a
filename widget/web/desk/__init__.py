"""/admin/: the desk, where a site's people do what there is to do. One page a file; `room` guards them all."""

from flask import Flask

from widget.web.desk import entry, home, log, people, queue, room

PAGES = (entry, home, queue, people, log)  # importing a page puts it into the room


def init_app(app: Flask) -> None:
    """Tie the pages to the application."""
    app.register_blueprint(room.blueprint)
