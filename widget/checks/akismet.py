"""What Akismet said, where it was asked and answered."""

from widget.checks.case import Case
from widget.core.verdicts import Verdict


def answer(case: Case) -> Verdict | None:
    """Its silence means nothing."""
    return Verdict("akismet.spam") if case.akismet else None
