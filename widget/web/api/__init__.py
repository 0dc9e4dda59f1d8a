"""The JSON API under /api/v1, one resource a file."""

from widget.web.api import (
    comments,
    counts,
    flags,
    form,
    latest,
    live,
    me,
    moderation,
    openapi,
    people,
    pins,
    preview,
    reactions,
    session,
    site,
    subscriptions,
    threads,
)

RESOURCES = (
    *(threads, people, counts, latest, live, site, session),
    *(form, comments, preview, reactions, flags, pins, moderation, me, subscriptions, openapi),
)
