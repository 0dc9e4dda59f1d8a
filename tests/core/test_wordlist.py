"""Words of a list are taken as they stand there."""

import re

import pytest

from widget.core import wordlist


@pytest.mark.parametrize(
    ("word", "text"),
    [
        ("casino", "The CASINO, they say"),
        ("casino", "https://casino.example/"),
        ("100%", "It is 100% free"),
        ("a_b", "it is a_b here"),
        (".*", "a .* b"),
        ("[spam]", "this is [spam]."),
        ("(", "a ( b"),
        ("\\d+", "see \\d+ there"),
        ("$$$", "earn $$$ now"),
        ("buy now", "Buy\n  NOW"),
        ("straße", "STRASSE 5"),
        ("casino", "\uff43\uff41\uff53\uff49\uff4e\uff4f"),
        ("casino", "cas\u200bino"),
        ("赌场", "最好的赌场在这里"),
        ("ยา", "ซื้อยาที่นี่"),
        ("c++", "c++"),
        ("казино", "Лучшее Казино!"),
    ],
)
def test_found(word: str, text: str) -> None:
    assert wordlist.first(["unrelated", word], text) == word


@pytest.mark.parametrize(
    ("word", "text"),
    [
        ("press", "WordPress"),
        ("cialis", "a specialist"),
        ("100%", "It is 1000 percent"),
        ("%", "nothing of the kind"),
        ("_", "nothing of the kind"),
        ("a_b", "axb acb"),
        (".*", "anything"),
        ("c.sino", "casino"),
        ("\\d+", "1234"),
        ("^the", "the first"),
        ("", "anything"),
        (" ", "any thing"),
    ],
)
def test_not_found(word: str, text: str) -> None:
    assert wordlist.first([word], text) is None


def test_the_table_would_notice_patterns() -> None:
    """The negative control: taken as a pattern, or as SQL's LIKE takes it, words are found that are not there."""
    assert re.search(".*", "anything")
    assert re.search("c.sino", "casino")
    assert re.search("a_b".replace("_", "."), "axb acb")


def test_a_long_text_takes_no_long_time() -> None:
    assert wordlist.first(["a" * 50 + "b"], "a" * 100_000) is None
    assert wordlist.first(["ab"], "xabx" * 20_000) is None
