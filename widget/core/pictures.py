"""Pictures of people and in comments: from whatever a stranger's server sent to small files of our own making.

What is served was encoded here from bare pixels: no metadata, no second file behind the first, no script.
"""

import hashlib
import io
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from PIL import Image

FORMATS = ("PNG", "JPEG", "WEBP", "GIF")  # what decoders are tried; none of them can run or fetch anything
TYPE = "image/webp"
SMALL, LARGE = 96, 192  # pixels: a face in a list, and the same on a dense screen
MAX_PIXELS = 10_000_000  # 40 MB while it is decoded, whatever few bytes it came in
WIDEST, HIGHEST = 1_200, 2_400  # pixels of a picture in a comment: twice what a column of text has
_QUALITY = 82


class BadPicture(Exception):  # noqa: N818 - it names what is bad
    """The bytes are no picture that we show; the text is for the log."""


@dataclass(frozen=True)
class Picture:
    """A square in two sizes, and the name under which both are found: the hash of their bytes."""

    hash: str
    type: str
    small: bytes
    large: bytes


@dataclass(frozen=True)
class Scaled:
    """A picture as it is, at most WIDEST by HIGHEST pixels; named by the hash of its bytes."""

    hash: str
    type: str
    data: bytes
    width: int
    height: int


def encode(data: bytes) -> Picture:
    """The picture in `data` (its first frame), cut to a square. Raises BadPicture."""
    from PIL import Image, ImageOps  # importing it takes a tenth of a second, which most processes never need

    with _decoded(data, (LARGE, LARGE)) as upright:
        bare = _bare(ImageOps.fit(upright, (LARGE, LARGE)))
        large = _webp(bare)
        small = _webp(bare.resize((SMALL, SMALL), Image.Resampling.LANCZOS))
    return Picture(_name(small + large), TYPE, small, large)


def scale(data: bytes) -> Scaled:
    """The picture in `data` (its first frame), smaller where it is too large for a comment. Raises BadPicture."""
    from PIL import Image

    with _decoded(data, (WIDEST, WIDEST)) as upright:
        fits = min(1.0, WIDEST / upright.width, HIGHEST / upright.height)
        size = max(1, round(upright.width * fits)), max(1, round(upright.height * fits))
        bare = _bare(upright if fits == 1.0 else upright.resize(size, Image.Resampling.LANCZOS))
        made = _webp(bare)
    return Scaled(_name(made), TYPE, made, *bare.size)


@contextmanager
def _decoded(data: bytes, wanted: tuple[int, int]) -> Iterator["Image.Image"]:
    """The first frame upright, as RGB or RGBA; whatever goes wrong with it, also in the block, is a BadPicture."""
    from PIL import Image, ImageOps

    try:
        with Image.open(io.BytesIO(data), formats=FORMATS) as image:
            _require_size(image, 2 * MAX_PIXELS if image.format == "JPEG" else MAX_PIXELS)
            image.draft("RGB", wanted)  # a JPEG can be decoded small: photographs of 12 megapixels are
            _require_size(image, MAX_PIXELS)
            image.load()
            upright = ImageOps.exif_transpose(image)
            yield upright.convert("RGBA" if upright.has_transparency_data else "RGB")
    except BadPicture:
        raise
    except Exception as error:  # decoders raise whatever they like over hostile bytes
        raise BadPicture(f"{type(error).__name__}: {str(error)[:200]}") from error


def _require_size(image: "Image.Image", most: int) -> None:
    if not 0 < image.width * image.height <= most:
        raise BadPicture(f"{image.width} by {image.height} pixels")


def _bare(image: "Image.Image") -> "Image.Image":
    """The pixels alone: Pillow carries metadata along."""
    from PIL import Image

    bare = Image.new(image.mode, image.size)
    bare.paste(image)
    return bare


def _name(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()[:40]


def _webp(image: "Image.Image") -> bytes:
    made = io.BytesIO()
    image.save(made, "WEBP", quality=_QUALITY, method=4)
    return made.getvalue()
