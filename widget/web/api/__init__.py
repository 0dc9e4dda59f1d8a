"""The JSON API under /api/v1, one resource a file."""

from widget.web.api import comments, counts, me, openapi, reactions, session, site, threads

RESOURCES = (threads, counts, site, session, comments, reactions, me, openapi)
