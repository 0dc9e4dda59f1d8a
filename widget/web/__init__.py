"""HTTP: what comes in, what goes out, who may ask."""

from flask import Flask, Response

from widget.web import (
    account,
    api,
    assets,
    avatars,
    client_documents,
    cors,
    desk,
    errors,
    feeds,
    health,
    mail,
    pictures,
    readpath,
    signin,
    thread_pages,
)
from widget.web.lanes import Lanes
from widget.web.no_session import NoSession

API = "/api/v1"


def init_app(app: Flask) -> None:
    """Tie the routes to the application."""
    app.session_interface = NoSession()
    errors.init_app(app)
    cors.init_app(app)
    for resource in api.RESOURCES:
        app.register_blueprint(resource.blueprint, url_prefix=API)
    for room in (account, assets, avatars, client_documents, feeds, health, mail, pictures, signin, thread_pages):
        app.register_blueprint(room.blueprint)
    desk.init_app(app)
    https = app.config["PUBLIC_URL"].startswith("https:")

    def secure(response: Response) -> Response:
        response.headers.setdefault("X-Content-Type-Options", "nosniff")
        if https:
            response.headers.setdefault("Strict-Transport-Security", "max-age=31536000")
        return response

    app.after_request(secure)
    # The lanes are for what takes time; ready bytes take none.
    app.wsgi_app = Lanes(app.wsgi_app, app.config["THREADS"])  # type: ignore[method-assign]  # Flask's documented way
    readpath.init_app(app, limit=app.config["READY_MB"] * 1_000_000)
