"""The desk's words: the same keys in every language, none missing, and the language that was chosen."""

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from flask import Flask

import widget
from tests.support.desk import Desk, person
from widget.core import errors
from widget.web.desk import room, speech

Make = Callable[[], Desk]
HOLES = re.compile(r"\{\w+\}")


def forms(word: object) -> list[str]:
    return [str(one) for one in word.values()] if isinstance(word, dict) else [str(word)]


@pytest.mark.parametrize("lang", speech.languages())
def test_every_language_has_the_same_keys_and_values(lang: str) -> None:
    said, model = speech.words(lang), speech.words("en")
    assert said.keys() == model.keys()
    for key, word in said.items():
        assert type(word) is type(model[key]), key
        assert all(form.strip() == form and form for form in forms(word)), key
        holes = {hole for form in forms(word) for hole in HOLES.findall(form)}
        assert holes == {hole for form in forms(model[key]) for hole in HOLES.findall(form)}, key


def test_no_key_stands_in_two_files() -> None:
    import json

    for folder in speech.FOLDER.iterdir():
        keys = [key for file in folder.glob("*.json") for key in json.loads(file.read_text(encoding="utf-8"))]
        assert len(keys) == len(set(keys))
        assert {file.name for file in folder.iterdir()} == {file.name for file in (speech.FOLDER / "en").iterdir()}


def test_the_templates_words_are_there() -> None:
    templates = Path(widget.__file__).parent / "web/templates/desk"
    used = {
        key
        for file in templates.rglob("*.html")
        for call in re.findall(r"\bt\(([^)]*)", file.read_text(encoding="utf-8"))
        for key in re.findall(r"[\"']([a-z_]+(?:\.[a-z_]+)+)[\"']", call)
    }
    assert len(used) > 10
    assert used <= speech.words("en").keys()
    shown = {row.nav for row in room.ROWS.values() if row.nav}
    assert {f"nav.{word}" for word in shown} <= speech.words("en").keys()
    assert shown <= set(room.NAVIGATION)


def test_refusals_have_words_of_their_own() -> None:
    ours = {code for code in errors.ROWS if code.startswith(("desk.", "setup."))}
    assert {f"problem.{code}" for code in ours} <= speech.words("en").keys()


def test_the_language(app: Flask, desk: Make) -> None:
    ada = desk()
    assert '<html lang="en">' in ada.get("/signin").text
    assert '<html lang="it">' in ada.get("/signin", headers={"Accept-Language": "it-CH, de;q=0.5"}).text
    assert '<html lang="en">' in ada.get("/signin", headers={"Accept-Language": "ja"}).text
    assert '<html lang="it">' in ada.get("/signin?lang=it").text
    assert '<html lang="it">' in ada.get("/signin").text  # from now on
    ada.get("/signin?lang=xx")
    assert '<h1 id="main">Entra in redazione</h1>' in ada.get("/signin").text
    person(app, "ada", administrator=True)
    assert "Esci" in ada.entered("ada").get("/", follow_redirects=True).text
