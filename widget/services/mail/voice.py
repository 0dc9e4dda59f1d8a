"""The words of mails in one reader's language."""

from datetime import date, datetime
from typing import Any

from widget import moments, words


class Voice:
    """Says things in a language; values are put in as they are."""

    def __init__(self, lang: str) -> None:
        self.lang = words.choose(lang)
        self._words = words.mail(self.lang)

    @property
    def direction(self) -> str:
        """`ltr` or `rtl`."""
        return words.direction(self.lang)

    def __call__(self, key: str, **values: Any) -> str:
        """The words of a key."""
        return str(self._words[key]).format(**values)

    def counted(self, key: str, number: int, **values: Any) -> str:
        """The form of a key for that number."""
        forms = {category: form.replace("{n}", "{{n}}") for category, form in self._words[key].items()}
        said = {category: form.format(**values) for category, form in forms.items()}
        return moments.counted(said, number, self.lang)

    def day(self, when: date, form: str = "long") -> str:
        """A day as the language writes it."""
        return moments.day(when, self.lang, form)

    def moment(self, when: datetime) -> str:
        """A time as the language writes it."""
        return moments.moment(when, self.lang)
