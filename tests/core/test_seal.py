"""Sealed texts: readable here, for their purpose, and nowhere else."""

import pytest

from widget.core.seal import Broken, Seal

KEY = "k" * 40
SEAL = Seal(KEY, "login", "mastodon")


@pytest.mark.parametrize("text", ["", "secret", "π\x00\n", "x" * 5000])
def test_what_is_closed_opens(text: str) -> None:
    closed = SEAL.close(text)
    assert closed.isascii()
    assert SEAL.open(closed) == text
    assert Seal(KEY, "login", "mastodon").open(closed) == text


def test_the_same_text_never_looks_the_same() -> None:
    assert SEAL.close("secret") != SEAL.close("secret")


@pytest.mark.parametrize("other", [Seal("x" * 40, "login", "mastodon"), Seal(KEY, "login"), Seal(KEY, "loginmastodon")])
def test_another_key_or_purpose_does_not_open_it(other: Seal) -> None:
    with pytest.raises(Broken):
        other.open(SEAL.close("secret"))


@pytest.mark.parametrize("sealed", ["", "secret", "gAAAA", "\u202e", "=" * 100])
def test_what_was_never_sealed(sealed: str) -> None:
    with pytest.raises(Broken):
        SEAL.open(sealed)


def test_one_changed_letter_breaks_it() -> None:
    closed = SEAL.close("secret")
    for place in range(0, len(closed) - 3, 7):
        changed = closed[:place] + ("A" if closed[place] != "A" else "B") + closed[place + 1 :]
        with pytest.raises(Broken):
            SEAL.open(changed)
