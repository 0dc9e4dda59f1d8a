"""Ranks."""

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from widget.core import ranking
from widget.core.ranking import best


def test_nothing_said_is_nothing() -> None:
    assert best({}) == 0
    assert best({"dislike": 9}) == 0


def test_the_bound_of_wilsons_interval() -> None:
    # 1 of 1 and 9 of 10 at 95 %, from the formula worked out by hand: 1 / (1 + z²) and 0.59585.
    assert best({"like": 1}) == round(1e6 / (1 + 1.959964**2))
    assert best({"like": 9, "dislike": 1}) == 595_850


def test_many_of_many_go_before_one_of_one() -> None:
    order = [
        {"like": 1},
        {"like": 6, "dislike": 4},
        {"like": 60, "dislike": 40},
        {"like": 9, "dislike": 1},
        {"love": 40},
    ]
    ranks = [best(one) for one in order]
    assert ranks == sorted(ranks)
    assert len(set(ranks)) == len(ranks)


@given(st.integers(0, 10**6), st.integers(0, 10**6))
def test_it_never_leaves_its_scale_and_grows_with_each_like(likes: int, dislikes: int) -> None:
    ranks = [best({"like": likes + more, "dislike": dislikes}) for more in (0, 1, 2)]
    assert 0 <= ranks[0] <= ranks[-1] <= ranking.SCALE
    assert all(first <= second for first, second in pairwise(ranks))
