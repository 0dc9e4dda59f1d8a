"""`@Ada Lovelace`: who of the people of a conversation is named in a text."""

import unicodedata
from collections.abc import Iterable, Iterator

from widget.core.nodes import Node

MOST = 10  # people that one comment can call
_MOST_LOOKED_AT = 200  # @ signs
# From here on are the scripts that put no space between words, or hang what belongs to a name onto it (Thai, Chinese,
# Japanese, Korean): a name may end before another letter there.
_CLOSE_SCRIPTS = "\u0e00"


class Mentions:
    """The people who may be named, and after reading a text (`mark`) those who were."""

    def __init__(self, people: Iterable[tuple[str, int]]) -> None:
        """`people`: name and row id, who wrote last first; of several with one name it is they who are meant."""
        self.found: dict[int, None] = {}
        self._people: dict[str, int] = {}
        for name, user_id in people:
            if folded := fold(name):
                self._people.setdefault(folded, user_id)
        self._lengths = sorted({len(name) for name in self._people}, reverse=True)
        self._first = {name[0] for name in self._people}
        self._left = _MOST_LOOKED_AT

    def mark(self, text: str) -> Iterator[Node]:
        """`text` in pieces: ["span", {"class": "at"}, "@Name"] where somebody is named."""
        if "@" not in text or not self._people:
            yield text
            return
        folded, places = _fold_with_places(text)
        last = 0
        for at in _signs(text):
            if at < last or self._left <= 0 or (at > 0 and _is_within(text, at)):
                continue
            self._left -= 1
            end = self._end_of_name(text, at + 1, folded, places)
            if end:
                yield text[last:at]
                yield ["span", {"class": "at"}, text[at:end]]
                last = end
        yield text[last:]

    def _end_of_name(self, text: str, start: int, folded: str, places: list[int]) -> int:
        """Where the longest name ends that begins at `start`; 0 if none does. Notes whose it is."""
        begin = places[start]
        if begin >= len(folded) or folded[begin] not in self._first:
            return 0
        for length in self._lengths:
            user_id = self._people.get(folded[begin : begin + length])
            if user_id is None:
                continue
            end = _place_of(places, begin + length, start)
            if end and not _goes_on(text, end) and (user_id in self.found or len(self.found) < MOST):
                self.found.setdefault(user_id)
                return end
        return 0


def fold(text: str) -> str:
    """What names are compared by: compatible forms (NFKC) and cases are one. Letter by letter, so that places last."""
    return text.casefold() if text.isascii() else "".join(map(_fold, text))


def _fold(char: str) -> str:
    return unicodedata.normalize("NFKC", char).casefold()


def _fold_with_places(text: str) -> tuple[str, list[int]]:
    """The folded text, and for every place in `text` (and its end) the one in there."""
    if text.isascii():
        return text.casefold(), list(range(len(text) + 1))
    pieces, places, length = [], [0], 0
    for char in text:
        pieces.append(_fold(char))
        length += len(pieces[-1])
        places.append(length)
    return "".join(pieces), places


def _place_of(places: list[int], folded: int, start: int) -> int:
    """The place in the text of one in the folded text, at most 80 behind `start`; 0 within a letter."""
    for place in range(start + 1, min(len(places), start + 200)):
        if places[place] >= folded:
            return place if places[place] == folded else 0
    return 0


def _signs(text: str) -> Iterator[int]:
    place = text.find("@")
    while place >= 0:
        yield place
        place = text.find("@", place + 1)


def _is_within(text: str, at: int) -> bool:
    """Whether the sign stands in an e-mail address, or in a name on another server."""
    before = text[at - 1]
    return before in "@/._%+-" or (before.isalnum() and before < _CLOSE_SCRIPTS)


def _goes_on(text: str, end: int) -> bool:
    """Whether the word goes on behind the name: it is another one then."""
    if end >= len(text):
        return False
    after = text[end]
    if after == "@" or (after == "." and text[end + 1 : end + 2].isalnum()):
        return True
    return (after.isalnum() or after == "_" or unicodedata.combining(after) != 0) and text[end - 1] < _CLOSE_SCRIPTS
