"""Whether a person may come in: what stands at every door that leads to a session."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from widget.core import clock
from widget.core.errors import Problem
from widget.models import User


def require(session: Session, user_id: int) -> None:
    """Raises Problem("user.blocked").

    The row is held until the end of the transaction: who blocks them meanwhile waits for it, and then finds the session
    that it has made (services.people.block).
    """
    found = select(User.blocked_at, User.blocked_until).where(User.id == user_id).with_for_update(read=True)
    if is_blocked(*session.execute(found).one()):
        raise Problem("user.blocked")


def is_blocked(since: datetime | None, until: datetime | None) -> bool:
    """Whether a block holds now."""
    return since is not None and (until is None or clock.now() < until)
