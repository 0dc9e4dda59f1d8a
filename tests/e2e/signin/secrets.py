"""Looks for secrets where none may be: literally, and by what random text looks like."""

import math
import re
from collections import Counter
from collections.abc import Iterable

_WORD = re.compile(r"(?<![\w-])(?!\w+-[0-9a-f]{12}\.(?:js|json))[A-Za-z0-9_-]{16,}")  # not our hashed files
_BITS = 3.2  # a letter of a random word of 16; English and paths have less, or their words are shorter


def bits(word: str) -> float:
    """Shannon's entropy of the word's own letters, in bits for each."""
    counts = Counter(word)
    return -sum(count / len(word) * math.log2(count / len(word)) for count in counts.values())


def random_words(text: str) -> list[str]:
    """The parts of an address, a header or a log that look as if somebody had made them by chance."""
    return [word for word in _WORD.findall(text) if bits(word) > _BITS and re.search(r"[0-9A-Z]", word)]


def found(places: Iterable[str], secrets: Iterable[str] = ()) -> list[tuple[str, str]]:
    """(secret or random word, place) for every one in any of the places."""
    known = [secret for secret in secrets if secret]
    hits = []
    for place in places:
        hits += [(word, place) for word in random_words(place)]
        hits += [(secret, place) for secret in known if secret in place]
    return hits
