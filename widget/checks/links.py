"""Links are what most spam is for."""

from widget.checks.case import GUEST, Case
from widget.core.verdicts import Verdict


def count(case: Case) -> Verdict | None:
    """Guests' links wait sooner than others'; links to the site itself do not count."""
    links = len(case.links)
    if case.rung == GUEST and links > case.policy.guest_links:
        return Verdict("links.guest", str(links))
    return Verdict("links.many", str(links)) if links > case.policy.max_links else None
