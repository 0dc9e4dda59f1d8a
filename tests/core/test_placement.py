"""Bulk placement keeps to the rules by which single comments are placed."""

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from widget.core.placement import NEW, Item, Place, Placed, place

START = datetime(2011, 4, 2, 20, 0, tzinfo=UTC)


def item(id_: int, parent: int | None = None, state: str = "published", *, minute: int | None = None) -> Item:
    """A new comment."""
    moment = START + timedelta(minutes=id_ if minute is None else minute)
    return Item(id=id_, created_at=moment, state=state, place=Place(parent_id=parent))


def after(items: list[Item], placed: Placed) -> list[Item]:
    """The comments as they stand when the changes are made."""
    return [Item(one.id, one.created_at, one.state, placed.places.get(one.id, one.place)) for one in items]


def test_a_conversation() -> None:
    placed = place([item(1), item(2, 1), item(3, 2), item(4, 1), item(5)])
    assert placed.places == {
        1: Place(None, None, 0, 0, reply_count=3, child_count=2, last_reply_no=3, visible=True),
        2: Place(1, 1, 1, 1, child_count=1, visible=True),
        3: Place(2, 1, 2, 2, visible=True),
        4: Place(1, 1, 3, 1, visible=True),
        5: Place(None, None, 0, 0, visible=True),
    }


def test_replies_older_than_their_parent_come_behind_it() -> None:
    placed = place([item(1), item(2, 3, minute=2), item(3, 1, minute=9), item(4, 1, minute=5)])
    assert {id_: placed.places[id_].reply_no for id_ in (4, 3, 2)} == {4: 1, 3: 2, 2: 3}


def test_new_replies_come_behind_those_that_have_a_number() -> None:
    first = after(old := [item(1), item(2, 1, minute=50)], place(old))
    both = [*first, item(3, 1, minute=10), item(4, 2, minute=5)]
    placed = place(both)
    assert 2 not in {id_ for id_ in placed.places if placed.places[id_].reply_no != 1}
    assert (placed.places[4].reply_no, placed.places[3].reply_no) == (2, 3)
    assert placed.places[1].last_reply_no == 3
    assert place(after(both, placed)).places == {}


def test_a_deleted_comment_stays_while_something_below_is_shown() -> None:
    placed = place([item(1, state="deleted"), item(2, 1, "deleted"), item(3, 2), item(4, state="deleted")])
    assert [placed.places[id_].visible for id_ in (1, 2, 3, 4)] == [True, True, True, False]
    assert (placed.places[1].child_count, placed.places[1].reply_count) == (1, 1)


def test_what_is_shown_hangs_under_what_is_shown() -> None:
    placed = place([item(1), item(2, 1, "spam"), item(3, 2, "pending"), item(4, 3), item(5, state="spam"), item(6, 5)])
    assert placed.raised == 2
    assert (placed.places[4].parent_id, placed.places[4].depth) == (1, 1)
    assert placed.places[6].parent_id is None
    assert placed.places[3].parent_id == 2
    assert not placed.places[2].visible


def test_a_tombstone_below_what_is_not_shown_is_not_shown_for_a_new_reply() -> None:
    stored = after(old := [item(1, state="pending"), item(2, 1, "deleted")], place(old))
    placed = place([*stored, item(3, 2)])
    assert placed.raised == 1
    assert (placed.places[3].parent_id, placed.places[3].visible) == (None, True)
    assert 2 not in placed.places


def test_circles_are_cut_at_their_oldest() -> None:
    placed = place([item(1, 3, minute=9), item(2, 1), item(3, 2, minute=8), item(4, 4), item(5, 3)])
    assert placed.uprooted == 2
    assert placed.places[2].parent_id is None
    assert [placed.places[id_].root_id for id_ in (3, 1, 5)] == [2, 2, 2]
    assert placed.places[4].parent_id is None


def test_a_chain_of_ten_thousand() -> None:
    placed = place([item(number, number - 1 or None) for number in range(1, 10_001)])
    assert (placed.places[10_000].depth, placed.places[10_000].reply_no) == (9_999, 9_999)
    assert placed.places[1].reply_count == 9_999


STATES = st.sampled_from(["published", "published", "pending", "spam", "deleted"])


@st.composite
def conversations(draw: st.DrawFn) -> list[Item]:
    """Any comments with any parents, even impossible ones."""
    size = draw(st.integers(1, 25))
    parent = st.one_of(st.none(), st.integers(1, size + 2))
    return [item(id_, draw(parent), draw(STATES), minute=draw(st.integers(0, 9))) for id_ in range(1, size + 1)]


@given(conversations(), st.integers(0, 25))
def test_whatever_comes_the_rules_hold(items: list[Item], cut: int) -> None:
    first = items[:cut]
    stored = after(first, place(first)) + items[cut:]
    placed = place(stored)
    final = {one.id: one for one in after(stored, placed)}
    for one in final.values():
        here = one.place
        children = [other for other in final.values() if other.place.parent_id == one.id]
        below = [other for other in final.values() if other.place.root_id == one.id]
        shown_below = any(other.place.visible for other in children)
        assert here.visible == (one.state == "published" or (one.state == "deleted" and shown_below))
        assert here.child_count == sum(other.place.visible for other in children)
        if here.parent_id is None:
            assert (here.root_id, here.reply_no, here.depth) == (None, 0, 0)
            assert here.reply_count == sum(other.state == "published" for other in below)
            assert sorted(other.place.reply_no for other in below) == list(range(1, here.last_reply_no + 1))
        else:
            above = final[here.parent_id]
            assert here.root_id == (above.place.root_id or above.id)
            assert here.depth == above.place.depth + 1
            assert here.reply_no > above.place.reply_no
            assert above.place.visible or not here.visible
            assert (here.reply_count, here.last_reply_no) == (0, 0)
    for one in stored:
        if one.place.reply_no != NEW:
            assert final[one.id].place.reply_no == one.place.reply_no
    assert place(final.values()).places == {}
