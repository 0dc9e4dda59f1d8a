"""What the server says in its pages ("server") and mails ("mail"), in the files that hold the embed's words."""

import json
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

from widget.resources import static_dir

FALLBACK = "en"
_LEFTWARD = frozenset({"ar", "fa", "he", "ur"})


@cache
def languages() -> tuple[str, ...]:
    """The languages there are files for."""
    return tuple(sorted(file.stem for file in _folder().glob("*.json")))


@cache
def words(lang: str) -> Mapping[str, Any]:
    """All words of a language, those that count as plural forms by CLDR category; what it lacks is English."""
    return {**_read(FALLBACK), **_read(lang)}


@cache
def mail(lang: str) -> Mapping[str, Any]:
    """The words of mails and of the pages that they lead to; what a language lacks is English."""
    return {**_read(FALLBACK, "mail"), **_read(lang, "mail")}


@cache
def embed(lang: str) -> Mapping[str, Any]:
    """The embed's words, where a page of the server says the same; what a language lacks is English."""
    return {**_read(FALLBACK, "embed"), **_read(lang, "embed")}


def direction(lang: str) -> str:
    """`ltr` or `rtl`."""
    return "rtl" if lang.partition("-")[0] in _LEFTWARD else "ltr"


# Languages of which we have one form, by their usual names; the embed's i18n.js asks Intl for the same.
_NEAREST = {
    **dict.fromkeys(("zh-tw", "zh-hk", "zh-mo"), "zh-hant"),
    "zh": "zh-hans",
    "pt": "pt-br",
    "no": "nb",
    "nn": "nb",
    "iw": "he",
    "in": "id",
}


def choose(*wishes: str) -> str:
    """The first wish (`it`, `it-CH`, `zh-TW`, …) that there is a file for, else English."""
    known = {name.lower(): name for name in languages()}
    for wish in wishes:
        parts = wish.lower().replace("_", "-").split("-")
        for length in range(len(parts), 0, -1):
            tag = "-".join(parts[:length])
            if found := known.get(_NEAREST.get(tag, tag)):
                return found
    return FALLBACK


def _read(lang: str, part: str = "server") -> dict[str, Any]:
    found: dict[str, Any] = json.loads((_folder() / f"{lang}.json").read_text(encoding="utf-8")).get(part, {})
    return found


def _folder() -> Path:
    return static_dir() / "src" / "locales"
