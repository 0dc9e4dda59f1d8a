"""What words say about a text, from how often they stood in spam and in good texts.

Robinson's degrees of belief, combined by Fisher's method as SpamBayes does it ("A Statistical Approach to the Spam
Problem", Linux Journal 107, 2003): it says 0.5 where the words contradict each other, so what is neither waits for
nobody.
"""

import math
import re
from collections.abc import Iterable
from hashlib import blake2b
from itertools import pairwise

from widget.core.wordlist import fold

MOST_TOKENS = 300
LEAST_OF_EACH = 30  # decisions of either kind; before that it says nothing
STRENGTH, ASSUMED = 0.45, 0.5  # how much a word must have been seen until it is believed, and what it says before that
TELLING = 0.1  # words nearer to the middle say nothing
MOST_TELLING = 100
_WORD = re.compile(r"[^\W_]{2,24}")
_HOST = re.compile(r"https?://([^/?#:]+)")


def tokens(text: str, links: Iterable[str], name: str) -> frozenset[int]:
    """What a comment is known by: its words and pairs of them, hosts that it links to, words of its author's name.

    As numbers, from which nobody reads the comment again; never 0.
    """
    words = _WORD.findall(fold(text))
    hosts = [found[1].lower() for link in links if (found := _HOST.match(link))]
    said = [*words, *(f"{one} {other}" for one, other in pairwise(words))]
    about = [*(f"host {host}" for host in hosts), *(f"name {word}" for word in _WORD.findall(fold(name)))]
    about.append(f"links {min(len(hosts), 5)}")
    return frozenset(_number(one) for one in dict.fromkeys([*about, *said][:MOST_TOKENS]))


def score(counts: Iterable[tuple[int, int]], spam: int, good: int) -> float | None:
    """0 (good) … 1 (spam) from how many spam and good comments each token stood in, of `spam` and `good` in all.

    None before there were enough of both.
    """
    if min(spam, good) < LEAST_OF_EACH:
        return None
    beliefs = [_belief(in_spam / spam, in_good / good, in_spam + in_good) for in_spam, in_good in counts]
    telling = sorted((one for one in beliefs if abs(one - 0.5) >= TELLING), key=lambda one: abs(one - 0.5))
    telling = telling[-MOST_TELLING:]
    if not telling:
        return 0.5
    is_spam = 1 - _chi2(-2 * sum(math.log(1 - one) for one in telling), len(telling))
    is_good = 1 - _chi2(-2 * sum(math.log(one) for one in telling), len(telling))
    return (1 + is_spam - is_good) / 2


def _belief(spam: float, good: float, seen: int) -> float:
    share = spam / (spam + good) if seen else ASSUMED
    return (STRENGTH * ASSUMED + seen * share) / (STRENGTH + seen)


def _chi2(value: float, half: int) -> float:
    """How likely a chi-squared of 2·half degrees of freedom is at least `value`."""
    term = total = math.exp(-min(value / 2, 700))
    for step in range(1, half):
        term *= value / 2 / step
        total += term
    return min(total, 1.0)


def _number(token: str) -> int:
    return int.from_bytes(blake2b(token.encode("utf-8", "replace"), digest_size=8).digest(), "big") >> 1 or 1
