"""An import takes everything in, at once or not at all, and never twice."""

import io
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import msgspec
import pytest
from flask import Flask
from sqlalchemy import select

from tests.support.api import Page, add_site
from widget.core.errors import Problem
from widget.core.records import AuthorRecord, CommentRecord, Record, ThreadRecord
from widget.extensions import db
from widget.formats import wxr
from widget.models import Comment, ImportedAuthor, ImportedComment, Thread, User
from widget.services import sites, transfer
from widget.services.transfer import Report

SAMPLES = Path(__file__).resolve().parents[1] / "formats" / "samples"
SHARED = Path(__file__).resolve().parents[2].parent / "shared" / "samples"
BLOG = "https://blog.example"
POST = f"{BLOG}/post"
START = datetime(2011, 4, 2, 18, 0, tzinfo=UTC)
ANN = AuthorRecord(key="ann", name="Ann", email="ann@posta.example")


@pytest.fixture(autouse=True)
def context(app: Flask) -> Iterator[None]:
    """A site, and the application's context."""
    add_site(app, "blog", (BLOG,))
    add_site(app, "other", ("https://other.example",))
    with app.app_context():
        yield


def thread(number: int = 1, url: str = POST, **more: Any) -> ThreadRecord:
    """A thread as a format's reader gives it."""
    return ThreadRecord(foreign_id=str(number), url=url, **more)


def comment(number: int, parent: int | None = None, *, minute: int | None = None, **more: Any) -> CommentRecord:
    """A comment of thread 1."""
    values = {
        "foreign_id": str(number),
        "thread": "1",
        "parent": None if parent is None else str(parent),
        "author": ANN,
        "created": START + timedelta(minutes=number if minute is None else minute),
        "text": f"comment {number}",
        "markup": "wordpress",
    }
    return CommentRecord(**{**values, **more})


def take_in(*records: Record, site: str = "blog", source: str = "wordpress", **more: Any) -> Report:
    """Import these records."""
    return transfer.run(sites.by_key(site), source, records, **more)


def take_file(path: Path, **more: Any) -> Report:
    """Import a WordPress export."""
    with path.open("rb") as file:
        return take_in(*wxr.read(file), **more)


def dump() -> dict[str, list[tuple[Any, ...]]]:
    """Every row of every table."""
    db.session.rollback()
    return {
        table.name: [tuple(row) for row in db.session.execute(select(table).order_by(*table.primary_key))]
        for table in db.metadata.sorted_tables
    }


def tree(url: str = POST) -> list[Any]:
    """The conversation of a page, as nested lists of foreign ids in the order readers see."""
    db.session.rollback()
    query = (
        select(Comment, ImportedComment.foreign_id)
        .join(ImportedComment, ImportedComment.comment_id == Comment.id)
        .join(Thread, Thread.id == Comment.thread_id)
        .where(Thread.url == url)
        .order_by(Comment.reply_no, Comment.created_at, Comment.id)
    )
    nested: dict[int | None, list[Any]] = {None: []}
    for row, foreign_id in db.session.execute(query):
        nested[row.id] = []
        nested[row.parent_id].append([foreign_id, nested[row.id]])
    return nested[None]


def kept(foreign_id: str) -> Comment:
    """The comment that has this id in the system it came from."""
    db.session.rollback()
    row = db.session.scalars(
        select(Comment)
        .join(ImportedComment, ImportedComment.comment_id == Comment.id)
        .where(ImportedComment.foreign_id == foreign_id)
    ).one()
    assert isinstance(row, Comment)
    return row


def test_a_whole_export(app: Flask) -> None:
    report = take_file(SAMPLES / "wordpress-1.2.xml")
    assert (report.read, report.guessed_times, report.unmatched) == (15, 3, {})
    assert report.states == {"published": 10 + 1, "spam": 1, "pending": 1, "deleted": 2}
    assert report.left_out == {"comments of the type note, which are not for readers": 1}
    stored = report.stored
    assert (stored.threads_new, stored.threads_changed) == (4, 0)
    assert (stored.comments_new, stored.comments_known) == (14, 1)
    assert (stored.orphans, stored.raised) == (1, 1)
    assert tree(f"{BLOG}/2011/04/02/commenti") == []
    assert tree(f"{BLOG}/2011/04/02/commenti/") == [
        ["101", [["102", [["103", []]]], ["107", []], ["108", []]]],
        ["104", []],
        ["105", []],
        ["109", []],
        ["110", [["111", []]]],
        ["112", []],
    ]
    first = kept("101")
    assert first.html == (
        "<p>Bello!<br>Una seconda riga.</p><p>Un <strong>altro</strong> paragrafo: "
        '<a href="https://marco.example/foto" rel="nofollow ugc noopener noreferrer">https://marco.example/foto</a></p>'
    )
    assert msgspec.json.decode(first.tree)[0] == ["p", "Bello!", ["br"], "Una seconda riga."]
    assert first.raw.startswith("Bello!\nUna")
    assert (first.markup, first.created_at) == ("wordpress", datetime(2011, 4, 2, 18, tzinfo=UTC))
    thread_row = db.session.get_one(Thread, first.thread_id)
    assert (thread_row.title, thread_row.open) == ("Uno spazio per i commenti & altro", True)
    assert (thread_row.version, thread_row.comment_count) == (1, 8)
    assert thread_row.created_at == datetime(2011, 4, 2, 17, tzinfo=UTC)
    assert not db.session.get_one(Thread, kept("120").thread_id).open


def test_what_readers_see(app: Flask) -> None:
    take_file(SAMPLES / "wordpress-1.2.xml")
    page = Page(app.test_client(), origin=BLOG, url=f"{BLOG}/2011/04/02/commenti/")
    answer = page.client.get("/api/v1/threads", query_string={"site": "blog", "url": page.url}).get_json()
    assert answer["thread"]["count"] == 8
    shown = [(one.get("author", {}).get("name"), one.get("state"), one.get("kind")) for one in answer["comments"]]
    assert shown == [
        ("Marco Rossi", None, None),
        ("Anna", None, None),
        ("Tom & Jerry", None, None),
        ("Marco Rossi", None, None),
        ("Un altro blog", None, "pingback"),
        ("Old blog", None, "trackback"),
        (None, "deleted", None),
        ("Anonymous", None, None),
        ("Zero", None, None),
    ]
    assert "Buy" not in str(answer)
    assert "posta.example" not in str(answer)
    assert "pictures.example" not in str(answer)


def test_people(app: Flask) -> None:
    take_file(SAMPLES / "wordpress-1.2.xml")
    assert kept("108").user_id == kept("120").user_id
    assert kept("102").user_id != kept("108").user_id
    marco = db.session.get_one(User, kept("108").user_id)
    assert (marco.name, marco.email, marco.email_verified, marco.website) == (
        *("Marco Rossi", "marco@posta.example", None),
        "http://marco.example/",
    )
    assert db.session.get_one(User, kept("103").user_id).website is None
    assert db.session.get_one(User, kept("111").user_id).email is None
    hints = db.session.scalars(select(ImportedAuthor.hints).where(ImportedAuthor.user_id == kept("101").user_id)).one()
    assert hints["provider"] == "facebook"
    assert all("@" not in key for key in db.session.scalars(select(ImportedAuthor.key)))


@pytest.mark.parametrize("name", ["wordpress-1.2.xml", "wordpress-1.1.xml"])
def test_a_second_time_changes_nothing(name: str) -> None:
    moves = ["www.blog.example=blog.example", "staging.example=blog.example"]
    first = take_file(SAMPLES / name, moves=moves)
    before = dump()
    again = take_file(SAMPLES / name, moves=moves)
    assert dump() == before
    assert again.stored.comments_known == first.read
    assert again.stored == transfer.Stored(comments_known=first.read)


def test_a_dry_run_says_the_same_and_changes_nothing() -> None:
    before = dump()
    dry = take_file(SAMPLES / "wordpress-1.2.xml", dry_run=True)
    assert dump() == before
    assert take_file(SAMPLES / "wordpress-1.2.xml") == dry


def test_a_file_that_is_cut_changes_nothing() -> None:
    take_in(thread(), comment(1))
    before = dump()
    whole = (SAMPLES / "wordpress-1.2.xml").read_bytes()
    for end in range(0, len(whole) - 10, len(whole) // 50):
        with pytest.raises(Problem, match=r"import\.bad_file"):
            transfer.run(sites.by_key("blog"), "wordpress", wxr.read(io.BytesIO(whole[:end])))
    assert dump() == before


def test_a_failure_while_storing_changes_nothing() -> None:
    before = dump()
    with transfer.stage(sites.by_key("blog")) as staging:
        staging.add([thread(), *(comment(number) for number in range(1, 1_200))])
        calls: list[int] = []

        def fail(done: int) -> None:
            calls.append(done)
            if len(calls) == 2:
                raise RuntimeError("the disk is full")

        with pytest.raises(RuntimeError):
            transfer.store(sites.by_key("blog"), "wordpress", staging, progress=fail)
        assert dump() == before
        assert transfer.store(sites.by_key("blog"), "wordpress", staging).stored.comments_new == 1_199


def test_several_files_are_one_import() -> None:
    with transfer.stage(sites.by_key("blog")) as staging:
        staging.add([thread(), comment(2, 1), comment(1)])
        staging.add([thread(), comment(1), comment(3, 2)])
        staging.add([thread(1, f"{BLOG}/another"), comment(9)])  # the numbers of threads are those of its file
        report = transfer.store(sites.by_key("blog"), "wordpress", staging)
    assert (report.stored.comments_new, report.stored.comments_known, report.stored.orphans) == (4, 1, 0)
    assert tree() == [["1", [["2", [["3", []]]]]]]
    assert tree(f"{BLOG}/another") == [["9", []]]


def test_merging_with_what_is_there(app: Flask) -> None:
    page = Page(app.test_client(), origin=BLOG, url=POST).be_guest("Web")
    root = page.post("from the web").json["comment"]
    page.post("a reply from the web", parent=root["id"])
    take_in(thread(title="Title", open=False), comment(1), comment(2, 1))
    take_in(thread(), comment(1, text="changed there since"), comment(2, 1), comment(3, 1, minute=1), comment(4))
    row = db.session.scalars(select(Thread)).one()
    assert (row.comment_count, row.version, row.title, row.open) == (6, 4, "Title", True)
    assert tree() == [["1", [["2", []], ["3", []]]], ["4", []]]
    assert kept("1").raw == "comment 1"
    web = db.session.scalars(select(Comment).where(Comment.public_id == root["id"])).one()
    assert (web.reply_count, web.child_count, web.last_reply_no) == (1, 1, 1)


def test_what_readers_did_since_is_left_alone() -> None:
    take_in(thread(), comment(1), comment(2, 1))
    row = kept("2")
    from widget.services import branches, transaction

    transaction.write(lambda session: branches.take_out(session, session.get_one(Comment, row.id)))
    before = dump()
    take_in(thread(), comment(1), comment(2, 1))
    assert dump() == before


def test_numbers_that_two_blogs_have() -> None:
    take_in(thread(), comment(1), comment(2, 1))
    second = [thread(1, f"{BLOG}/b"), comment(1, minute=50), comment(2, 1, minute=51)]
    assert take_in(*second).stored.comments_new == 2
    assert [[one[0].partition("@")[0] for one in tree(url)] for url in (POST, f"{BLOG}/b")] == [["1"], ["1"]]
    assert len(tree(f"{BLOG}/b")[0][1]) == 1
    before = dump()
    assert take_in(*second).stored.comments_known == 2
    assert take_in(thread(), comment(1), comment(2, 1)).stored.comments_known == 2
    assert dump() == before


def test_a_page_that_moved_is_not_taken_in_again() -> None:
    take_in(thread(), comment(1), comment(2, 1))
    before = dump()
    take_in(thread(1, f"{BLOG}/new-address"), comment(1), comment(2, 1))
    assert dump() == before


def test_other_sites_and_other_sources_are_other_comments() -> None:
    take_in(thread(), comment(1))
    take_in(thread(), comment(1), source="disqus")
    take_in(thread(1, "https://other.example/post"), comment(1), site="other")
    assert db.session.scalars(select(Thread.comment_count).order_by(Thread.id)).all() == [2, 1]
    assert len(db.session.scalars(select(User)).all()) == 3


@pytest.mark.parametrize(
    ("url", "moves", "found"),
    [
        ("http://blog.example/a", [], f"{BLOG}/a"),
        ("https://blog.example:443/a/../b", [], f"{BLOG}/b"),
        ("https://www.blog.example/a", [], None),
        ("https://www.blog.example/a", ["www.blog.example=blog.example"], f"{BLOG}/a"),
        ("http://www.blog.example/?p=1", ["www.blog.example=https://blog.example"], f"{BLOG}/?p=1"),
        ("http://old.example/blog/a?b=c", ["http://old.example/blog/=blog.example"], f"{BLOG}/a?b=c"),
        ("http://old.example/blogger", ["old.example/blog=blog.example"], None),
        ("http://old.example/a", ["old.example=blog.example/archive/"], f"{BLOG}/archive/a"),
        ("http://localhost:8881/a", ["localhost:8881=blog.example"], f"{BLOG}/a"),
        ("http://blog.example.evil.example/a", [], None),
        ("http://evil.example/blog.example", ["blog.example=blog.example"], None),
        ("http://other.example/a", [], None),
        ("javascript:alert(1)", [], None),
        ("", [], None),
    ],
)
def test_which_page_it_is(url: str, moves: list[str], found: str | None) -> None:
    report = take_in(thread(url=url), comment(1), comment(2, 1), moves=moves)
    assert report.unmatched == ({} if found else {url or "(no address)": 2})
    assert db.session.scalars(select(Thread.url)).all() == ([found] if found else [])
    assert len(db.session.scalars(select(User)).all()) == (1 if found else 0)


@pytest.mark.parametrize("move", ["blog.example", "=blog.example", "a.example=", "a b=blog.example", "x=javascript:y"])
def test_moves_that_are_none(move: str) -> None:
    with pytest.raises(Problem, match=r"config\.invalid"):
        take_in(moves=[move])


def test_what_cannot_be_kept_is_counted() -> None:
    report = take_in(
        thread(),
        comment(1, text="x" * 200_001),
        comment(2, thread="nowhere"),
        comment(3, foreign_id="3" * 500),
        comment(4, text="nul \x00 and half a pair \ud800", author=AuthorRecord("\ud800", "\x00\ud800")),
        comment(5, 4, text=""),
    )
    assert sum(report.left_out.values()) == 3
    assert report.stored.comments_new == 2
    assert kept("4").raw == "nul  and half a pair ?"


def test_a_conversation_in_any_order() -> None:
    take_in(thread(), comment(3, 2, minute=1), comment(4, 3), comment(2, 1, minute=9), comment(1, minute=20))
    assert tree() == [["1", [["2", [["3", [["4", []]]]]]]]]
    assert [kept(name).reply_no for name in "1234"] == [0, 1, 2, 3]


def test_parents_that_cannot_be() -> None:
    report = take_in(thread(), comment(1, 1), comment(2, 3), comment(3, 2), comment(4, 99))
    assert report.stored.orphans == 3
    assert tree() == [["1", []], ["2", [["3", []]]], ["4", []]]


def test_a_parent_on_another_page_is_none() -> None:
    report = take_in(thread(), comment(1), thread(2, f"{BLOG}/b"), comment(2, 1, thread="2"))
    assert report.stored.orphans == 1
    assert kept("2").parent_id is None


def test_more_than_one_batch() -> None:
    count = 1_700
    report = take_in(thread(), *(comment(number, number // 2 or None) for number in range(1, count + 1)))
    assert (report.stored.comments_new, report.stored.people_new) == (count, 1)
    root = kept("1")
    assert (root.reply_count, root.last_reply_no) == (count - 1, count - 1)
    assert db.session.get_one(Thread, root.thread_id).comment_count == count


def test_readers_and_other_pages_go_on_meanwhile(app: Flask) -> None:
    take_in(thread(), comment(1))
    reader = Page(app.test_client(), origin=BLOG, url=POST)
    writer = Page(app.test_client(), origin=BLOG, url=f"{BLOG}/elsewhere").be_guest("Web")
    counts: list[int] = []

    def meanwhile(_done: int) -> None:
        with ThreadPoolExecutor(1) as elsewhere:
            counts.append(elsewhere.submit(lambda: len(reader.comments())).result(10))
            if db.engine.dialect.name == "postgresql":  # SQLite has one writer at a time
                elsewhere.submit(writer.posted).result(10)

    with transfer.stage(sites.by_key("blog")) as staging:
        staging.add([thread(), *(comment(number) for number in range(2, 1_100))])
        transfer.store(sites.by_key("blog"), "wordpress", staging, progress=meanwhile)
    assert counts == [1, 1, 1]
    assert reader.read().json["thread"]["count"] == 1_099


@pytest.mark.skipif(not SHARED.is_dir(), reason="the samples of other projects are not here")
def test_the_export_that_isso_tests_with() -> None:
    report = take_file(SHARED / "wordpress-wxr.xml", moves=["example.tld=blog.example"])
    assert (report.stored.comments_new, report.stored.threads_new, report.stored.orphans) == (8, 2, 0)
    assert tree(f"{BLOG}/2014/test/") == [
        ["2", []],
        ["6", [["7", [["8", []], ["9", []]]]]],
        ["10", []],
        ["11", []],
    ]
    before = dump()
    assert take_file(SHARED / "wordpress-wxr.xml", moves=["example.tld=blog.example"]).stored.comments_known == 8
    assert dump() == before
