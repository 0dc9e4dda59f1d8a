"""What says almost the same is found; what only speaks of the same is not."""

import random

import pytest

from widget.core import similar

TEXT = "I have been reading this blog for years, and the article about the old workshop in the harbour is the best."
SAME = [
    TEXT.upper(),
    TEXT.replace(",", " -- ").replace(".", "!!!"),
    TEXT.replace("years", "many years"),
    TEXT.replace("workshop", "shipyard"),
    f"{TEXT} Greetings from Ann",
    TEXT.replace("I have", "We have").replace("best", "nicest"),
]
OTHER = [
    "The article about the harbour left out the war, when nothing was built there for six whole years, as I read.",
    "Could somebody tell me where the picture of the old crane was taken? I have not found it on any map so far.",
    "",
    "Thank you!",
]


@pytest.mark.parametrize("text", SAME)
def test_almost_the_same(text: str) -> None:
    one, other = similar.shingles(TEXT), similar.shingles(text)
    assert similar.alike(one, other)
    assert set(similar.sketch(one)) & set(similar.sketch(other))


@pytest.mark.parametrize("text", OTHER)
def test_not_the_same(text: str) -> None:
    assert not similar.alike(similar.shingles(TEXT), similar.shingles(text))


def test_numbers_in_it_do_not_matter() -> None:
    one, other = (f"Your order {number} is ready, call {number * 7} before 5 o'clock today" for number in (17, 90210))
    assert similar.shingles(one) == similar.shingles(other)


def test_short_texts_are_nobodys() -> None:
    assert similar.shingles("Thank you very much!") == frozenset()
    assert similar.sketch(frozenset()) == ()
    assert not similar.alike(frozenset(), frozenset())


def test_scripts_without_spaces_have_runs_too() -> None:
    text = (
        "这篇关于旧造船厂的文章是我多年来在这个博客上读到的最好的文章之一非常感谢作者的辛勤工作"
        "和精彩的照片希望很快能读到更多内容"
    )
    assert similar.alike(similar.shingles(text), similar.shingles(text.replace("非常", "十分")))


def test_what_is_quoted_is_not_said() -> None:
    tree = [["blockquote", ["p", TEXT]], ["p", "So it is."]]
    assert similar.own_words(tree).strip() == "So it is."


def test_the_numbers_find_what_shares_half_of_its_runs() -> None:
    rng = random.Random(7)  # noqa: S311 - the same every time
    found = 0
    for _ in range(200):
        shared = {f"{rng.getrandbits(64):x}" for _ in range(100)}
        one = frozenset(shared | {f"{rng.getrandbits(64):x}" for _ in range(50)})
        other = frozenset(shared | {f"{rng.getrandbits(64):x}" for _ in range(50)})
        assert similar.alike(one, other)
        found += bool(set(similar.sketch(one)) & set(similar.sketch(other)))
    assert found >= 180
    strangers = [similar.sketch(frozenset(f"{rng.getrandbits(64):x}" for _ in range(100))) for _ in range(200)]
    assert len({number for sketch in strangers for number in sketch}) == 800
