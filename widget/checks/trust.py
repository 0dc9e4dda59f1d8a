"""People whom nobody has to check: those who run the site, and those whom they approved for always."""

from widget.checks.case import Case
from widget.core.verdicts import Verdict


def staff(case: Case) -> Verdict | None:
    """Owners and moderators are never held."""
    return Verdict("trust.staff", case.author.role) if case.author.role else None


def standing(case: Case) -> Verdict | None:
    """Moderators decided to trust this person."""
    return Verdict("trust.always") if case.author.standing == "trusted" else None
