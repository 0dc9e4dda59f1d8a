"""Comments as lists in lists."""

from typing import Any

from widget.core.outline import Item, outline, walk


def comment(name: str, parent: str | None = None) -> dict[str, Any]:
    return {"id": name, **({"parent": parent} if parent else {})}


def shape(items: list[Item]) -> list[Any]:
    """Names, with what is below as a list behind; `>x` is said to answer x."""
    found: list[Any] = []
    for item in items:
        found.append(item.comment["id"] + (f">{item.answers}" if item.answers else ""))
        if item.below:
            found.append(shape(item.below))
    return found


def test_answers_stand_below() -> None:
    given = [comment("a"), comment("b", "a"), comment("c", "a"), comment("d", "b"), comment("e")]
    assert shape(outline(given)) == ["a", ["b", ["d"], "c"], "e"]
    assert [item.comment["id"] for item in walk(outline(given))] == ["a", "b", "d", "c", "e"]


def test_at_the_deepest_level_answers_stand_beside_and_say_whom_they_answer() -> None:
    given = [comment(*pair) for pair in ("a", "ba", "cb", "dc", "eb", "fd")]
    assert shape(outline(given, depth=2)) == ["a", ["b", "c>b", "d>c", "e>b", "f>d"]]
    assert shape(outline(given, depth=1)) == ["a", "b>a", "c>b", "d>c", "e>b", "f>d"]
    assert shape(outline(given, depth=3)) == ["a", ["b", ["c", "d>c", "e", "f>d"]]]


def test_who_answers_somebody_on_another_page_says_so() -> None:
    given = [comment("c", "gone"), comment("d", "c")]
    assert shape(outline(given)) == ["c>gone", ["d"]]


def test_ten_thousand_in_a_chain() -> None:
    given = [comment("0"), *(comment(str(number), str(number - 1)) for number in range(1, 10_000))]
    assert sum(1 for _ in walk(outline(given))) == 10_000
