"""The desk's words: one catalogue, a file for each page, in each language that the desk speaks."""

import json
from collections.abc import Callable, Mapping
from functools import cache
from pathlib import Path
from typing import Any

from flask import Response, request

from widget import moments
from widget.web import pages

FOLDER = Path(__file__).parent / "words"
FALLBACK = "en"
_YEAR = 31_536_000


def languages() -> tuple[str, ...]:
    """Codes of all languages of the desk."""
    return tuple(sorted(folder.name for folder in FOLDER.iterdir() if folder.is_dir()))


@cache
def words(lang: str) -> Mapping[str, Any]:
    """All words of a language; those that count as plural forms by CLDR category."""
    found: dict[str, Any] = {}
    for file in sorted((FOLDER / lang).glob("*.json")):
        found |= json.loads(file.read_text(encoding="utf-8"))
    return found


def language() -> str:
    """What was chosen now, else what was chosen before, else what the browser prefers."""
    for wish in (request.args.get("lang"), pages.cookie("cw_lang"), *request.accept_languages.values()):
        if (code := (wish or "").partition("-")[0].lower()) in languages():
            return code
    return FALLBACK


def speaker(lang: str) -> Callable[..., str]:
    """`t(key, …)`: the words of a key with its values in them; `n` chooses the plural form where there are several."""
    said = words(lang)

    def t(key: str, /, **values: Any) -> str:
        found = said[key]
        if isinstance(found, Mapping):
            found = moments.counted(found, values["n"], lang)
        return str(found).format(**values) if values else str(found)

    return t


def has(key: str) -> bool:
    """Whether there are words for this."""
    return key in words(FALLBACK)


def remember(response: Response) -> Response:
    """Keep the language that was chosen with this request."""
    if request.args.get("lang") in languages():
        pages.set_cookie(response, "cw_lang", language(), seconds=_YEAR)
    return response
