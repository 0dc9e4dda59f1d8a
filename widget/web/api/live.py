"""GET /api/v1/live: an open page hears which version its conversation is at (server-sent events)."""

from collections.abc import Iterator

from flask import Blueprint, Response, current_app

from widget.core.errors import Problem
from widget.services import live, threads
from widget.services.live import Stream
from widget.web import guards, inputs
from widget.web.api import schema

blueprint = Blueprint("live", __name__)
RETRY_SECONDS = 10


@blueprint.get("/live")
@schema.describe(query=schema.PageQuery, answer=(200, None), errors=(400, 403, 404, 503))
def read() -> Response:
    """A stream of events whose data is the thread's version: now, and whenever it moves. What changed is for
    `threads?since=` to say. 503 when all places are taken.
    """
    site = guards.site_of_query()
    page = threads.page_of(site, inputs.query("url"), inputs.query("id"))
    if site.settings.live != "events":
        raise Problem("live.off")
    thread = threads.find(site, page)
    version = thread.version if thread else 0
    stream = live.hub(current_app._get_current_object()).enter(site, page, version)  # type: ignore[attr-defined]  # the proxy's own way out
    response = Response(_events(stream, version), mimetype="text/event-stream")
    response.call_on_close(stream.close)
    response.headers["Cache-Control"] = "no-store"
    response.headers["X-Accel-Buffering"] = "no"  # nginx passes on what it gets
    return response


def _events(stream: Stream, version: int) -> Iterator[str]:
    yield f"retry: {RETRY_SECONDS * 1000}\ndata: {version}\n\n"
    for news in stream:
        yield f"data: {news}\n\n" if news >= 0 else ":\n\n"
