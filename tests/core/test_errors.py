"""Refusals."""

import re

import pytest

from widget.core.errors import ROWS, Problem


@pytest.mark.parametrize("code", ROWS)
def test_codes_are_dotted_words(code: str) -> None:
    assert re.fullmatch(r"[a-z_]+(\.[a-z_]+)?", code)


def test_details_fill_the_words() -> None:
    problem = Problem("comment.too_long", field="text", limit=5)
    assert (problem.status, problem.field, problem.details) == (422, "text", {"limit": 5})
    assert problem.message == "The comment is longer than 5 characters."
    assert str(problem) == "comment.too_long: The comment is longer than 5 characters."


def test_a_missing_detail_is_not_an_error_of_its_own() -> None:
    assert "…" in Problem("comment.too_long").message


def test_unknown_codes_are_a_mistake_of_ours() -> None:
    with pytest.raises(KeyError):
        Problem("no.such_code")
