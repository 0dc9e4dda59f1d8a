"""Who may change a comment."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from widget.core.errors import Problem
from widget.core.permissions import Subject, require_change

NOON = datetime(2026, 1, 1, 12, tzinfo=UTC)
MINE = Subject(author_id=1, state="published", created_at=NOON, window=900)


@pytest.mark.parametrize("state", ["published", "pending"])
@pytest.mark.parametrize("age", [0, 899])
def test_its_author_in_time(state: str, age: int) -> None:
    require_change(replace(MINE, state=state), user_id=1, now=NOON + timedelta(seconds=age))


@pytest.mark.parametrize(
    ("subject", "user_id", "age", "code"),
    [
        (MINE, 2, 0, "comment.not_yours"),
        (replace(MINE, state="deleted"), 2, 9999, "comment.not_yours"),  # strangers learn nothing of its state
        (replace(MINE, state="deleted"), 1, 0, "comment.gone"),
        (replace(MINE, state="spam"), 1, 0, "comment.gone"),
        (MINE, 1, 900, "comment.window_closed"),
        (replace(MINE, window=0), 1, 0, "comment.window_closed"),
    ],
)
def test_refusals(subject: Subject, user_id: int, age: int, code: str) -> None:
    with pytest.raises(Problem) as refused:
        require_change(subject, user_id=user_id, now=NOON + timedelta(seconds=age))
    assert refused.value.code == code
