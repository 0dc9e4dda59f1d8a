"""The application factory: config, extensions, blueprints, and nothing else."""

from collections.abc import Mapping
from typing import Any

from flask import Flask

from widget import config, database, providers, web
from widget.extensions import db
from widget.services import (
    corrections,
    hooks,
    inbound,
    limits,
    live,
    mail,
    reception,
    transaction,
    webmentions,
)


def create_app(overrides: Mapping[str, Any] | None = None) -> Flask:
    """A WSGI application with its settings (`overrides` by name without prefix, e.g. {"DATABASE_URL": "…"}).

    Raises Problem("config.invalid") when a setting is not right. Does not touch the database.
    """
    app = Flask("widget", static_folder=None)
    app.config.update(config.load(overrides, extra_rows=providers.settings_rows()))
    url = database.url(app.config["DATABASE_URL"])
    app.config["SQLALCHEMY_DATABASE_URI"] = url
    app.config["SQLALCHEMY_ENGINE_OPTIONS"] = database.engine_options(
        url, busy_timeout=app.config["BUSY_TIMEOUT"], threads=app.config["THREADS"]
    )
    app.config["MAX_CONTENT_LENGTH"] = app.config["MAX_BODY_BYTES"]
    database.create_file(url)
    db.init_app(app)
    with app.app_context():
        database.install(db.engine)
        transaction.init_app(app, db.engine)
    reception.init_app(app)
    live.init_app(app)
    limits.init_app(app)
    mail.init_app(app)
    inbound.init_app(app)
    webmentions.init_app(app)
    hooks.init_app(app)
    corrections.init_app(app)
    web.init_app(app)
    return app
