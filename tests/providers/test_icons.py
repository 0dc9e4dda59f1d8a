"""Every provider has a mark that the embed can draw."""

import re

import pytest

from widget import providers
from widget.core.errors import Problem
from widget.providers import icons
from widget.providers.rows import all_rows

PATH, COLOR = re.compile(icons.PATH), re.compile(icons.COLOR)
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


def test_the_operators_own_stands_for_the_key() -> None:
    settings = {"OIDC_ISSUER": "https://id.example", "OIDC_CLIENT_ID": "a", "OIDC_CLIENT_SECRET": "b"}
    [row] = providers.configured(settings)
    assert icons.icon(row.id, row.options) == icons.icon("oidc")
    [row] = providers.configured(settings | {"OIDC_ICON": "M2 2h20v20H2z", "OIDC_COLOR": "#aa0000"})
    assert icons.icon(row.id, row.options) == {"paths": [["M2 2h20v20H2z"]], "color": "#aa0000"}


@pytest.mark.parametrize(
    ("name", "value"), [("ICON", "<svg>"), ("ICON", "2 2"), ("COLOR", "red"), ("COLOR", "#fff"), ("COLOR", "url(#a)")]
)
def test_what_cannot_be_drawn_stops_the_start(name: str, value: str) -> None:
    settings = {"OIDC_ISSUER": "https://id.example", "OIDC_CLIENT_ID": "a", "OIDC_CLIENT_SECRET": "b"}
    with pytest.raises(Problem, match=f"WIDGET_OIDC_{name} does not look right"):
        providers.configured(settings | {f"OIDC_{name}": value})
