"""Whose comments wait on this site, whatever they say."""

from widget.checks.case import GUEST, Case
from widget.core.verdicts import Verdict


def moderation(case: Case) -> Verdict | None:
    """The site's `moderation`. Who has an account, a verified address or some approved comments is no guest here."""
    rule = case.policy.moderation
    if rule == "all":
        return Verdict("policy.all")
    if rule == "guests" and case.rung == GUEST:
        return Verdict("policy.guests")
    if rule == "first" and not case.author.approved:
        return Verdict("policy.first")
    return None
