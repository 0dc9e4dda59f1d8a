"""WordPress eXtended RSS, versions 1.0 to 1.2: what Tools → Export of WordPress and WordPress.com writes.

Elements are known by their local names, because the namespace carries the version. Written after WordPress' own
exporter (wp-admin/includes/export.php) and what is found in real files.
"""

import html
import re
from collections.abc import Iterator
from typing import BinaryIO
from xml.etree.ElementTree import Element, ParseError  # for types: defusedxml parses

from defusedxml.common import DefusedXmlException
from defusedxml.ElementTree import iterparse

from widget.core.errors import Problem
from widget.core.records import AuthorRecord, CommentRecord, Kind, LeftOut, Record, State, ThreadRecord
from widget.formats.wxr_times import Times

SOURCE = "wordpress"
_MAX_DEPTH = 32  # rss, channel, item, comment, commentmeta, meta_key: six

_STATES: dict[str, State] = {
    "1": "published",
    "approve": "published",
    "approved": "published",
    "spam": "spam",
    "trash": "deleted",
    "post-trashed": "deleted",
}  # "0", "hold" and what nobody knows wait for a moderator
_KINDS: dict[str, Kind] = {
    "": "comment",
    "comment": "comment",
    "review": "comment",
    "pingback": "pingback",
    "trackback": "trackback",
    "webmention": "pingback",
    "mention": "pingback",
}
# WordPress.com and Jetpack keep there with which account a visitor signed in.
_HINTS = {"hc_post_as": "provider", "hc_avatar": "avatar", "hc_foreign_user_id": "foreign_user_id"}

# Old exports hold characters that XML forbids. They are one byte each in UTF-8 and part of nothing longer.
_ILLEGAL = bytes(byte for byte in range(0x20) if byte not in b"\t\n\r")


def sniff(head: bytes) -> bool:
    """Whether a file that begins with `head` is WXR."""
    return b"<rss" in head and b"wordpress.org/export/" in head


def read(file: BinaryIO) -> Iterator[Record]:
    """Threads with comments, each before its comments, in the order of the file; memory does not grow with it.

    Raises Problem("import.bad_file") when the file is cut, is no WXR, or holds a DTD or entities.
    """
    try:
        yield from _records(_Legal(file))
    except DefusedXmlException:
        raise Problem("import.bad_file", reason="it holds a DTD or entities, which no WordPress export does") from None
    except ParseError as error:
        line = error.position[0]
        raise Problem("import.bad_file", reason=f"it is cut off or damaged at line {line} ({error.msg})") from None
    except (ValueError, LookupError) as error:  # an encoding that Python does not know
        raise Problem("import.bad_file", reason=f"it cannot be read ({error})") from None


class _Legal:
    """A file without the bytes that XML forbids."""

    def __init__(self, file: BinaryIO) -> None:
        self._file = file
        self._remove = b""
        self._first = True

    def read(self, size: int = -1) -> bytes:
        """Up to `size` bytes; b"" at the end only."""
        while block := self._file.read(size):
            if self._first:
                self._first = False
                # In UTF-16 every other byte may be NUL; the parser knows what to do with it.
                self._remove = b"" if block.startswith((b"\xff\xfe", b"\xfe\xff")) else _ILLEGAL
            if kept := block.translate(None, self._remove):
                return kept
        return b""


def _records(file: _Legal) -> Iterator[Record]:
    path: list[Element] = []
    times = Times()
    item: _Item | None = None
    is_export = False
    for event, element in iterparse(file, events=("start", "end"), forbid_dtd=True):
        name = _local(element)
        if event == "start":
            path.append(element)
            if len(path) > _MAX_DEPTH:
                raise Problem("import.bad_file", reason="its elements are nested beyond measure")
            if name == "item" and len(path) == 3:
                item = _Item(times)
            continue
        path.pop()
        is_export = is_export or "wordpress.org/export/" in element.tag
        if item is not None and len(path) == 3:
            yield from item.take(name, element)
            _drop(element, path)
        elif item is not None and len(path) == 2:
            yield from item.finish()
            item = None
            _drop(element, path)
        elif len(path) == 2:
            if name == "pubDate":
                times.exported(_text(element))
            _drop(element, path)
    if not is_export:
        raise Problem("import.bad_file", reason="it is no WordPress export")


class _Item:
    """One post, page or attachment while it is read."""

    def __init__(self, times: Times) -> None:
        self._times = times
        self._fields: dict[str, str] = {}
        self._waiting: list[Element] = []  # comments in front of the link, which no WordPress writes
        self._announced = False

    def take(self, name: str, element: Element) -> Iterator[Record]:
        """The records of one finished child element."""
        if name == "comment" and len(element):
            if "link" not in self._fields:
                self._waiting.append(_copy(element))
            else:
                yield from self._comment(element)
        elif name not in {"encoded", "postmeta", "category"}:
            self._fields.setdefault(name, _text(element))

    def finish(self) -> Iterator[Record]:
        """What had to wait for the end of the item."""
        for element in self._waiting:
            yield from self._comment(element)

    def _comment(self, element: Element) -> Iterator[Record]:
        if not self._announced:
            self._announced = True
            self._times.item(self._fields)
            yield self._thread()
        yield _comment(element, self._id(), self._times)

    def _id(self) -> str:
        return self._fields.get("post_id") or self._fields.get("guid") or self._fields.get("link", "")

    def _thread(self) -> ThreadRecord:
        title = html.unescape(re.sub(r"<[^<>]*>", "", self._fields.get("title", "")))
        return ThreadRecord(
            foreign_id=self._id(),
            url=self._fields.get("link") or self._fields.get("guid", ""),
            title=" ".join(title.split()) or None,
            created=self._times.of_item,
            open=self._fields.get("comment_status", "open") != "closed",
        )


def _comment(element: Element, thread: str, times: Times) -> Record:
    fields: dict[str, str] = {}
    meta: dict[str, str] = {}
    for child in element:
        if (name := _local(child)) == "commentmeta":
            pair = {_local(grandchild): _text(grandchild) for grandchild in child}
            meta[pair.get("meta_key", "")] = pair.get("meta_value", "")
        else:
            fields[name] = _text(child)
    kind = _KINDS.get(fields.get("comment_type", "").lower())
    if kind is None:
        # Notes of the editor, order notes of a shop: written between colleagues.
        return LeftOut(f"comments of the type {fields['comment_type'][:40]}, which are not for readers")
    if not fields.get("comment_id"):
        return LeftOut("comments without an id")
    created, guessed = times.of_comment(fields)
    parent = fields.get("comment_parent", "")
    return CommentRecord(
        foreign_id=fields["comment_id"],
        thread=thread,
        parent=None if parent in {"", "0"} else parent,
        author=_author(fields, meta),
        created=created,
        guessed=guessed,
        text=fields.get("comment_content", ""),
        markup="wordpress",
        state=_STATES.get(fields.get("comment_approved", "1").lower(), "pending"),
        kind=kind,
    )


def _author(fields: dict[str, str], meta: dict[str, str]) -> AuthorRecord:
    name = html.unescape(fields.get("comment_author", ""))
    email = fields.get("comment_author_email", "")
    website = html.unescape(fields.get("comment_author_url", ""))
    hints = {ours: meta[theirs] for theirs, ours in _HINTS.items() if meta.get(theirs)}
    if (user := fields.get("comment_user_id", "0")) not in {"", "0"}:
        hints["user_id"] = user
    # Whoever types someone's address is not that person, and numbers of accounts repeat from blog to blog: two
    # comments are by one person only when everything agrees that the reader saw or the system knew.
    account = [hints.get("provider", ""), hints.get("foreign_user_id", ""), hints.get("user_id", "")]
    key = "\n".join([*account, email.lower(), name] if email or any(account) else [*account, name, website])
    return AuthorRecord(key=key, name=name, email=email or None, website=website or None, hints=hints)


def _local(element: Element) -> str:
    return str(element.tag).rpartition("}")[2]


def _text(element: Element) -> str:
    return (element.text or "").strip()


def _copy(element: Element) -> Element:
    """The element with its children, kept when the original is cleared."""
    kept = Element(element.tag)
    kept.extend(list(element))
    return kept


def _drop(element: Element, path: list[Element]) -> None:
    """Free what has been read: in the element itself and in the one around it."""
    element.clear()
    path[-1].remove(element)
