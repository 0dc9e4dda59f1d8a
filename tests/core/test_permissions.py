"""Who may change a comment, and who may do what on a site."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from widget.core import permissions
from widget.core.errors import Problem
from widget.core.permissions import ACTS, RANKS, Subject, require_change

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


# visitor, moderator, owner, administrator
MATRIX = {
    "comment.approve": (0, 1, 1, 1),
    "comment.spam": (0, 1, 1, 1),
    "comment.delete": (0, 1, 1, 1),
    "comment.restore": (0, 1, 1, 1),
    "comment.pin": (0, 1, 1, 1),
    "person.ban": (0, 1, 1, 1),
    "person.shadow": (0, 1, 1, 1),
    "person.trust": (0, 1, 1, 1),
    "person.pardon": (0, 1, 1, 1),
    "person.anywhere": (0, 0, 0, 1),
    "queue.read": (0, 1, 1, 1),
    "people.read": (0, 1, 1, 1),
    "log.read": (0, 1, 1, 1),
    "log.undo": (0, 1, 1, 1),
    "figures.read": (0, 1, 1, 1),
    "thread.change": (0, 1, 1, 1),
    "site.change": (0, 0, 1, 1),
    "role.give": (0, 0, 1, 1),
    "site.add": (0, 0, 0, 1),
    "server.read": (0, 0, 0, 1),
}


def test_every_act_has_its_row() -> None:
    assert MATRIX.keys() == ACTS.keys()


@pytest.mark.parametrize("act", MATRIX)
def test_who_may(act: str) -> None:
    assert tuple(int(permissions.allows(rank, act)) for rank in RANKS) == MATRIX[act]
    for rank, yes in zip(RANKS, MATRIX[act], strict=True):
        if yes:
            permissions.require(rank, act)
        else:
            with pytest.raises(Problem, match=r"role\.missing"):
                permissions.require(rank, act)


@pytest.mark.parametrize("rank", RANKS)
@pytest.mark.parametrize("other", RANKS)
def test_over_whom(rank: str, other: str) -> None:
    if other == "visitor" or RANKS.index(other) < RANKS.index(rank):
        permissions.require_above(rank, other)
    else:
        with pytest.raises(Problem, match=r"person\.protected"):
            permissions.require_above(rank, other)
