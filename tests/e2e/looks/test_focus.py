"""By keyboard from the first to the last: always seen, never under what floats, in the order in which it stands."""

from collections.abc import Callable
from itertools import pairwise
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.support.browser import DESKTOP, PHONE, Visitor
from tests.support.crowd import Old, Voice, bring, roots
from tests.support.hosts import article
from tests.support.live import Live
from tests.support.reader import Reader

# The element that has the keyboard: what it is, where it stands on the page, whether something lies over it, its ring.
HELD = """() => {
  const root = document.querySelector('comment-widget').shadowRoot;
  const el = root.activeElement;
  if (!el) return null;
  const { left, top, width, height } = el.getBoundingClientRect();
  const over = root.elementFromPoint(left + width / 2, top + height / 2);
  const style = getComputedStyle(el);
  return {
    name: el.getAttribute('aria-label') || el.textContent.trim() || el.localName,
    part: el.getAttribute('part'),
    top: top + scrollY,
    seen: top >= 0 && top + height <= innerHeight,
    free: el.contains(over) || over?.contains(el),
    ring: style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) >= 2,
  };
}"""


@pytest.mark.parametrize("size", [DESKTOP, PHONE], ids=["desktop", "phone"])
def test_from_the_first_to_the_last(live: Live, visit: Callable[..., Visitor], size: dict[str, object]) -> None:
    url = live.host_page(
        f"/keyboard/{size is PHONE}/", article("Keyboard").replace("</main>", "</main><a href='#'>End</a>")
    )
    bring(live, url, [*roots(8, lines=3), Old("An answer.", under=2)])
    page = visit(**size).page()
    with page.expect_response(lambda one: "/assets/live-" in one.url):
        reader = Reader(page).open(url)
    Voice(live, url).say("News.")
    news = reader.widget.locator("[part=news]")
    expect(news).to_be_visible(timeout=15_000)
    reader.turn_to_box()
    expect(reader.door()).to_be_visible()
    stops = _walk(page)
    assert len(stops) > 8 * 4
    assert [one for one in stops if not one["ring"]] == []
    assert [one for one in stops if not one["free"]] == []
    assert [one for one in stops if not one["seen"]] == []
    # The tray and its fields come between the box and the list; from there on all goes down, in rows.
    up = [(one, two) for one, two in pairwise(stops) if two["top"] < one["top"] - 40]
    assert up == []
    assert stops[-1]["part"] == "news"


def _walk(page: Page) -> list[dict[str, Any]]:
    stops = []
    for _ in range(200):
        page.keyboard.press("Tab")
        stop = page.evaluate(HELD)
        if stop is None:
            return stops
        stops.append(stop)
    raise AssertionError(f"no end: {stops[-3:]}")
