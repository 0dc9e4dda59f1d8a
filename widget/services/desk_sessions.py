"""Sessions of the desk: a whole morning's work, while somebody is at it."""

from datetime import timedelta

from widget.models import DeskSession
from widget.services.visits import Visits

VISITS = Visits(DeskSession, idle=timedelta(hours=2), life=timedelta(hours=12))
