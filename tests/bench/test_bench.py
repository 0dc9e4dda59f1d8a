"""The bench measures what it says: its databases are as writers leave them, its checks refuse, its page is whole."""

import re
import xml.etree.ElementTree as ET
from dataclasses import replace
from pathlib import Path

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from bench import curves, fill, plan, plots, tables
from bench.__main__ import PARTS, measure, pictures
from bench.bars import bars
from bench.load import Sample, burst, crowd, get
from bench.plan import Plan
from bench.rounds import Book, Figure
from bench.servers import GZIP, ours, threads
from bench.tables import Found
from tests.support.api import Page
from widget.core import placement
from widget.core.placement import NEW, Item, Place
from widget.extensions import db
from widget.models import Comment, Thread

SVG = "{http://www.w3.org/2000/svg}"


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> Plan:
    return plan.quick(tmp_path_factory.mktemp("bench"))


@pytest.fixture(scope="module")
def found(small: Plan) -> Found:
    """Everything that needs no other program, measured once; how it grows is measured apart, because it takes long."""
    return measure(small, tuple(part for part in PARTS if part != "growth"))


@pytest.fixture(scope="module")
def grown(small: Plan) -> Found:
    """How it grows."""
    return measure(small, ("growth",))


def test_filled_threads_are_as_the_writers_keep_them(tmp_path: Path) -> None:
    with (
        fill.database_of(fill.Filling((10, 130, 250), sites=2), tmp_path, tmp_path) as path,
        fill.application(path) as app,
    ):
        assert [thread.comment_count for thread in db.session.scalars(select(Thread))] == [10, 130, 250] * 2
        for thread in db.session.scalars(select(Thread)).all():
            rows = db.session.scalars(select(Comment).where(Comment.thread_id == thread.id)).all()
            kept = {row.id: Place(*(getattr(row, name) for name in Place.__dataclass_fields__)) for row in rows}
            new = [
                Item(row.id, row.created_at, row.state, Place(parent_id=row.parent_id, reply_no=NEW)) for row in rows
            ]
            assert dict(placement.place(new).places) == kept
            assert sorted(row.changed for row in rows) == list(range(1, thread.version + 1))
        page = Page(FlaskClient(app), url=fill.page(130))
        assert page.read().json["thread"]["count"] == 130
        assert [len(page.comments(limit=size)) for size in (10, 50)] == [10, 50]


def test_a_filled_file_is_made_once(tmp_path: Path) -> None:
    filling = fill.Filling((10,))
    with fill.database_of(filling, tmp_path, tmp_path) as first:
        made = (tmp_path / filling.name).stat()
    with fill.database_of(filling, tmp_path, tmp_path) as second:
        assert (tmp_path / filling.name).stat().st_mtime_ns == made.st_mtime_ns
    assert first != second
    assert [path.name for path in tmp_path.glob("*.db*")] == [filling.name]


def test_answers_of_another_kind_end_a_burst_or_are_counted(small: Plan, tmp_path: Path) -> None:
    with (
        fill.database_of(fill.Filling((10,)), small.cache, tmp_path) as path,
        ours(small, tmp_path, path) as server,
    ):
        with pytest.raises(RuntimeError, match="404"):
            burst(small, server, "/api/v1/threads?site=nobody&url=https://blog.test/", GZIP)
        whole = server.exchange(get(threads(10), GZIP).text, 200).body
        right = get(threads(10), GZIP, length=whole)
        short = get(threads(10), GZIP, kind="short", length=whole - 1)
        missing = get("/api/v1/nothing", kind="missing")
        answered = crowd(small, server, [right, short, missing], [[0], [1], [2]])
    assert answered["read"].answers > 0
    assert not answered["read"].refused
    assert list(answered["short"].refused) == [f"{whole} bytes"]
    assert list(answered["missing"].refused) == ["404"]
    assert answered["short"].answers == answered["missing"].answers == 0


def test_every_row_has_a_rate_and_costs_something(small: Plan, found: Found) -> None:
    names = [*found.reading.samples, *found.writing.samples]
    for part in (
        *("ours, thread of 10", "ours, 304", "ours, counts of 30 addresses", "without ready answers"),
        *("SQLite, one insert a commit", "ours, posts of 1 writer", "ours, posts of 4 writers", "ours, likes of 4"),
        *("mix of 4: reads", "mix of 4: posts", "readers alone, as fast as they can", "the same, while 4 write"),
    ):
        assert part in names
    for name in names:
        [sample] = {**found.reading.samples, **found.writing.samples}[name]
        assert not sample.refused, name
        assert sample.rate > 0 or name.startswith("mix of"), name


def test_every_bar_is_measured_where_its_rows_are(small: Plan, found: Found) -> None:
    book = Book(found.reading.samples | found.writing.samples)
    facts = {fact.name: fact for fact in found.facts}
    open_ = [bar.name for bar in bars(small) if bar.verdict(bar.read(book, facts)) == "not measured"]
    assert all("nginx" in name or "Isso" in name for name in open_), open_
    assert len(open_) == 5


def test_a_profile_is_all_of_the_time(found: Found) -> None:
    post, page = found.profiles
    for profile in (post, page):
        assert sum(profile.shares.values()) == pytest.approx(1)
        assert {"our own code", "SQLAlchemy", "Flask and Werkzeug"} < set(profile.shares)
    assert post.statements > page.statements > 1


def test_a_bar_is_kept_or_not() -> None:
    least, *_ = [bar for bar in bars(plan.Plan()) if not bar.at_most]
    most, *_ = [bar for bar in bars(plan.Plan()) if bar.at_most]
    below, above = Figure(0.01, 0.01, 0.01), Figure(1e6, 1e6, 1e6)
    assert [least.verdict(below), least.verdict(above)] == ["**no**", "yes"]
    assert [most.verdict(below), most.verdict(above)] == ["yes", "**no**"]


def test_ratios_are_of_one_round() -> None:
    book = Book({"a": [Sample(10), Sample(100)], "b": [Sample(1), Sample(10)]})
    assert book.ratio("a", "b") == Figure(10, 10, 10)


def test_pictures_say_what_they_show(small: Plan, grown: Found) -> None:
    made = pictures(small, grown)
    assert sorted(made) == [f"bench-{curve.key}.svg" for curve in sorted(curves.curves(small), key=lambda one: one.key)]
    for picture in made.values():
        root = ET.fromstring(picture)  # noqa: S314 - our own
        assert root.get("role") == "img"
        assert root.find(f"{SVG}title") is not None
        assert root.find(f"{SVG}desc") is not None
        assert "prefers-color-scheme: dark" in picture


def test_a_plot_stays_on_its_paper() -> None:
    points = [(10, Figure(20, 18, 25)), (1_000_000, Figure(4_000, 1_000, 9_999))]
    close = [(10, Figure(21, 18, 25)), (1_000_000, Figure(4_010, 1_000, 9_999))]
    root = ET.fromstring(plots.plot("A & B", "x", "y", [plots.Series("a", points), plots.Series("b", close)]))  # noqa: S314
    heights = [float(one.get("y", "0")) for one in root.iter(f"{SVG}text") if one.get("class") in {"s0", "s1"}]
    assert abs(heights[0] - heights[1]) >= 18
    for one in root.iter(f"{SVG}circle"):
        assert plots.LEFT <= float(one.get("cx", "0")) <= plots.WIDTH - plots.RIGHT
        assert plots.TOP <= float(one.get("cy", "0")) <= plots.HEIGHT - plots.BOTTOM


def test_the_page_has_every_part(small: Plan, found: Found, grown: Found) -> None:
    text = tables.document(small, replace(found, growing=grown.growing), {"Python": "3"})
    for title in ("Bars", "Reading", "Writing", "Start, memory, bytes", "As it grows", "Measure it yourself"):
        assert f"\n## {title}\n" in text
    for line in text.splitlines():
        assert not re.search(r"\bnan\b|None|<lambda", line), line
    for block in re.findall(r"(?:^\|.*\n)+", text, re.MULTILINE):
        widths = {line.count("|") for line in block.splitlines()}
        assert len(widths) == 1, block
