"""The site's own lists of words, in what the comment says and in where it links to."""

from widget.checks.case import Case
from widget.core import wordlist
from widget.core.verdicts import Verdict


def held(case: Case) -> Verdict | None:
    """Words to look at."""
    return _found(case, "words.held", case.policy.held_words)


def blocked(case: Case) -> Verdict | None:
    """Words that nobody needs to look at."""
    return _found(case, "words.blocked", case.policy.blocked_words)


def _found(case: Case, code: str, words: tuple[str, ...]) -> Verdict | None:
    if not words:
        return None
    texts = (case.text, case.author.website, *case.links)
    found = next((word for text in texts if (word := wordlist.first(words, text))), None)
    return Verdict(code, found) if found else None
