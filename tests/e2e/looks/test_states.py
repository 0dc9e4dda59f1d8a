"""WCAG 2.2 AA by axe-core in every state of the widget: mouse and touch, both directions, dark, forced colours."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from flask import Flask

from tests.e2e.axe import violations
from tests.e2e.looks.conversation import open_page
from tests.e2e.looks.tour import Tour
from tests.support import moderators
from tests.support.browser import DESKTOP, PHONE, Visitor
from tests.support.crowd import Voice
from tests.support.live import Live
from tests.support.reader import Reader

CASES: dict[str, tuple[str, str, dict[str, Any]]] = {
    "desktop": ("en", "plain", DESKTOP),
    "phone": ("en", "plain", PHONE),
    "desktop-rtl-dark": ("ar", "dark page", DESKTOP),
    "phone-rtl": ("ar", "plain", PHONE),
    "phone-dark": ("en", "dark", PHONE),
    "forced-colors": ("en", "plain", DESKTOP | {"forced_colors": "active"}),
}


@pytest.fixture(scope="module")
def desk(live: Live) -> Iterator[Flask]:
    with moderators.desk(live) as app:
        yield app


@pytest.mark.parametrize("case", CASES)
def test_every_state(live: Live, visit: Callable[..., Visitor], desk: Flask, case: str) -> None:
    lang, look, options = CASES[case]
    url = open_page(live, f"tour-{case}", lang, look)
    visitor = visit(**options)
    visitor.foreseen += ["ERR_FAILED", "ERR_INTERNET_DISCONNECTED", "at=nobody"]
    page = visitor.page()
    reader = Reader(page, lang).open(url)
    touch = "has_touch" in options
    press = (lambda one: one.tap()) if touch else (lambda one: one.click())
    trouble, wide, states = {}, [], []
    for state in Tour(visitor, reader, Voice(live, url), desk, press).walk():
        states.append(state)
        found = violations(page)
        if state == "news":
            # What floats over the list can be scrolled from under; at the end it has room of its own (test_focus.py).
            found = [line for line in found if not line.startswith("target-size")]
        if found:
            trouble[state] = found
        if not page.evaluate("document.scrollingElement.scrollWidth <= innerWidth"):
            wide.append(state)
    assert trouble == {}
    assert wide == []
    assert len(states) == len(set(states)) == 29
