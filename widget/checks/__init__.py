"""The checks of a comment, in their order: each is a function of a case that finds nothing, or a verdict.

A verdict that publishes or refuses ends it; all others are gathered, and the worst of them counts.
"""

from collections.abc import Callable

from widget.checks import (
    akismet,
    duplicates,
    flood,
    forms,
    learned,
    links,
    mentions,
    names,
    place,
    policy,
    trust,
    words,
)
from widget.checks.case import Case
from widget.core.verdicts import PUBLISH, REFUSE, Judgement, Verdict

Check = Callable[[Case], Verdict | None]
ORDER: tuple[Check, ...] = (
    trust.staff,
    place.registered,
    place.closed,
    trust.standing,
    words.blocked,
    words.held,
    names.held,
    forms.trap,
    forms.token,
    flood.people,
    links.count,
    duplicates.similar,
    learned.score,
    akismet.answer,
    mentions.first,
    policy.moderation,
)


def judge(case: Case) -> Judgement:
    """What all checks say together."""
    found: list[Verdict] = []
    for check in ORDER:
        verdict = check(case)
        if verdict is None:
            continue
        if verdict.reason.verdict in {PUBLISH, REFUSE}:
            return Judgement((verdict,))
        found.append(verdict)
    return Judgement(tuple(found))
