"""Where events are told, and who hears them: inside the transaction of their cause, so that neither is kept alone."""

from collections.abc import Callable

from flask import Flask, current_app
from sqlalchemy.orm import Session

from widget.core.events import Event
from widget.models import Comment

Listener = Callable[[Session, Event], None]
_EXTENSION = "widget.events"


def hear(app: Flask, listener: Listener) -> None:
    """Have `listener(session, event)` called for every event, before the commit; what it raises undoes the cause."""
    app.extensions.setdefault(_EXTENSION, []).append(listener)


def tell(session: Session, event: Event) -> None:
    """Tell everybody who listens. The rows that the event names are flushed."""
    for listener in current_app.extensions.get(_EXTENSION, ()):
        listener(session, event)


def of_comment(session: Session, kind: str, comment: Comment, *, by: int | None, before: str | None = None) -> None:
    """Tell an event about a comment (stored already) that the user `by` is the cause of; None: the server."""
    session.flush()
    tell(
        session,
        Event(
            kind=kind,
            site_id=comment.site_id,
            user_id=comment.user_id,
            actor_id=by,
            thread_id=comment.thread_id,
            comment_id=comment.id,
            before=before,
        ),
    )
