"""/admin/: on to the first page that a person may see."""

from flask import Response

from widget.services.staff import Need
from widget.web import pages
from widget.web.desk import room, sheet


@room.page("/", need=Need.MODERATOR)
def show() -> Response:
    """The navigation's first."""
    found = room.navigation()
    return pages.redirect(found[0][1]) if found else sheet.show("empty")
