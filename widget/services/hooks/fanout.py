"""From what happened to the hooks that want to hear of it: a row for each, in the transaction of the event."""

from sqlalchemy import bindparam, or_, select
from sqlalchemy.orm import Session

from widget.core import clock, tokens
from widget.core.events import Event
from widget.models import Comment, Hook
from widget.services import outbox
from widget.statements import Statement

CHANNEL = "hook"
# Asked with every event, on most sites in vain.
_HEARING = Statement(
    select(Hook.id, Hook.site_id, Hook.events, Hook.place).where(
        or_(Hook.site_id == bindparam("site"), Hook.site_id.is_(None)), Hook.active.is_(True)
    )
)


def listen(session: Session, event: Event) -> None:
    """Write the rows. Nobody hears of what a shadow-banned person writes; spam is told as that, not as a comment."""
    wanting = [hook for hook in _HEARING.all(session, site=event.site_id) if event.kind in hook.events]
    if not wanting:
        return
    if event.comment_id is not None:
        comment = session.get(Comment, event.comment_id)
        if comment is None or comment.shadow or (event.kind, comment.state) == ("comment.created", "spam"):
            return
    told = {
        "site": event.site_id,
        "comment": event.comment_id,
        "user": event.user_id,
        "by": event.actor_id,
        "before": event.before,
        "at": clock.microseconds(clock.now()),
    }
    for hook in wanting:
        outbox.put(
            session,
            key=f"hook:{tokens.secret()}",
            channel=CHANNEL,
            kind=event.kind,
            payload={"hook": hook.id, **told},
            site_id=hook.site_id,  # what goes to a hook of the whole server is no site's to look at
            destination=hook.place,
        )
