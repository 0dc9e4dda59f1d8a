"""The site's own list of names."""

from widget.checks.case import Case
from widget.core import wordlist
from widget.core.verdicts import Verdict


def held(case: Case) -> Verdict | None:
    """A name that has one of them in it."""
    found = wordlist.first(case.policy.held_names, case.author.name)
    return Verdict("names.held", found) if found else None
