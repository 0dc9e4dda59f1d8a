"""Code in colours can be read on every page: contrast of 4.5 to 1 (WCAG 2.2, 1.4.3), by the styles' own numbers."""

import re
from collections.abc import Sequence

import pytest

from tests.support.processes import ROOT
from widget.core import nodes

CSS = (ROOT / "static/src/reader/reader.css").read_text(encoding="utf-8")
HUES = {
    letter.strip(" .\n"): hue
    for selectors, hue in re.findall(r"^((?:\.[a-z],?\n?)+) \{\n  --hue: (#[0-9a-f]{6});", CSS, re.MULTILINE)
    for letter in selectors.split(",")
}
PAGES = {
    "our light": ("#23272e", "#ffffff"),
    "our dark": ("#e4e6ea", "#17191d"),
    "black on white": ("#000000", "#ffffff"),
    "white on black": ("#ffffff", "#000000"),
    "grey on white": ("#444444", "#fdfdfd"),
    "grey on black": ("#cccccc", "#222222"),
    "on sepia": ("#1a1a1a", "#fdf6e3"),
    "on blue": ("#dddddd", "#1e1e2e"),
}
WASH = 0.05  # of the text's colour, behind code


def _rgb(colour: str) -> list[float]:
    """Linear light, 0 to 1."""
    parts = [int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5)]
    return [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]


def _times(rows: Sequence[Sequence[float]], values: Sequence[float]) -> list[float]:
    return [sum(factor * value for factor, value in zip(row, values, strict=True)) for row in rows]


# https://www.w3.org/TR/css-color-4/#color-conversion-code: linear sRGB to OKLab and back
_TO_CONES = (
    (0.4122214708, 0.5363325363, 0.0514459929),
    (0.2119034982, 0.6806995451, 0.1073969566),
    (0.0883024619, 0.2817188376, 0.6299787005),
)
_TO_LAB = (
    (0.2104542553, 0.793617785, -0.0040720468),
    (1.9779984951, -2.428592205, 0.4505937099),
    (0.0259040371, 0.7827717662, -0.808675766),
)
_FROM_LAB = (
    (1, 0.3963377774, 0.2158037573),
    (1, -0.1055613458, -0.0638541728),
    (1, -0.0894841775, -1.291485548),
)
_FROM_CONES = (
    (4.0767416621, -3.3077115913, 0.2309699292),
    (-1.2684380046, 2.6097574011, -0.3413193965),
    (-0.0041960863, -0.7034186147, 1.707614701),
)


def _mixed(hue: str, ink: str, share: float) -> list[float]:
    one, two = (_times(_TO_LAB, [cone ** (1 / 3) for cone in _times(_TO_CONES, _rgb(colour))]) for colour in (hue, ink))
    lab = [share * a + (1 - share) * b for a, b in zip(one, two, strict=True)]
    return [min(1.0, max(0.0, part)) for part in _times(_FROM_CONES, [cone**3 for cone in _times(_FROM_LAB, lab)])]


def _washed(ink: str, paper: str) -> list[float]:
    parts = [WASH * int(ink[at : at + 2], 16) + (1 - WASH) * int(paper[at : at + 2], 16) for at in (1, 3, 5)]
    return _rgb("#" + "".join(f"{round(part):02x}" for part in parts))


def _contrast(one: Sequence[float], two: Sequence[float]) -> float:
    dark, light = sorted(0.2126 * red + 0.7152 * green + 0.0722 * blue for red, green, blue in (one, two))
    return (light + 0.05) / (dark + 0.05)


def _share() -> float:
    found = re.search(
        r"^pre span \{\n  color: color-mix\(in oklab, var\(--hue\) (\d+)%, currentcolor\);", CSS, re.MULTILINE
    )
    assert found
    return int(found[1]) / 100


def test_every_letter_has_its_colour() -> None:
    assert HUES.keys() == nodes.CLASSES - {"at"}


@pytest.mark.parametrize("page", PAGES)
@pytest.mark.parametrize("letter", sorted(HUES))
def test_code_can_be_read(letter: str, page: str) -> None:
    ink, paper = PAGES[page]
    assert _contrast(_mixed(HUES[letter], ink, _share()), _washed(ink, paper)) >= 4.5


def test_the_colours_alone_could_not() -> None:
    """The negative control: what mixing with the page's own colour is there for."""
    poor = [
        (letter, page)
        for letter, hue in HUES.items()
        for page, (ink, paper) in PAGES.items()
        if _contrast(_mixed(hue, ink, 1), _washed(ink, paper)) < 4.5
    ]
    assert len(poor) > 20
