"""The first half of an import: everything is read, checked and rendered into a temporary file, no database touched.

A file that is broken at its end is refused before anything is written, and the second half can be run again.
"""

import tempfile
from collections import Counter
from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime
from types import TracebackType
from typing import Final, Self

import msgspec

from widget.core import text, tokens
from widget.core.errors import Problem
from widget.core.records import AuthorRecord, CommentRecord, LeftOut, Record, ThreadRecord
from widget.services.transfer_pages import Pages

MAX_TEXT: Final = 200_000  # characters; WordPress itself keeps at most 65,535 bytes
NAMELESS: Final = "Anonymous"
_MAX_ID = 180  # characters that models.ImportedComment keeps, less our own suffix
_MAX_HINT = 1_000


class Author(msgspec.Struct, frozen=True, array_like=True):
    """A person ready to be stored; `key` is a digest: the original may hold an e-mail address."""

    key: str
    name: str
    email: str | None
    website: str | None
    hints: dict[str, str]


class Thread(msgspec.Struct, frozen=True, array_like=True, tag="t"):
    """A page ready to be stored; `number` is its name within this import."""

    number: int
    url: str
    title: str | None
    created: datetime | None
    open: bool


class Comment(msgspec.Struct, frozen=True, array_like=True, tag="c"):
    """A comment ready to be stored, rendered; `thread` is a Thread's number."""

    foreign_id: str
    thread: int
    parent: str | None
    author: Author
    created: datetime
    state: str
    kind: str
    raw: str
    markup: str
    html: str
    tree: str
    renderer: int


@dataclass
class Counts:
    """What was read and what was left aside."""

    comments: int = 0
    guessed_times: int = 0
    states: Counter[str] = field(default_factory=Counter)
    left_out: Counter[str] = field(default_factory=Counter)
    unmatched: dict[str, int] = field(default_factory=dict)  # address of a page that is not on the site -> comments


class Staging:
    """A temporary file of records ready to be stored, in the order they came."""

    def __init__(self, pages: Pages) -> None:
        """Open the file; it is gone when the block ends."""
        self.counts = Counts()
        self._pages = pages
        self._threads: dict[str, int | str] = {}  # foreign id -> number, or the address that is not on the site
        self._last_number = 0
        self._file = tempfile.TemporaryFile(prefix="widget-import-")  # noqa: SIM115 - __exit__ closes it
        self._encoder = msgspec.msgpack.Encoder()
        self._decoder: msgspec.msgpack.Decoder[Thread | Comment] = msgspec.msgpack.Decoder(Thread | Comment)

    def __enter__(self) -> Self:
        """Itself."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Remove the file."""
        self._file.close()

    def add(self, records: Iterable[Record]) -> None:
        """Take all records of one file. Whatever their reader raises comes through."""
        self._threads.clear()  # ids of threads say nothing beyond their file: it may be of another blog
        for record in records:
            if isinstance(record, CommentRecord):
                self._comment(record)
            elif isinstance(record, ThreadRecord):
                self._thread(record)
            else:
                self._leave_out(record)

    def __iter__(self) -> Iterator[Thread | Comment]:
        """All of it, from the start, as often as needed."""
        self._file.seek(0)
        while size := self._file.read(4):
            yield self._decoder.decode(self._file.read(int.from_bytes(size)))

    def _write(self, item: Thread | Comment) -> None:
        encoded = self._encoder.encode(item)
        self._file.write(len(encoded).to_bytes(4) + encoded)

    def _leave_out(self, record: LeftOut) -> None:
        self.counts.left_out[record.reason] += 1

    def _thread(self, record: ThreadRecord) -> None:
        try:
            url = self._pages.find(record.url)
        except Problem:
            url = None
        if url is None:
            self._threads[record.foreign_id] = record.url or "(no address)"
            return
        number = self._threads[record.foreign_id] = self._last_number = self._last_number + 1
        title = " ".join((record.title or "").split())[:500] or None
        self._write(Thread(number, url, _sound(title) if title else None, record.created, record.open))

    def _comment(self, record: CommentRecord) -> None:
        thread = self._threads.get(record.thread)
        if thread is None:
            self.counts.left_out["comments of a page that is not in the file"] += 1
        elif isinstance(thread, str):
            self.counts.unmatched[thread] = self.counts.unmatched.get(thread, 0) + 1
        elif len(record.text) > MAX_TEXT:
            self.counts.left_out[f"comments of more than {MAX_TEXT} characters"] += 1
        elif len(record.foreign_id) > _MAX_ID:
            self.counts.left_out["comments with an id that is none"] += 1
        else:
            self._write(_ready(record, thread))
            self.counts.comments += 1
            self.counts.guessed_times += record.guessed
            self.counts.states[record.state] += 1


def _ready(record: CommentRecord, thread: int) -> Comment:
    raw = text.clean_text(_sound(record.text))
    rendered = text.render(raw, markup=record.markup)
    return Comment(
        foreign_id=record.foreign_id,
        thread=thread,
        parent=record.parent,
        author=_author(record.author),
        created=record.created,
        state=record.state,
        kind=record.kind,
        raw=raw,
        markup=record.markup,
        html=rendered.html,
        tree=msgspec.json.encode(rendered.tree).decode(),
        renderer=rendered.version,
    )


def _author(record: AuthorRecord) -> Author:
    email = website = None
    with suppress(Problem):  # what someone typed years ago need not be an address; the comment counts
        email = text.clean_email(record.email) if record.email else None
    with suppress(Problem):
        website = text.clean_website(record.website) if record.website else None
    hints = {name: _sound(value)[:_MAX_HINT] for name, value in record.hints.items()}
    return Author(tokens.digest(_sound(record.key)), text.clean_name(record.name) or NAMELESS, email, website, hints)


def _sound(value: str) -> str:
    """Without NUL and lone surrogates, which no database keeps."""
    return value.replace("\x00", "").encode("utf-8", "replace").decode()
