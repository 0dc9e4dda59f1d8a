"""The JSON API under /api/v1, one resource a file."""

from widget.web.api import comments, counts, flags, latest, live, me, openapi, pins, reactions, session, site, threads

RESOURCES = (threads, counts, latest, live, site, session, comments, reactions, flags, pins, me, openapi)
