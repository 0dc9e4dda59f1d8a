"""Very many new people at once are seldom people."""

from widget.checks.case import KNOWN, Case
from widget.core.verdicts import Verdict


def people(case: Case) -> Verdict | None:
    """Whoever is known writes on."""
    newcomer = case.rung != KNOWN and not case.author.approved and (case.author.guest or case.author.new)
    if newcomer and 0 < case.policy.flood <= case.newcomers:
        return Verdict("flood.people", str(case.newcomers))
    return None
