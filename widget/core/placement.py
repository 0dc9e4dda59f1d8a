"""Where every comment of a thread stands: computed at once for comments that came in bulk and in any order."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from heapq import heappop, heappush
from typing import Final

NEW: Final = -1  # the `reply_no` of a comment that has no place yet

_SHOWN_BELOW = frozenset({"published", "deleted"})  # a deleted comment with visible replies is shown as a tombstone


@dataclass(frozen=True)
class Place:
    """The columns of models.Comment that say where it stands; see there."""

    parent_id: int | None = None
    root_id: int | None = None
    reply_no: int = NEW
    depth: int = 0
    reply_count: int = 0
    child_count: int = 0
    last_reply_no: int = 0
    visible: bool = False


@dataclass(frozen=True)
class Item:
    """A comment as it stands now."""

    id: int
    created_at: datetime
    state: str
    place: Place


@dataclass(frozen=True)
class Placed:
    """The places that changed, by comment id, and what had to be done to new comments for it.

    `uprooted` lost their parent because it was their own descendant; `raised` hang under the nearest comment above
    that readers see, because their parent is pending or spam.
    """

    places: Mapping[int, Place]
    uprooted: int
    raised: int


def place(items: Iterable[Item]) -> Placed:
    """Give every new comment of one thread its place, and keep all counts right.

    Comments that have a place keep it, because readers may be in the middle of paging. New replies are numbered behind
    them by time, but never before their parent. Linear but for the sorting.
    """
    all_items = {item.id: item for item in items}
    parents = {id_: _known(item.place.parent_id, all_items) for id_, item in all_items.items()}
    uprooted = _cut_cycles(all_items, parents)
    order = _parents_first(parents)
    shown, raised = _raise(all_items, parents, order)
    if raised:
        order = _parents_first(parents)
    places = _numbered(all_items, parents, order)
    _count(all_items, places, order, shown)
    changed = {id_: new for id_, new in places.items() if new != all_items[id_].place}
    return Placed(places=changed, uprooted=uprooted, raised=raised)


def _known(parent: int | None, items: Mapping[int, Item]) -> int | None:
    return parent if parent in items else None


def _cut_cycles(items: Mapping[int, Item], parents: dict[int, int | None]) -> int:
    """Let the oldest comment of every circle be a root."""
    fine: set[int] = set()
    cut = 0
    for start in parents:
        trail: list[int] = []
        on_trail: set[int] = set()
        step: int | None = start
        while step is not None and step not in fine and step not in on_trail:
            trail.append(step)
            on_trail.add(step)
            step = parents[step]
        if step is not None and step in on_trail:
            circle = trail[trail.index(step) :]
            parents[min(circle, key=lambda id_: (items[id_].created_at, id_))] = None
            cut += 1
        fine |= on_trail
    return cut


def _parents_first(parents: Mapping[int, int | None]) -> list[int]:
    children: dict[int | None, list[int]] = {}
    for id_, parent in parents.items():
        children.setdefault(parent, []).append(id_)
    order = list(children.get(None, ()))
    for id_ in order:  # grows while it is walked
        order += children.get(id_, ())
    return order


def _raise(items: Mapping[int, Item], parents: dict[int, int | None], order: list[int]) -> tuple[set[int], int]:
    """Hang new comments that are shown under ones that can be; who is shown, and how many were moved."""
    host: dict[int | None, int | None] = {None: None}  # the nearest at or above that can have shown replies
    for id_ in order:
        above = parents[id_]
        # A tombstone that keeps its place under a comment that is not shown cannot be shown itself.
        stuck = items[id_].state == "deleted" and items[id_].place.reply_no != NEW and host[above] != above
        host[id_] = id_ if items[id_].state in _SHOWN_BELOW and not stuck else host[above]
    shown = {id_ for id_ in order if items[id_].state == "published"}
    raised = 0
    for id_ in reversed(order):
        if id_ not in shown:
            continue
        if items[id_].place.reply_no == NEW and host[parents[id_]] != parents[id_]:
            parents[id_] = host[parents[id_]]
            raised += 1
        above = parents[id_]
        if above is not None and items[above].state == "deleted":
            shown.add(above)
    return shown, raised


def _numbered(items: Mapping[int, Item], parents: Mapping[int, int | None], order: list[int]) -> dict[int, Place]:
    places: dict[int, Place] = {}
    waiting: dict[int, list[int]] = {}  # new replies by their parent
    ready: dict[int, list[tuple[datetime, int]]] = {}  # by root: replies whose parent has a place
    for id_ in order:
        parent = parents[id_]
        above = places[parent] if parent is not None else None
        root = (above.root_id or parent) if above else None
        old = items[id_].place
        new = old.reply_no == NEW
        number = 0 if root is None else old.reply_no
        places[id_] = Place(parent, root, number, above.depth + 1 if above else 0, last_reply_no=old.last_reply_no)
        if new and root is not None and parent is not None:
            if places[parent].reply_no == NEW:
                waiting.setdefault(parent, []).append(id_)
            else:
                heappush(ready.setdefault(root, []), (items[id_].created_at, id_))
    for root, heap in ready.items():
        number = places[root].last_reply_no
        while heap:
            _, id_ = heappop(heap)
            number += 1
            places[id_] = replace(places[id_], reply_no=number)
            for child in waiting.get(id_, ()):
                heappush(heap, (items[child].created_at, child))
        places[root] = replace(places[root], last_reply_no=number)
    return places


def _count(items: Mapping[int, Item], places: dict[int, Place], order: list[int], shown: set[int]) -> None:
    children = dict.fromkeys(places, 0)
    replies = dict.fromkeys(places, 0)
    for id_ in order:
        here = places[id_]
        if here.parent_id is not None and id_ in shown:
            children[here.parent_id] += 1
        if here.root_id is not None and items[id_].state == "published":
            replies[here.root_id] += 1
    for id_ in order:
        places[id_] = replace(places[id_], child_count=children[id_], reply_count=replies[id_], visible=id_ in shown)
