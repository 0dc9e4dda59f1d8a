"""Times and counts in every language there is a file for."""

from datetime import UTC, datetime

import pytest

from widget import moments, words

WHEN = datetime(2011, 4, 2, 20, 5, tzinfo=UTC)


def test_as_people_write_them() -> None:
    assert moments.moment(WHEN, "it") == "2 aprile 2011 20:05 UTC"
    assert moments.moment(WHEN, "en").replace("\u202f", " ") == "2 April 2011, 8:05 pm UTC"
    assert moments.moment(WHEN, "ru").startswith("2 апреля 2011")


def test_plural_forms_are_the_languages_own() -> None:
    forms = {"one": "{n} a", "few": "{n} b", "many": "{n} c", "other": "{n} d"}
    assert [moments.counted(forms, number, "pl") for number in (1, 3, 5)] == ["1 a", "3 b", "5 c"]
    assert [moments.counted(forms, number, "en") for number in (1, 3)] == ["1 a", "3 d"]
    assert moments.counted(forms, 12_345, "de") == "12.345 d"


@pytest.mark.parametrize("lang", words.languages())
def test_every_language_is_known(lang: str) -> None:
    assert "2011" in moments.moment(WHEN, lang)
    forms = words.words(lang)["page.count"]
    for number in (0, 1, 2, 3, 5, 11, 21, 100, 1_000_000):
        assert "{" not in moments.counted(forms, number, lang)
    assert words.direction(lang) == ("rtl" if lang in {"ar", "fa", "he"} else "ltr")
