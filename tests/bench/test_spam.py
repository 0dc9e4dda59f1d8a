"""The measurement of docs/spam.md with few made-up comments: floods are held, and people are not."""

from pathlib import Path

import pytest

from bench import corpus, spam, spam_page

TEXTS = corpus.made_up(300)


@pytest.mark.parametrize("kind", spam_page.KINDS)
def test_floods_are_held(kind: str, tmp_path: Path) -> None:
    with spam.site(tmp_path, "flood") as app:
        found = spam.flood(app, kind, TEXTS.spam, 60)
    assert found.number == 60
    # Those that look like people are held once there are many of them; of the same text, all but the first.
    most = {"guests": 20, "accounts": 40, "the same text, changed": 1}.get(kind, 0)
    assert found.through == found.first <= most, found
    assert sum(found.why.values()) + found.through == 60


@pytest.mark.parametrize("kind", spam.PEOPLE)
def test_a_long_one_takes_back_what_it_had_shown(kind: str, tmp_path: Path) -> None:
    with spam.site(tmp_path, "flood") as app:
        found = spam.flood(app, kind, TEXTS.spam, 165)
    assert found.through == 0 < found.first
    assert found.why["flood.back"] == found.first
    assert sum(found.why.values()) == 165


def test_people_are_not(tmp_path: Path) -> None:
    with spam.site(tmp_path, "good") as app:
        found = spam.good(app, TEXTS.good, 60)
    assert (found.number, found.through) == (60, 60), found


def test_what_is_learned_holds_the_rest(tmp_path: Path) -> None:
    taught, judged = TEXTS.halves()
    with spam.site(tmp_path, "drip") as app:
        assert spam.drip(app, "before", judged.spam, 10).through == 10
        after = spam.drip(app, "after", judged.spam[10:], 10, taught=taught)
    assert after.through <= 1, after
    decisions, of_spam, of_good = spam.classified(taught, judged, 100)
    assert decisions == 200
    assert of_spam > 0.9
    assert of_good == 0
    assert spam.classified(taught, judged, 29)[1:] == (0, 0)


def test_the_first_paragraph_is_the_authors_own() -> None:
    said = "On Monday somebody wrote:\n> A quotation\n\nhttps://link.example\n\nThis is what I think about all of it."
    assert corpus.first_words(said) == "This is what I think about all of it."
    assert corpus.first_words("> nothing\n\nshort") == ""
