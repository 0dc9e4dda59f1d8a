"""What the site's own decisions say about the words."""

from widget.checks.case import KNOWN, Case
from widget.core.verdicts import Verdict

DOUBT, CERTAIN = 0.9, 0.995


def score(case: Case) -> Verdict | None:
    """Nothing, until there were enough decisions (services.learning); nobody who is known is judged by words."""
    if case.score is None or case.rung == KNOWN or case.score < DOUBT:
        return None
    return Verdict("learned.spam" if case.score >= CERTAIN else "learned.doubt", f"{case.score:.3f}")
