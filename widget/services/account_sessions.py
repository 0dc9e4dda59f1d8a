"""Sessions of the account page: never a site's bearer."""

from datetime import timedelta

from widget.models import AccountSession
from widget.services.visits import TOUCHED_AFTER, Owner, Visits

__all__ = ["IDLE", "LIFE", "TOUCHED_AFTER", "Owner", "end", "find", "is_due", "open_session", "touch"]

IDLE = timedelta(hours=1)
LIFE = timedelta(hours=12)
_VISITS = Visits(AccountSession, idle=IDLE, life=LIFE)
open_session, find, touch, is_due, end = (
    _VISITS.open_session,
    _VISITS.find,
    _VISITS.touch,
    _VISITS.is_due,
    _VISITS.end,
)
