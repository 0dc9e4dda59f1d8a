"""Comments for any web page, signed with the social accounts people already have, on your own server."""

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from flask import Flask

__version__ = "0.1.0"


def create_app(overrides: dict[str, Any] | None = None) -> "Flask":
    """The WSGI application; see `widget.app.create_app`. Imported late, so that the command line starts at once."""
    from widget.app import create_app as factory

    return factory(overrides)
