"""Times and numbers as a language writes them, by CLDR's data (Babel), which is loaded when a page first needs it."""

from collections.abc import Mapping
from datetime import date, datetime
from functools import cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from babel import Locale

# English as most of the world writes it: the day before the month.
_LOCALES = {"en": "en_001"}


def moment(when: datetime, lang: str) -> str:
    """`2 April 2011, 8:00 pm UTC`: to the minute, in UTC, as the page is the same for readers everywhere."""
    from babel import dates

    locale = _locale(lang)
    pattern = str(dates.get_datetime_format("long", locale=locale)).replace("'", "")
    day = dates.format_date(when.date(), "long", locale=locale)
    time = dates.format_time(when, "short", locale=locale)
    return f"{pattern.replace('{1}', day).replace('{0}', time)} UTC"


def day(when: date, lang: str, form: str = "long") -> str:
    """`2 April 2011`."""
    from babel import dates

    return str(dates.format_date(when, form, locale=_locale(lang)))


def counted(forms: Mapping[str, str], number: int, lang: str) -> str:
    """`2 responses`: the form for that number, with the number in it."""
    from babel import numbers

    locale = _locale(lang)
    form = forms.get(locale.plural_form(number)) or forms["other"]
    return form.replace("{n}", numbers.format_decimal(number, locale=locale))


@cache
def _locale(lang: str) -> "Locale":
    from babel import Locale

    return Locale.parse(_LOCALES.get(lang, lang), sep="_" if lang in _LOCALES else "-")
