"""Words that stood in spam make a text look like spam, once there is something to go by."""

import pytest

from widget.core import bayes


def test_it_says_nothing_before_there_is_enough() -> None:
    assert bayes.score([(29, 0)] * 9, 29, 500) is None
    assert bayes.score([(29, 0)] * 9, 500, 29) is None
    assert bayes.score([(30, 0)] * 9, 30, 30) is not None


@pytest.mark.parametrize(
    ("counts", "low", "high"),
    [
        ([(30, 0)] * 5, 0.99, 1.0),
        ([(0, 30)] * 5, 0.0, 0.01),
        ([(30, 0)] * 5 + [(0, 30)] * 5, 0.3, 0.7),  # it is of two minds, and says so
        ([(10, 10)] * 50, 0.5, 0.5),
        ([], 0.5, 0.5),
        ([(1, 0)], 0.5, 0.95),  # one word that was seen once
    ],
)
def test_scores(counts: list[tuple[int, int]], low: float, high: float) -> None:
    score = bayes.score(counts, 30, 30)
    assert score is not None
    assert low <= score <= high


def test_very_many_words_are_no_trouble() -> None:
    assert bayes.score([(10**6, 0)] * 10_000, 10**6, 10**6) == pytest.approx(1)
    assert bayes.score([(0, 10**6)] * 10_000, 10**6, 10**6) == pytest.approx(0)


def test_tokens_are_numbers_that_a_database_holds() -> None:
    found = bayes.tokens("Buy cheap pills", ["https://Pills.example/x"], "Best Shop")
    assert all(0 < token < 2**63 for token in found)
    assert found == bayes.tokens("BUY  cheap\npills!", ["https://pills.example/other"], "best shop")
    assert not found & bayes.tokens("Lovely harbour", [], "Ann")
    assert len(bayes.tokens("word " * 5_000 + " ".join(map(str, range(5_000))), [], "")) <= bayes.MOST_TOKENS
    assert bayes.tokens("", [], "")
