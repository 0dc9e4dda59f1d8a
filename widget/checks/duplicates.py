"""The same text again and again, with a word changed here and there."""

from widget.checks.case import KNOWN, Case
from widget.core.verdicts import Verdict

KNOWN_MAY = 2  # announcements are written twice


def similar(case: Case) -> Verdict | None:
    """What says almost the same as spam is spam; as another comment, it waits."""
    if not case.policy.similar:
        return None
    if spam := next((one for one in case.similar if one.state == "spam"), None):
        return Verdict("similar.spam", spam.id)
    if len(case.similar) > (KNOWN_MAY if case.rung == KNOWN else 0):
        return Verdict("similar.comment", case.similar[0].id)
    return None
