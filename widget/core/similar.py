"""Whether two texts say almost the same: runs of letters that they have in common (Broder, "On the resemblance and
containment of documents", 1997), and four numbers by which a database finds candidates without reading every text.
"""

import re
import unicodedata
from collections.abc import Iterable
from hashlib import blake2b
from typing import Final

from widget.core.nodes import Node, text_of

RUN = 6
SHORTEST = 40  # letters; "Thank you very much!" is nobody's property
ENOUGH = 0.5
_LOOKED_AT = 2_000
_WORD = re.compile(r"[^\W_]+")
_DIGITS = re.compile(r"\d+")
_MASK: Final = (1 << 63) - 1
# Odd multipliers shuffle the hashes, each in its own way: Dietzfelbinger et al. 1997, multiply-shift.
_SHUFFLES: Final = (0x9E3779B97F4A7C15, 0xC2B2AE3D27D4EB4F, 0x165667B19E3779F9, 0xD6E8FEB86659FD93)


def shingles(text: str) -> frozenset[str]:
    """The runs of six letters of a text; none for a text that is too short to be anybody's."""
    plain = unicodedata.normalize("NFKC", text[:_LOOKED_AT]).casefold()
    words = " ".join(_WORD.findall(_DIGITS.sub("0", plain)))
    if len(words) < SHORTEST:
        return frozenset()
    return frozenset(words[at : at + RUN] for at in range(len(words) - RUN + 1))


def sketch(found: frozenset[str]) -> tuple[int, ...]:
    """Four numbers below 2⁶³; two texts that share half of their runs have one in common in 94 of 100 cases."""
    if not found:
        return ()
    hashes = [_hash(run) for run in found]
    return tuple(min([(one * shuffle) & _MASK for one in hashes]) for shuffle in _SHUFFLES)


def alike(one: frozenset[str], other: frozenset[str]) -> bool:
    """Whether they share half of all their runs."""
    return bool(one) and len(one & other) >= ENOUGH * len(one | other)


def own_words(tree: Iterable[Node]) -> str:
    """What a comment says itself, without what it quotes."""
    return text_of([node for node in tree if isinstance(node, str) or node[0] != "blockquote"])


def _hash(run: str) -> int:
    return int.from_bytes(blake2b(run.encode("utf-8", "replace"), digest_size=8).digest(), "big")
