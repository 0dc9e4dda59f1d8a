"""/admin/: the desk, where a site's people do what there is to do. One page a file; `room` guards them all."""

from flask import Flask

from widget.web.desk import (
    deliveries,
    entry,
    figures,
    home,
    hooks,
    log,
    people,
    preview,
    queue,
    redirects,
    room,
    site_roles,
    sites,
    threads,
)

# Importing a page puts it into the room.
PAGES = (entry, home, queue, people, threads, redirects, sites, site_roles, preview, figures, log, deliveries, hooks)


def init_app(app: Flask) -> None:
    """Tie the pages to the application."""
    app.register_blueprint(room.blueprint)
