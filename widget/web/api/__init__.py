"""The JSON API under /api/v1, one resource a file."""

from widget.web.api import comments, counts, live, me, openapi, session, site, threads

RESOURCES = (threads, counts, live, site, session, comments, me, openapi)
