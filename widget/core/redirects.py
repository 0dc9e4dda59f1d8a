"""Rules by which pages that begin with one address are looked for below another; pure."""

from collections.abc import Sequence
from dataclasses import dataclass

LONGEST = 5  # steps from one rule to the next
MOST = 200  # rules of a site


@dataclass(frozen=True)
class Rule:
    """Addresses that begin with `old` begin now with `new`; of several that fit the longest `old` holds."""

    old: str
    new: str


def ahead(rules: Sequence[Rule], url: str) -> str | None:
    """Where an address leads at last: itself, where no rule fits; None: it goes on for more than LONGEST steps."""
    for _ in range(LONGEST + 1):
        fits = [rule for rule in rules if url.startswith(rule.old)]
        if not fits:
            return url
        rule = max(fits, key=lambda one: len(one.old))
        url = rule.new + url[len(rule.old) :]
    return None


def behind(rules: Sequence[Rule], url: str) -> list[str]:
    """The addresses that lead here, the last step first."""
    found, last = [url], [url]
    for _ in range(LONGEST):
        last = [
            before
            for after in last
            for rule in rules
            if after.startswith(rule.new) and (before := rule.old + after[len(rule.new) :]) not in found
        ]
        found += last
    return found[1:]


def flaw(rules: Sequence[Rule], new: Rule) -> str:
    """Why a rule cannot stand beside these, as the code of a Problem; "" where it can."""
    if any(rule.old == new.old for rule in rules):
        return "rule.taken"
    if len(rules) >= MOST:
        return "rule.too_many"
    together = [*rules, new]
    # A round comes back to where it began, and so does whatever is put below itself.
    if any(ahead(together, rule.old) is None for rule in together):
        return "rule.round" if _round(together, new) else "rule.long"
    return ""


def _round(rules: Sequence[Rule], start: Rule) -> bool:
    url = start.new
    for _ in range(len(rules) + 1):
        if url.startswith(start.old):
            return True
        fits = [rule for rule in rules if url.startswith(rule.old)]
        if not fits:
            return False
        rule = max(fits, key=lambda one: len(one.old))
        url = rule.new + url[len(rule.old) :]
    return True
