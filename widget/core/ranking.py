"""Ranks that a database index can sort by."""

from collections.abc import Mapping
from math import sqrt
from typing import Final

SCALE: Final = 1_000_000
AGAINST: Final = frozenset({"dislike"})
_Z: Final = 1.959964  # 95 % confidence


def best(reactions: Mapping[str, int]) -> int:
    """How sure one may be that readers like a comment, from 0 to SCALE: the lower bound of the Wilson score interval.

    9 likes of 10 rank before 1 of 1, and 60 of 100 before 6 of 10, where a difference or a share alone would err
    (E. B. Wilson, J. Am. Stat. Assoc. 22, 1927; https://www.evanmiller.org/how-not-to-sort-by-average-rating.html).
    """
    against = sum(number for kind, number in reactions.items() if kind in AGAINST)
    total = sum(reactions.values())
    if total <= 0:
        return 0
    share = (total - against) / total
    spread = _Z * sqrt((share * (1 - share) + _Z * _Z / (4 * total)) / total)
    return round(SCALE * max(0.0, (share + _Z * _Z / (2 * total) - spread) / (1 + _Z * _Z / total)))
