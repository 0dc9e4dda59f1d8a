"""Mentions on other sites: anybody can write anything under any name on a page of theirs."""

from widget.checks.case import Case
from widget.core.verdicts import Verdict


def first(case: Case) -> Verdict | None:
    """Whoever mentions the site from somewhere else waits until something of theirs is published."""
    return Verdict("mention.first") if case.author.mentions and not case.author.approved else None
