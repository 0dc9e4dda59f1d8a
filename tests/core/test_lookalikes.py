"""Names that look alike have one skeleton, others do not."""

import pytest

from widget.core.lookalikes import skeleton

ALIKE = {
    "case": "ADMIN",
    "Cyrillic": "\u0430dmin",
    "Greek capitals": "\u0391D\u039c\u0399\u039d",
    "Cyrillic capitals": "\u0410D\u041cIN",
    "full width": "\uff21\uff44\uff4d\uff49\uff4e",
    "mathematical": "\U0001d400\U0001d41d\U0001d426\U0001d422\U0001d427",
    "small capitals": "\u1d00\u1d05\u1d0d\u026a\u0274",
    "spaces": "A d m i n",
    "signs": "-= Admin! =-",
    "a mark beside it": "\u2714 Admin \u2b50",
    "zero width": "Ad\u200bm\u200din",
    "soft hyphen": "Ad\u00admin",
    "accents": "\u00c0dm\u00efn",
    "a run of accents": "A\u0332d\u0332m\u0332i\u0332n\u0332",
    "r and n for m": "Adrnin",
    "l for i": "Admln",
    "1 for i": "Adm1n",
    "dotless i": "Adm\u0131n",
}
OTHERS = ["Adm", "Admins", "Nimda", "Adam", "\u0430\u0434\u043c\u0438\u043d", "\u7ba1\u7406\u5458", "", "\u2714"]


@pytest.mark.parametrize("name", ALIKE)
def test_alike(name: str) -> None:
    assert skeleton(ALIKE[name]) == skeleton("Admin")


@pytest.mark.parametrize("name", OTHERS)
def test_others(name: str) -> None:
    assert skeleton(name) != skeleton("Admin")


def test_writings_that_need_their_marks_keep_them() -> None:
    assert skeleton("\u0915\u093f") != skeleton("\u0915\u0941")  # Devanagari vowels
    assert skeleton("\ud55c\uae00") == "\ud55c\uae00"
    assert skeleton("\u0e14\u0e35") != skeleton("\u0e14\u0e34")  # Thai


def test_signs_alone_are_nobodys_name() -> None:
    assert skeleton("\u2605 !?") == ""


def test_it_is_idempotent() -> None:
    for name in (*ALIKE.values(), *OTHERS, "Stra\u00dfe", "\u0130stanbul", "\u1e9e"):
        assert skeleton(skeleton(name)) == skeleton(name)
