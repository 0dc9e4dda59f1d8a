"""Pictures of people: from whatever a stranger's server sent to two small files of our own making.

What is served was encoded here from bare pixels: no metadata, no second file behind the first, no script.
"""

import hashlib
import io
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from PIL import Image

FORMATS = ("PNG", "JPEG", "WEBP", "GIF")  # what decoders are tried; none of them can run or fetch anything
TYPE = "image/webp"
SMALL, LARGE = 96, 192  # pixels: a face in a list, and the same on a dense screen
MAX_PIXELS = 10_000_000  # 40 MB while it is decoded, whatever few bytes it came in
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


def encode(data: bytes) -> Picture:
    """The picture in `data` (its first frame), cut to a square. Raises BadPicture."""
    from PIL import Image, ImageOps  # importing it takes a tenth of a second, which most processes never need

    try:
        with Image.open(io.BytesIO(data), formats=FORMATS) as image:
            if not 0 < image.width * image.height <= MAX_PIXELS:
                raise BadPicture(f"{image.width} by {image.height} pixels")
            image.draft("RGB", (LARGE, LARGE))  # a JPEG can be decoded small
            image.load()
            upright = ImageOps.exif_transpose(image)
            mode = "RGBA" if upright.has_transparency_data else "RGB"
            square = ImageOps.fit(upright.convert(mode), (LARGE, LARGE))
        bare = Image.new(mode, square.size)
        bare.paste(square)  # the pixels alone: Pillow carries metadata along
        large = _webp(bare)
        small = _webp(bare.resize((SMALL, SMALL), Image.Resampling.LANCZOS))
    except BadPicture:
        raise
    except Exception as error:  # decoders raise whatever they like over hostile bytes
        raise BadPicture(f"{type(error).__name__}: {str(error)[:200]}") from error
    return Picture(hashlib.sha256(small + large).hexdigest()[:40], TYPE, small, large)


def _webp(image: "Image.Image") -> bytes:
    made = io.BytesIO()
    image.save(made, "WEBP", quality=_QUALITY, method=4)
    return made.getvalue()
