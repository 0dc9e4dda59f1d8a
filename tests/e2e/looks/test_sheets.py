"""The widget in its looks, for people to look at: `pytest --screenshots tests/e2e/looks` renews docs/images/looks/.

One sheet a look and direction, with the states that differ most. What is drawn here is what test_states.py checks.
"""

import io
from collections.abc import Callable, Iterator

import pytest
from flask import Flask
from PIL import Image, ImageDraw, ImageFont

from tests.e2e.looks.conversation import open_page
from tests.e2e.looks.tour import Tour
from tests.e2e.pictures import IMAGES
from tests.support import moderators
from tests.support.browser import PHONE, Visitor
from tests.support.crowd import Voice
from tests.support.live import Live
from tests.support.reader import Reader

LOOKS = {
    "light": "plain",
    "dark": "dark page",
    "quiet": "quiet",
    "wordpress": "wordpress",
    "compact": "compact",
    "contrast": "contrast",
}
LANGUAGES = {"ltr": "en", "rtl": "ar"}
STATES = (
    *("list", "folded", "menu", "history", "tray", "error", "emoji"),
    *("preview", "reply", "deleted", "faces", "report", "news", "offline"),
)
ROW = 7
WIDTH, HEIGHT, LABEL, GAP = 281, 555, 22, 8
MOST = 200_000  # bytes of a sheet


@pytest.fixture(scope="module")
def desk(live: Live) -> Iterator[Flask]:
    with moderators.desk(live) as app:
        yield app


@pytest.mark.parametrize("direction", LANGUAGES)
@pytest.mark.parametrize("look", LOOKS)
def test_sheet(
    live: Live, visit: Callable[..., Visitor], desk: Flask, request: pytest.FixtureRequest, look: str, direction: str
) -> None:
    if not request.config.getoption("screenshots"):
        pytest.skip("pictures are made on request: --screenshots")
    lang = LANGUAGES[direction]
    url = open_page(live, f"sheet-{look}", lang, LOOKS[look])
    visitor = visit(**PHONE)
    visitor.foreseen += ["ERR_INTERNET_DISCONNECTED", "ERR_FAILED", "at=nobody"]
    page = visitor.page()
    reader = Reader(page, lang).open(url)
    tiles: dict[str, Image.Image] = {}
    for state in Tour(visitor, reader, Voice(live, url), desk, lambda one: one.tap()).walk():
        if state == "list":
            reader.heading().evaluate("heading => heading.scrollIntoView()")
        if state in STATES:
            tiles[state] = Image.open(io.BytesIO(page.screenshot(animations="disabled"))).convert("RGB")
    assert set(tiles) == set(STATES)
    path = IMAGES / "looks" / f"{look}-{direction}.webp"
    path.parent.mkdir(exist_ok=True)
    _sheet(tiles).save(path, quality=58, method=6)
    assert path.stat().st_size < MOST


def _sheet(tiles: dict[str, Image.Image]) -> Image.Image:
    """All states beside each other, each with its name above it."""
    rows = -(-len(STATES) // ROW)
    size = (ROW * (WIDTH + GAP) + GAP, rows * (HEIGHT + LABEL + GAP) + GAP)
    sheet = Image.new("RGB", size, "#8a8f98")
    pen = ImageDraw.Draw(sheet)
    font = ImageFont.load_default(size=15)
    for number, state in enumerate(STATES):
        left, top = GAP + number % ROW * (WIDTH + GAP), GAP + number // ROW * (HEIGHT + LABEL + GAP)
        pen.text((left + 2, top), state, fill="#ffffff", font=font)
        sheet.paste(tiles[state].resize((WIDTH, HEIGHT), Image.Resampling.LANCZOS), (left, top + LABEL))
    return sheet
