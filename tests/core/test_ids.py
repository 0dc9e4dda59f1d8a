"""Public ids."""

from itertools import pairwise

import pytest

from widget.core import ids


def test_form_and_difference() -> None:
    made = {ids.public_id() for _ in range(10_000)}
    assert len(made) == 10_000
    assert all(ids.is_public_id(one) for one in made)


def test_no_order_leaks() -> None:
    made = [ids.public_id() for _ in range(1_000)]
    rising = sum(one < other for one, other in pairwise(made))
    assert 400 < rising < 600  # a counter would give 999; seven standard deviations are 110


def test_every_place_uses_the_whole_alphabet() -> None:
    made = [ids.public_id() for _ in range(2_000)]
    for place in range(ids.LENGTH):
        assert {one[place] for one in made} == set(ids.ALPHABET)


@pytest.mark.parametrize("wrong", ["", "0" * 19, "0" * 21, "i" * 20, "A" * 20, "0" * 19 + "\n", "٣" * 20])
def test_what_is_no_id(wrong: str) -> None:
    assert not ids.is_public_id(wrong)
