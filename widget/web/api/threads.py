"""GET /api/v1/threads: a conversation, the same bytes for every reader."""

from flask import Blueprint, Response

from widget.services import freshness, reading, threads, windows
from widget.services.windows import Window
from widget.web import answers, guards, inputs, readpath
from widget.web.api import schema

blueprint = Blueprint("threads", __name__)


@blueprint.get("/threads")
@schema.describe(query=schema.ThreadQuery, answer=(200, schema.ThreadAnswer), errors=(400, 403, 404))
def read() -> Response:
    """A page of the conversation on a web page; 304 when the reader has this version already."""
    site = guards.site_of_query()
    page = threads.page_of(site, inputs.query("url"), inputs.query("id"))
    window = Window(
        sort=inputs.query_choice("sort", site.settings.sort, tuple(windows.SORTS)),
        limit=inputs.query_int("limit", 50, low=1, high=windows.MAX_LIMIT),
        after=inputs.query("after") or None,
        root=inputs.query("root") or None,
        at=inputs.query("at") or None,
        since=inputs.query_int("since", -1, low=0, high=windows.MAX_VERSION),
        html=inputs.query_choice("body", "tree", ("tree", "html")) == "html",
    )
    found = reading.open_page(site, page, window)
    if not page.ruled:  # which conversation a rule leads to is looked up each time
        readpath.ready(freshness.of_page(site, page, found.thread, origin=guards.naming_origin()))
    return answers.shared(found.etag, found.body)
