"""A page costs what it shows: each of its queries is answered by a search of an index, none by reading a thread."""

import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import event

from tests.support import stores
from tests.support.api import BLOG, Page, add_site
from widget import create_app
from widget.extensions import db
from widget.services import reading, sites, threads
from widget.services.windows import Window

WINDOWS = {
    "first": Window("oldest", 2),
    "newest": Window("newest", 2),
    "further": Window("oldest", 2, after="the first root"),
    "further of the newest": Window("newest", 2, after="the first root"),
    "replies": Window("oldest", 2, root="the first root"),
    "further replies": Window("oldest", 2, root="the first root", after="its first reply"),
    "best": Window("best", 2),
    "further of the best": Window("best", 2, after="0-the first root"),
    "most replied": Window("replies", 2),
    "further of the most replied": Window("replies", 2, after="5-the first root"),
    "around": Window("oldest", 2, at="its first reply"),
    "news": Window("oldest", 2, since=3),
}

COLUMNS = {"best": "best", "replies": "reply_count"}


@pytest.fixture
def ids(sqlite_store: stores.SQLite, tmp_path: Path) -> Iterator[dict[str, str]]:
    """Names of comments in a small thread, in an application on SQLite, whose planner explains itself."""
    with sqlite_store.fresh(tmp_path) as url:
        app = create_app({"DATABASE_URL": url, "SECRET_KEY": "x" * 40})
        add_site(app)
        ann = Page(app.test_client()).be_guest()
        root = ann.posted("root")["id"]
        reply = ann.posted("reply", root)["id"]
        for number in range(4):
            ann.posted(str(number), root)
            ann.posted(str(number))
        with app.app_context():
            Page(app.test_client()).be_person().react_to_page()
            yield {"the first root": root, "its first reply": reply}
            db.session.remove()
            db.engine.dispose()


@pytest.mark.parametrize("name", WINDOWS)
def test_every_query_searches_an_index(ids: dict[str, str], name: str) -> None:
    plans: list[str] = []

    def explain(_connection: Any, cursor: Any, statement: str, parameters: Any, *_: Any) -> None:
        if statement.startswith("SELECT"):
            asked = cursor.connection.cursor()
            asked.execute(f"EXPLAIN QUERY PLAN {statement}", parameters)
            plans.extend(row[3] for row in asked.fetchall())

    wanted = WINDOWS[name]
    rank, name_of_after = re.fullmatch(r"(\d+-)?(.*)", wanted.after or "").groups()  # type: ignore[union-attr]  # it always matches
    window = replace(
        wanted,
        after=(rank or "") + ids[name_of_after] if name_of_after else None,
        root=ids.get(wanted.root or ""),
        at=ids.get(wanted.at or ""),
    )
    site = sites.by_key("blog")
    event.listen(db.engine, "before_cursor_execute", explain)
    assert reading.open_page(site, threads.page_of(site, f"{BLOG}/post"), window).body()
    assert plans
    assert [plan for plan in plans if not plan.startswith("SEARCH")] == []
    if name.startswith("further"):
        column = "reply_no" if window.root else COLUMNS.get(window.sort, "created_at")
        assert any(
            f"{column}>" in plan or f"{column}<" in plan or f"({column},id)<" in plan
            for plan in plans
            if "comment USING INDEX ix_" in plan
        ), plans
