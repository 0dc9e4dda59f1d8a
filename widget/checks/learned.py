"""What the site's own decisions say about the words."""

from widget.checks.case import KNOWN, Case
from widget.core.verdicts import Verdict

# docs/spam.md: of what people write, one in 200 at the most reads so much like spam, however little was decided yet.
DOUBT = 0.999


def score(case: Case) -> Verdict | None:
    """Nothing, until there were enough decisions (services.learning); nobody who is known is judged by words.

    Words alone put nothing away: somebody looks at it.
    """
    if case.score is None or case.rung == KNOWN or case.score < DOUBT:
        return None
    return Verdict("learned.spam", f"{case.score:.4f}")
