"""Whether anything is taken here: from guests, and in a conversation as old as this one."""

from datetime import timedelta

from widget.checks.case import Case
from widget.core.verdicts import Verdict


def registered(case: Case) -> Verdict | None:
    """A guest may have a session of the time when the site still took guests."""
    return Verdict("guest.not_allowed") if case.author.guest and not case.guests else None


def closed(case: Case) -> Verdict | None:
    """Old conversations get more spam than answers."""
    days = case.policy.close_days
    if days and case.since is not None and case.now - case.since >= timedelta(days=days):
        return Verdict("thread.closed")
    return None
