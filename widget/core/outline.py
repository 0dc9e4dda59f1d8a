"""A part of a conversation as lists in lists: for pages that no script puts in order, and for search engines."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

DEPTH = 8  # lists in lists; what answers deeper stands in the last one, in its order


@dataclass(frozen=True)
class Item:
    """A comment in its public form, and what stands under it.

    `answers` is the comment (its id) that it answers, where the place does not say so: that one is on another page, or
    the lists are at their deepest.
    """

    comment: dict[str, Any]
    answers: str | None
    below: list["Item"] = field(default_factory=list)


@dataclass(frozen=True)
class _Room:
    """Where the answers to a comment go: on which level that is, and whether it is beside the comment, not below it."""

    items: list[Item]
    level: int
    beside: bool


def outline(comments: Iterable[dict[str, Any]], *, depth: int = DEPTH) -> list[Item]:
    """The comments of a window, in which everybody stands before those who answer them."""
    roots: list[Item] = []
    rooms: dict[str, _Room] = {}
    for comment in comments:
        parent: str | None = comment.get("parent")
        room = rooms.get(parent or "") or _Room(roots, level=0, beside=True)
        item = Item(comment, answers=parent if room.beside else None)
        room.items.append(item)
        beside = room.level == depth - 1
        level = room.level if beside else room.level + 1
        rooms[comment["id"]] = _Room(room.items if beside else item.below, level=level, beside=beside)
    return roots


def walk(items: Iterable[Item]) -> Iterator[Item]:
    """Every item in the order of reading."""
    for item in items:
        yield item
        yield from walk(item.below)
