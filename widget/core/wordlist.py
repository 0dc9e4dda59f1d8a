"""Words of a list in a text: letter for letter but for capitals, whole words where the script has spaces."""

import re
import unicodedata
from collections.abc import Iterable

_UNSEEN = re.compile("[\u00ad\u200b-\u200f\u2060-\u2064\ufeff]")
# Scripts that put no spaces between words: Thai to Khmer, kana, Han, Hangul with its particles.
_NO_SPACES = re.compile(
    "[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af\U00020000-\U0003ffff]"
)


def first(words: Iterable[str], text: str) -> str | None:
    """The first of the words that the text has, as it stands in the list. `%`, `_`, `*`, `.` are what they are."""
    said = fold(text)
    return next((word for word in words if _has(said, fold(word))), None)


def fold(text: str) -> str:
    """Without capitals, wide letters and characters that nobody sees; white space as one space."""
    folded = unicodedata.normalize("NFKC", _UNSEEN.sub("", text)).casefold()
    return " ".join(folded.split())


def _has(text: str, word: str) -> bool:
    at = text.find(word) if word else -1
    while at >= 0:
        end = at + len(word)
        if _ends(word[0], text[at - 1 : at]) and _ends(word[-1], text[end : end + 1]):
            return True
        at = text.find(word, at + 1)
    return False


def _ends(edge: str, beside: str) -> bool:
    """Whether the word ends between these two characters."""
    return not (beside and edge.isalnum() and beside.isalnum()) or bool(_NO_SPACES.match(edge))
