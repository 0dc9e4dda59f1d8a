"""A small picture of a few numbers, for mails: bars with the number above each, legible on light and dark grounds."""

from collections.abc import Sequence
from dataclasses import dataclass
from io import BytesIO

SCALE = 2  # drawn larger than it is shown, for fine screens
WIDTH, HEIGHT, GAP, TOP = 536, 120, 12, 22
_GROUND, _BAR, _INK, _LINE = "#ffffff", "#14508f", "#1c1c1e", "#d6d6db"


@dataclass(frozen=True)
class Plot:
    """A PNG, and the size in which it is to be shown."""

    png: bytes
    width: int
    height: int


def bars(numbers: Sequence[int]) -> Plot:
    """One bar for each number, in order; what each stands for is said in words beside the picture."""
    from PIL import Image, ImageDraw, ImageFont  # a tenth of a second, which most processes never need

    image = Image.new("RGB", (WIDTH * SCALE, HEIGHT * SCALE), _GROUND)
    draw = ImageDraw.Draw(image)
    font = ImageFont.load_default(size=13 * SCALE)
    most = max([*numbers, 1])
    room = (WIDTH - GAP) / max(1, len(numbers))
    base = HEIGHT - 8
    draw.rectangle(_scaled(GAP / 2, base, WIDTH - GAP / 2, base + 1), fill=_LINE)
    for place, number in enumerate(numbers):
        left, right = GAP + place * room, (place + 1) * room
        height = (base - TOP) * number / most
        if number:
            draw.rounded_rectangle(_scaled(left, base - height, right, base), radius=4 * SCALE, fill=_BAR)
        middle = (left + right) / 2 * SCALE
        draw.text((middle, (base - height - 4) * SCALE), str(number), fill=_INK, font=font, anchor="ms")
    out = BytesIO()
    image.save(out, "PNG", optimize=True)
    return Plot(out.getvalue(), WIDTH, HEIGHT)


def _scaled(*edges: float) -> tuple[float, ...]:
    return tuple(edge * SCALE for edge in edges)
