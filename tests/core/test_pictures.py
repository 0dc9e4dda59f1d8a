"""Pictures of people: whatever was sent, what comes out is two small squares of bare pixels, or nothing."""

import io
import struct
import zlib
from collections.abc import Callable

import pytest
from PIL import Image

from widget.core import pictures


def saved(image: Image.Image, kind: str, **options: object) -> bytes:
    made = io.BytesIO()
    image.save(made, kind, **options)
    return made.getvalue()


def face(mode: str = "RGB", size: tuple[int, int] = (300, 200)) -> Image.Image:
    """Left half red, right half blue."""
    image = Image.new("RGB", size, (200, 10, 10))
    image.paste((10, 10, 200), (size[0] // 2, 0, *size))
    return image.convert(mode)


def _exif() -> bytes:
    exif = Image.Exif()
    exif[0x0112] = 3  # upside down
    exif[0x010E] = "SECRET-DESCRIPTION"
    exif.get_ifd(0x8825)[1] = "N"  # GPS
    return exif.tobytes()


def _gif(frames: int) -> bytes:
    images = [Image.new("P", (32, 32), n % 250) for n in range(frames)]
    return saved(images[0], "GIF", save_all=True, append_images=images[1:])


def _polyglot() -> bytes:
    return saved(face(), "PNG") + b"<script>alert(1)</script>PK\x03\x04"


GOOD: dict[str, Callable[[], bytes]] = {
    "png": lambda: saved(face(), "PNG"),
    "png with alpha": lambda: saved(face("RGBA"), "PNG"),
    "png with a palette": lambda: saved(face("P"), "PNG"),
    "png in grey": lambda: saved(face("L"), "PNG"),
    "png in one bit": lambda: saved(face("1"), "PNG"),
    "png with 16 bits": lambda: saved(Image.new("I;16", (40, 40), 40_000), "PNG"),
    "jpeg": lambda: saved(face(), "JPEG"),
    "jpeg for print": lambda: saved(face("CMYK"), "JPEG"),
    "jpeg with metadata": lambda: saved(face(), "JPEG", exif=_exif(), comment=b"SECRET-COMMENT"),
    "png with metadata": lambda: saved(face(), "PNG", exif=_exif()),
    "webp": lambda: saved(face(), "WEBP"),
    "webp with metadata": lambda: saved(face(), "WEBP", exif=_exif(), xmp=b"<x>SECRET-XMP</x>"),
    "gif": lambda: saved(face("P"), "GIF"),
    "gif of many frames": lambda: _gif(1_000),
    "one pixel": lambda: saved(face(size=(2, 1)), "PNG"),
    "a ribbon": lambda: saved(face(size=(4_000, 2)), "PNG"),
    "large": lambda: saved(face(size=(3_000, 3_000)), "PNG"),
    "a page behind the picture": _polyglot,
}


@pytest.mark.parametrize("name", GOOD)
def test_pictures_become_two_squares(name: str) -> None:
    data = GOOD[name]()
    made = pictures.encode(data)
    assert made.type == "image/webp"
    for size, content in ((96, made.small), (192, made.large)):
        with Image.open(io.BytesIO(content)) as image:
            assert (image.format, image.size, getattr(image, "n_frames", 1)) == ("WEBP", (size, size), 1)
            assert not {"exif", "xmp", "icc_profile", "comment"} & image.info.keys()
        assert len(content) < 40_000  # a photograph has 5,000
        for left in (b"SECRET", b"EXIF", b"XMP", b"<script>", b"GPS"):
            assert left not in content
    assert len(made.hash) == 40
    assert pictures.encode(data) == made


def test_the_camera_was_held_upside_down() -> None:
    with Image.open(io.BytesIO(pictures.encode(GOOD["jpeg with metadata"]()).large)) as image:
        red, _, blue = image.convert("RGB").getpixel((10, 96))  # type: ignore[misc]
    assert blue > red


def test_transparency_stays() -> None:
    made = pictures.encode(saved(Image.new("RGBA", (50, 50), (1, 2, 3, 0)), "PNG"))
    with Image.open(io.BytesIO(made.small)) as image:
        assert image.convert("RGBA").getpixel((5, 5))[3] == 0  # type: ignore[index]


def _png(width: int, height: int) -> bytes:
    """A PNG that says it is this large, with nothing much in it."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(b"\0" * 1_000)) + chunk(b"IEND", b"")
    )


BAD: dict[str, Callable[[], bytes]] = {
    "nothing": lambda: b"",
    "one byte": lambda: b"\x89",
    "text": lambda: b"hello",
    "html": lambda: b"<!doctype html><script>alert(1)</script>",
    "html with the magic of png": lambda: b"\x89PNG\r\n\x1a\n<script>alert(1)</script>",
    "svg": lambda: b'<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>',
    "svg with a declaration": lambda: b'<?xml version="1.0"?><svg xmlns="http://www.w3.org/2000/svg"/>',
    "pdf": lambda: b"%PDF-1.7\n%%EOF",
    "postscript": lambda: b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 9 9\n",
    "tiff": lambda: saved(face(), "TIFF"),
    "bmp": lambda: saved(face(), "BMP"),
    "ico": lambda: saved(face(), "ICO"),
    "ppm": lambda: saved(face(), "PPM"),
    "jpeg 2000": lambda: saved(face(), "JPEG2000"),
    "cut png": lambda: saved(face(), "PNG")[:200],
    "cut jpeg": lambda: saved(face(), "JPEG")[:300],
    "cut gif": lambda: saved(face("P"), "GIF")[:20],
    "65535 squared": lambda: _png(65_535, 65_535),
    "wide bomb": lambda: _png(10_000_001, 1),
    "no pixel": lambda: _png(0, 5),
    "a bomb of zeros": lambda: saved(Image.new("L", (12_000, 12_000)), "PNG", optimize=False, compress_level=9),
}


@pytest.mark.parametrize("name", BAD)
def test_everything_else_is_no_picture(name: str) -> None:
    with pytest.raises(pictures.BadPicture):
        pictures.encode(BAD[name]())


def test_without_the_cap_the_bomb_would_go_off(monkeypatch: pytest.MonkeyPatch) -> None:
    bomb = saved(Image.new("1", (4_000, 4_000)), "PNG")
    assert len(bomb) < 10_000
    with pytest.raises(pictures.BadPicture, match="4000 by 4000"):
        pictures.encode(bomb)
    monkeypatch.setattr(pictures, "MAX_PIXELS", 16_000_000)
    assert pictures.encode(bomb).small


@pytest.mark.parametrize("kind", ["TIFF", "BMP"])
def test_without_the_list_of_formats_others_would_be_read(kind: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pictures, "FORMATS", None)
    assert pictures.encode(saved(face(), kind)).small
