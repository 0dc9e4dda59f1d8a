"""WordPress exports of every age are read to the last comment, in little memory, and broken ones are refused."""

import io
import random
import tracemalloc
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from widget import formats
from widget.core.errors import Problem
from widget.core.records import CommentRecord, LeftOut, Record, ThreadRecord
from widget.formats import wxr

SAMPLES = Path(__file__).with_name("samples")
SHARED = Path(__file__).resolve().parents[2].parent / "shared" / "samples"


def records(name: str) -> list[Record]:
    """Everything in a sample."""
    with (SAMPLES / name).open("rb") as file:
        return list(wxr.read(file))


def comments(name: str) -> dict[str, CommentRecord]:
    """The comments of a sample by id; a number that comes twice keeps its last."""
    return {record.foreign_id: record for record in records(name) if isinstance(record, CommentRecord)}


def threads(name: str) -> list[ThreadRecord]:
    """The threads of a sample."""
    return [record for record in records(name) if isinstance(record, ThreadRecord)]


def at(*moment: int) -> datetime:
    """A time in UTC."""
    return datetime(*moment, tzinfo=UTC)  # type: ignore[misc,arg-type]  # year, month, day and on


def test_every_thread_with_comments() -> None:
    assert threads("wordpress-1.2.xml") == [
        ThreadRecord(
            foreign_id="7",
            url="https://blog.example/2011/04/02/commenti/",
            title="Uno spazio per i commenti & altro",
            created=at(2011, 4, 2, 17),
        ),
        ThreadRecord("2", "https://blog.example/chi-sono/", "Chi sono", at(2011, 1, 1, 10), open=False),
        ThreadRecord("8", "https://blog.example/2011/04/02/commenti/foto/", "foto.jpg", at(2011, 4, 2, 17, 5)),
        ThreadRecord("9", "https://blog.example/?p=9", "Nel cestino", at(2011, 5, 1, 8)),
    ]


def test_every_comment_and_no_note() -> None:
    found = records("wordpress-1.2.xml")
    ids = [record.foreign_id for record in found if isinstance(record, CommentRecord)]
    assert ids == "101 103 102 104 105 107 108 109 110 111 112 101 120 130 140".split()
    assert [record for record in found if isinstance(record, LeftOut)] == [
        LeftOut("comments of the type note, which are not for readers")
    ]
    assert isinstance(found[0], ThreadRecord)


def test_states_kinds_and_parents() -> None:
    found = comments("wordpress-1.2.xml")
    assert {id_: one.state for id_, one in found.items() if one.state != "published"} == {
        "107": "spam",
        "109": "pending",
        "110": "deleted",
        "140": "deleted",
    }
    assert {id_: one.kind for id_, one in found.items() if one.kind != "comment"} == {
        "104": "pingback",
        "105": "trackback",
    }
    assert {id_: one.parent for id_, one in found.items() if one.parent} == {
        "103": "102",
        "102": "101",
        "107": "101",
        "108": "107",
        "111": "110",
        "112": "4711",
    }


def test_people_and_what_may_help_them_to_claim_their_comments() -> None:
    found = comments("wordpress-1.2.xml")
    assert found["108"].author.key == found["120"].author.key
    assert found["101"].author.hints == {}  # the copy; the original says more
    first = next(one for one in records("wordpress-1.2.xml") if isinstance(one, CommentRecord))
    assert first.author.hints == {
        "provider": "facebook",
        "avatar": "https://pictures.example/marco.jpg",
        "foreign_user_id": "100000123",
    }
    assert first.author.key != found["108"].author.key  # who signed in is not who typed the same address
    assert found["102"].author.hints == {"user_id": "1"}
    assert found["103"].author.name == "Tom & Jerry"


def test_times() -> None:
    found = comments("wordpress-1.2.xml")
    assert found["101"].created == at(2011, 4, 2, 18)
    assert (found["111"].created, found["111"].guessed) == (at(2011, 4, 6, 10), True)  # local time less two hours
    assert (found["112"].created, found["112"].guessed) == (at(2011, 4, 6, 10), True)  # its neighbour's
    assert (found["120"].created, found["120"].guessed) == (at(2011, 1, 1, 10), True)  # its page's
    assert not found["130"].guessed


def test_old_padded_and_out_of_order() -> None:
    assert [(one.url, one.title, one.open) for one in threads("wordpress-1.1.xml")] == [
        ("http://blog.example/?p=4", "Short link", True),
        ("http://www.blog.example/late", "Late", False),
        ("http://staging.example/a", "Elsewhere", True),
    ]
    found = [one for one in records("wordpress-1.1.xml") if isinstance(one, CommentRecord)]
    assert [(one.foreign_id, one.thread, one.author.name, one.text) for one in found] == [
        ("1", "http://blog.example/?p=4", "Mr WordPress", "Hi, this is a comment."),
        ("2", "http://blog.example/?p=4", "Nobody", "No time, no parent, no state."),
        ("3", "http://www.blog.example/late", "Early", "In front of the link."),
        ("1", "http://staging.example/a", "Of another blog", "The number is taken."),
    ]
    assert found[0].author.email == "mr@wordpress.example"
    assert found[1].created == found[0].created == at(2011, 5, 1, 10)


EMPTY = b"""<?xml version="1.0"?><rss xmlns:wp="http://wordpress.org/export/1.2/"><channel>%s</channel></rss>"""


def read(content: bytes) -> list[Record]:
    """Records of a file with this content."""
    return list(wxr.read(io.BytesIO(content)))


def one_comment(fields: bytes, item: bytes = b"<link>https://blog.example/a</link>") -> CommentRecord:
    """The only comment of an export."""
    body = b"<item>%s<wp:comment><wp:comment_id>1</wp:comment_id>%s</wp:comment></item>" % (item, fields)
    found = read(EMPTY % body)[1]
    assert isinstance(found, CommentRecord)
    return found


def test_forbidden_characters_of_old_exports_are_dropped() -> None:
    found = one_comment(b"<wp:comment_content><![CDATA[a\x08b\x00c\x1bd\te\nf\x0c]]></wp:comment_content>")
    assert found.text == "abcd\te\nf"


def test_other_encodings() -> None:
    text = (EMPTY % b"<item><link>https://b.example/</link><wp:comment><wp:comment_id>1</wp:comment_id>"
            b"<wp:comment_content>%s</wp:comment_content></wp:comment></item>").decode()  # fmt: skip
    for encoding in ("utf-8-sig", "utf-16"):
        found = read((text % "caffè").encode(encoding))[1]
        assert isinstance(found, CommentRecord)
        assert found.text == "caffè"
    latin = (text % "caffè").replace('version="1.0"', 'version="1.0" encoding="iso-8859-1"').encode("latin-1")
    assert isinstance(found := read(latin)[1], CommentRecord)
    assert found.text == "caffè"


@pytest.mark.parametrize(
    ("fields", "item", "created"),
    [
        (b"", b"", at(1970, 1, 1)),
        (b"", b"<pubDate>Tue, 14 Jan 2014 17:31:03 +0100</pubDate>", at(2014, 1, 14, 16, 31, 3)),
        (b"", b"<pubDate>Tue, 31 Feb 2014 17:31:03 +0100</pubDate>", at(1970, 1, 1)),
        (b"<wp:comment_date_gmt>2011-02-30 10:00:00</wp:comment_date_gmt>", b"", at(1970, 1, 1)),
        (b"<wp:comment_date_gmt>1899-01-01 10:00:00</wp:comment_date_gmt>", b"", at(1970, 1, 1)),
        (b"<wp:comment_date>2011-02-03 10:00:00</wp:comment_date>", b"", at(2011, 2, 3, 10)),
        (
            b"<wp:comment_date>2011-02-03 10:00:00</wp:comment_date>",
            b"<wp:post_date>2011-01-01 09:00:00</wp:post_date><wp:post_date_gmt>2011-01-01 03:30:00</wp:post_date_gmt>",
            at(2011, 2, 3, 4, 30),
        ),
    ],
)
def test_times_out_of_nothing(fields: bytes, item: bytes, created: datetime) -> None:
    found = one_comment(fields, b"<link>https://blog.example/a</link>" + item)
    assert (found.created, found.guessed) == (created, True)


@pytest.mark.parametrize("state", ["0", "hold", "", "whatever"])
def test_what_nobody_approved_waits(state: str) -> None:
    assert one_comment(b"<wp:comment_approved>%s</wp:comment_approved>" % state.encode()).state == "pending"


@pytest.mark.parametrize("kind", ["note", "order_note", "action_log", "like"])
def test_what_is_not_for_readers(kind: str) -> None:
    body = b"<item><link>https://b.example/</link><wp:comment><wp:comment_id>1</wp:comment_id><wp:comment_type>%s"
    found = read(EMPTY % (body % kind.encode() + b"</wp:comment_type></wp:comment></item>"))[1]
    assert isinstance(found, LeftOut)
    assert kind in found.reason


def refused(content: bytes) -> str:
    """Why a file is refused."""
    with pytest.raises(Problem) as problem:
        read(content)
    assert problem.value.code == "import.bad_file"
    return str(problem.value.details["reason"])


LAUGHS = (
    b"""<!DOCTYPE r [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;"><!ENTITY c "&b;&b;&b;&b;&b;&b;&b;&b;">]>"""
)
OUTSIDE = b"""<!DOCTYPE r [<!ENTITY a SYSTEM "file:///etc/passwd">]>"""
PARAMETER = b"""<!DOCTYPE r [<!ENTITY % a SYSTEM "http://127.0.0.1:9/x"> %a;]>"""


@pytest.mark.parametrize("dtd", [LAUGHS, OUTSIDE, PARAMETER, b"<!DOCTYPE rss>", b"""<!DOCTYPE r SYSTEM "a.dtd">"""])
def test_no_dtd_no_entities(dtd: bytes) -> None:
    assert "DTD" in refused(b'<?xml version="1.0"?>' + dtd + (EMPTY % b"&c;").partition(b"?>")[2])


def test_bottomless_elements() -> None:
    assert "nested" in refused(b"<rss>" + b"<a>" * 1_000_000)


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"no xml",
        b"\x00\x01\x02",
        b"<rss>",
        b"<rss></rss>",
        b"<html></html>",
        b"<rss xmlns:wp='http://wordpress.org/export/1.2/'><channel></channel></rss>",
        b'<?xml version="1.0" encoding="klingon"?><rss/>',
        b"<rss>&nbsp;</rss>",
        b"<rss>\xff\xff</rss>",
        b"<wp:a/>",
        b'{"version": 1}',
        EMPTY % b"<item><wp:comment></item></wp:comment>",
    ],
)
def test_what_is_no_export(content: bytes) -> None:
    assert refused(content)


@pytest.mark.parametrize("name", ["wordpress-1.2.xml", "wordpress-1.1.xml"])
def test_a_cut_file_is_noticed_wherever_it_is_cut(name: str) -> None:
    whole = (SAMPLES / name).read_bytes().rstrip()
    for end in range(0, len(whole), max(1, len(whole) // 150)):
        assert refused(whole[:end])
    assert refused(whole[:-1])


def test_a_damaged_byte_is_noticed_or_harmless() -> None:
    whole = (SAMPLES / "wordpress-1.2.xml").read_bytes()
    chance = random.Random(7)  # noqa: S311 - the same bytes on every run
    refusals = 0
    for _ in range(300):
        damaged = bytearray(whole)
        damaged[chance.randrange(len(whole))] = chance.randrange(256)
        try:
            assert all(read(bytes(damaged)))
        except Problem as problem:
            assert problem.code == "import.bad_file"  # noqa: PT017 - either outcome is right
            refusals += 1
    assert 30 < refusals < 270


class Endless(io.RawIOBase):
    """An export of `count` comments, made while it is read."""

    def __init__(self, count: int, per_item: int) -> None:
        """Nothing is made yet."""
        self._blocks = self._make(count, per_item)
        self._rest = b""

    def read(self, size: int = -1) -> bytes:
        """At most `size` bytes."""
        while len(self._rest) < size and (block := next(self._blocks, None)):
            self._rest += block
        given, self._rest = self._rest[:size], self._rest[size:]
        return given

    def _make(self, count: int, per_item: int) -> Iterator[bytes]:
        head, tail = (EMPTY % b"#").split(b"#")
        yield head
        for number in range(count):
            if number % per_item == 0:
                yield b"<item><link>https://blog.example/%d</link>" % number
            yield b"<wp:comment><wp:comment_id>%d</wp:comment_id><wp:comment_content>%s</wp:comment_content>" % (
                number,
                b"some words " * 20,
            )
            yield b"</wp:comment>\n"
            if number % per_item == per_item - 1:
                yield b"</item>\n"
        yield tail


@pytest.mark.parametrize("per_item", [10, 1_000])
def test_memory_does_not_grow_with_the_file(per_item: int) -> None:
    def peak(count: int) -> int:
        tracemalloc.start()
        seen = sum(isinstance(one, CommentRecord) for one in wxr.read(Endless(count, per_item)))  # type: ignore[arg-type]  # read() is all it is asked for
        used = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        assert seen == count
        return used

    peak(1_000)
    assert peak(4_000) < 1.5 * peak(1_000)


@pytest.mark.parametrize("path", sorted(SAMPLES.glob("*.xml")), ids=lambda path: path.name)
def test_exports_are_recognised(path: Path) -> None:
    with path.open("rb") as file:
        assert formats.detect(file).name == "wxr"
        assert file.tell() == 0


@pytest.mark.parametrize(
    ("content", "said"), [(b" \n", "empty"), (b"PK\x03\x04x", "unpack"), (b"\x1f\x8bx", "unpack"), (b"<rss>", "wxr")]
)
def test_other_files_are_not(content: bytes, said: str) -> None:
    with pytest.raises(Problem, match=said):
        formats.detect(io.BytesIO(content))


@pytest.mark.skipif(not SHARED.is_dir(), reason="the samples of other projects are not here")
def test_the_export_that_isso_tests_with() -> None:
    with (SHARED / "wordpress-wxr.xml").open("rb") as file:
        found = list(wxr.read(file))
    assert [one.url for one in found if isinstance(one, ThreadRecord)] == [
        "http://example.tld/2014/test/",
        "http://example.tld/?p=4",
    ]
    kept = [one for one in found if isinstance(one, CommentRecord)]
    assert [(one.foreign_id, one.parent) for one in kept] == [
        *[("2", None), ("6", None), ("7", "6"), ("8", "7"), ("9", "7"), ("10", None), ("11", None), ("11", None)]
    ]
    assert kept[0].created == at(2014, 1, 14, 17, 32, 12)
