"""Every provider has a mark that the embed can draw."""

import re

import pytest

from widget.providers import icons
from widget.providers.rows import all_rows

PATH = re.compile(r"[Mm][\d\s,.+\-MmLlHhVvCcSsQqTtAaZz]{1,4000}")  # as static/src/icon.js takes it
COLOR = re.compile(r"#[0-9a-f]{6}")
MOST_PATHS = 12


def _luminance(color: str) -> float:
    """Relative luminance (WCAG 2.2)."""
    parts = [int(color[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _contrast(one: str, other: str) -> float:
    low, high = sorted((_luminance(one), _luminance(other)))
    return (high + 0.05) / (low + 0.05)


def test_every_row_has_its_own() -> None:
    assert {row.id for row in all_rows()} - icons.ICONS.keys() == {"oidc", "oidc2", "oidc3", "oidc4", "oidc5"}


def test_none_is_left_over() -> None:
    assert icons.ICONS.keys() <= {row.id for row in all_rows()}


@pytest.mark.parametrize("provider", [*sorted(icons.ICONS), "oidc"])
def test_it_can_be_drawn(provider: str) -> None:
    icon = icons.icon(provider)
    assert icon.keys() <= {"paths", "color", "dark"}
    assert 0 < len(icon["paths"]) <= MOST_PATHS
    for path, *fill in icon["paths"]:
        assert PATH.fullmatch(path)
        assert all(COLOR.fullmatch(color) for color in fill)
    assert COLOR.fullmatch(icon["color"])
    assert COLOR.fullmatch(icon.get("dark", "#000000"))


# White on the brand's colour inside, or several colours: seen on both without a second one.
FULL = {"google", "facebook", "telegram", "reddit", "yandex", "vk", "line", "kakao", "slack", "spotify", "microsoft"}


@pytest.mark.parametrize("provider", sorted({*icons.ICONS, "oidc"} - FULL))
def test_it_is_seen_on_light_and_on_dark_pages(provider: str) -> None:
    icon = icons.icon(provider)
    assert _contrast(icon["color"], "#ffffff") >= 2.8
    assert _contrast(icon.get("dark", icon["color"]), "#17191d") >= 4
