"""/admin/figures: the numbers are those of the rows, for each span and site; files that calculate nothing."""

import csv
import io
import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import event

from tests.support.api import Page
from tests.support.desk import Desk, person, refused
from tests.support.oidc import DemoId
from tests.support.people import sign_in
from widget.core import clock, csvs, spans
from widget.extensions import db
from widget.services import figures, sites
from widget.services.figures import Figures

Make = Callable[[], Desk]
MONDAY = datetime(2026, 3, 2, 10, tzinfo=UTC)


@pytest.fixture
def week(app: Flask, demo: DemoId) -> None:
    """A week on two sites, told by hand in `test_the_numbers`."""
    with clock.freeze(MONDAY - timedelta(days=40)):
        Page(app.test_client()).be_guest("Old").posted("long ago")
    with clock.freeze(MONDAY):
        ann = Page(app.test_client()).be_guest("Ann")
        first = ann.posted("one")["id"]
        ann.posted("mine", parent=first)  # no answer: it is her own
        shop = Page(app.test_client(), site="shop", origin="https://shop.test", url="https://shop.test/one")
        shop.be_guest("Eve").posted("elsewhere")
    with clock.freeze(MONDAY + timedelta(minutes=30)):
        bob = Page(app.test_client()).be_guest("Bob")
        bob.posted("an answer", parent=first)
        bob.posted("a later one", parent=first)
    with clock.freeze(MONDAY + timedelta(days=2)):
        ada = sign_in(app, demo, "ada").page
        ada.posted("two")
        ada.react(first)
    with clock.freeze(MONDAY + timedelta(days=8)):
        Page(app.test_client()).be_guest("Carl").posted("next week")


def read(app: Flask, *keys: str, first: str = "2026-03-02", last: str = "2026-03-08", step: str = "day") -> Figures:
    with clock.freeze(MONDAY + timedelta(days=20)), app.app_context():
        span = spans.of(first, last, step)
        found = figures.read([sites.by_key(key).id for key in keys], span)
        db.session.rollback()
    return found


def test_the_numbers(app: Flask, week: None) -> None:
    found = read(app, "blog")
    assert found.comments.numbers == (4, 0, 1, 0, 0, 0, 0)
    assert found.people.numbers == (2, 0, 1, 0, 0, 0, 0)
    assert found.everybody == 3
    assert found.likes.numbers == (0, 0, 1, 0, 0, 0, 0)
    assert found.held.total == 0
    assert found.answer_minutes.numbers == (30.0, None, None, None, None, None, None)
    assert found.answer_median == 30.0
    assert {one.name: one.numbers[:3] for one in found.signins} == {"guest": (2, 0, 0), "oidc": (0, 0, 1)}
    assert [(page.comments, page.url) for page in found.pages] == [(5, found.pages[0].url)]


def test_by_week_and_of_several_sites(app: Flask, week: None) -> None:
    found = read(app, "blog", "shop", last="2026-03-15", step="week")
    assert found.comments.numbers == (6, 1)
    assert found.everybody == 5
    assert read(app, "shop").comments.numbers[0] == 1
    assert [page.comments for page in found.pages] == [6, 1]
    assert read(app).comments.total == 0


def test_spans() -> None:
    with clock.freeze(MONDAY):
        usual = spans.of("", "", "")
        assert (usual.first.isoformat(), usual.last.isoformat(), usual.steps) == ("2026-02-01", "2026-03-02", 30)
        assert spans.of("nonsense", "2999-01-01", "year") == usual
        weeks = spans.of("2026-02-18", "2026-03-01", "week")
        assert [day.isoformat() for day in weeks.labels()] == ["2026-02-16", "2026-02-23"]
        long = spans.of("1900-01-01", "", "day")
        assert long.steps <= spans.MOST_STEPS
        longest = spans.of("1970-01-01", "", "day")
        assert (longest.step, longest.steps) == ("week", spans.MOST_STEPS)
        backwards = spans.of("2026-03-01", "2026-02-01", "day")
        assert backwards.steps == 1
    for span in (usual, weeks):
        assert span.place(span.begins) == 0
        assert span.place(span.ends - timedelta(microseconds=1)) == span.steps - 1


@pytest.mark.parametrize("cell", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", '=HYPERLINK("https://evil.test")'])
def test_no_cell_becomes_a_formula(cell: str) -> None:
    (row,) = list(csv.reader(io.StringIO(csvs.table([], [[cell, 5, None, "plain", 'a "quoted", cell']]))))[1:]
    assert row == [f"'{cell}", "5", "", "plain", 'a "quoted", cell']


def test_the_page_and_its_files(app: Flask, desk: Make, week: None) -> None:
    person(app, "mo", blog="moderator")
    mo = desk().entered("mo")
    query = "from=2026-03-02&to=2026-03-08&step=day"
    page = mo.get(f"/figures?{query}").text
    assert len(re.findall(r'<svg class="plot"', page)) == 5  # nothing was held
    assert len(re.findall("<details>", page)) == 6
    assert "5 in all" in page
    assert "Half of them within 30 minutes" in page
    assert "as a guest: 2" in page
    assert "shop" not in page
    assert " style=" not in page
    refused(mo.get(f"/figures?{query}&site=shop"), "desk.not_yours", 403)
    refused(mo.get(f"/figures/figures.csv?{query}&site=shop"), "desk.not_yours", 403)
    refused(mo.get("/figures/others.csv"), "not_found", 404)
    answer = mo.get(f"/figures/figures.csv?{query}&site=blog")
    assert answer.headers["Content-Type"] == "text/csv; charset=utf-8"
    assert answer.headers["Content-Disposition"] == 'attachment; filename="figures-blog-2026-03-02-2026-03-08.csv"'
    head, *rows = csv.reader(io.StringIO(answer.text.removeprefix("\ufeff")))
    assert head[:6] == ["day", "comments", "people", "likes", "held", "answer_minutes"]
    assert rows[0][:6] == ["2026-03-02", "4", "2", "0", "0", "30.0"]
    assert len(rows) == 7
    pages = mo.get(f"/figures/pages.csv?{query}")
    assert next(iter(csv.reader(io.StringIO(pages.text.removeprefix("\ufeff"))))) == ["page", "title", "comments"]


def test_every_figure_is_bounded_by_an_index(app: Flask, week: None) -> None:
    """On SQLite, whose plans are the same everywhere: no table is read from end to end."""
    asked: list[tuple[str, Any]] = []

    def note(_connection: object, _cursor: object, statement: str, parameters: object, *_: object) -> None:
        asked.append((statement, parameters))

    with app.app_context():
        if db.engine.dialect.name != "sqlite":
            pytest.skip("the plans of PostgreSQL follow what the tables hold")
        event.listen(db.engine, "before_cursor_execute", note)
        figures.read([1, 2], spans.of("2026-03-02", "2026-03-08", "day"))
        event.remove(db.engine, "before_cursor_execute", note)
        queries = [one for one in asked if one[0].startswith("SELECT")]
        connection = db.session.connection()
        plans = [connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {text}", given).all() for text, given in queries]
        # The control: a plan that does read a table says so.
        everything = connection.exec_driver_sql("EXPLAIN QUERY PLAN SELECT raw FROM comment").all()
    assert len(queries) >= 7
    steps = [row[3] for plan in plans for row in plan]
    assert any(" INDEX " in step for step in steps)
    scans = {step for step in steps if re.fullmatch(r"SCAN \w+", step)}
    assert scans <= {"SCAN top"}  # what was counted already
    assert [row[3] for row in everything] == ["SCAN comment"]
