"""The commands, one a file; each module has a click command called `command`."""

from collections.abc import Iterator
from contextlib import contextmanager

from flask import Flask


@contextmanager
def application(*, ready: bool = True) -> Iterator[Flask]:
    """An application with its context pushed; with `ready`, its tables are made or checked first."""
    from widget import create_app
    from widget.extensions import db
    from widget.services import schema, transaction

    app = create_app()
    with app.app_context():
        if ready:
            schema.require_current(db.engine)
        try:
            yield app
        finally:
            db.session.remove()
            transaction.close(app)
            db.engine.dispose()
