"""Files of other systems, each format one module with `SOURCE`, `sniff` and `read`; nothing here knows the database."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from importlib import import_module
from typing import BinaryIO

from widget.core.errors import Problem
from widget.core.records import Record

# name on the command line -> module of widget.formats
FORMATS = {"wxr": "wxr"}
_HEAD = 64 * 1024


@dataclass(frozen=True)
class Format:
    """One format: whether the first bytes of a file look like it, and its records; `source` is kept with each row."""

    name: str
    source: str
    sniff: Callable[[bytes], bool]
    read: Callable[[BinaryIO], Iterator[Record]]


def load(name: str) -> Format:
    """The format called `name`, a key of FORMATS."""
    module = import_module(f"widget.formats.{FORMATS[name]}")
    return Format(name=name, source=module.SOURCE, sniff=module.sniff, read=module.read)


def detect(file: BinaryIO) -> Format:
    """The format of an open, seekable file, by its first bytes. Raises Problem("import.bad_file")."""
    head = file.read(_HEAD)
    file.seek(0)
    if not head.strip():
        raise Problem("import.bad_file", reason="it is empty")
    for name in FORMATS:
        found = load(name)
        if found.sniff(head):
            return found
    if head.startswith((b"PK\x03\x04", b"\x1f\x8b")):
        raise Problem("import.bad_file", reason="it is an archive: unpack it and import the files in it")
    raise Problem("import.bad_file", reason=f"it is in none of the known formats ({', '.join(FORMATS)})")
