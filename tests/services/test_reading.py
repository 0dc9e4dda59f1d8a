"""A page costs what it shows: each of its queries is answered by a search of an index, none by reading a thread."""

import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
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
def ids(store: stores.Store, tmp_path: Path) -> Iterator[dict[str, str]]:
    """Names of comments in a small thread; the application's context is pushed."""
    with store.fresh(tmp_path) as url:
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
            plans.extend(_plan(cursor.connection.cursor(), statement, parameters))

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
    if db.engine.name == "postgresql":
        assert [plan for plan in plans if "Seq Scan" in plan] == []
    else:
        assert [plan for plan in plans if not plan.startswith("SEARCH")] == []
    if name.startswith("further"):
        column = "reply_no" if window.root else COLUMNS.get(window.sort, "created_at")
        ways = [f"{column}>", f"{column}<", f"({column},id)<", f"ROW({column}, id) ", f"({column} > "]
        searched = [plan for plan in plans if "comment USING INDEX ix_" in plan or "Index Cond" in plan]
        assert any(way in plan for plan in searched for way in ways), plans


def _plan(cursor: Any, statement: str, parameters: Any) -> list[str]:
    """How the engine finds the rows, a table a line; PostgreSQL reads a small table as a whole if it may."""
    if db.engine.name == "sqlite":
        cursor.execute(f"EXPLAIN QUERY PLAN {statement}", parameters)
        return [row[3] for row in cursor.fetchall()]
    cursor.execute("SET LOCAL enable_seqscan = off")
    cursor.execute(f"EXPLAIN {statement}", parameters)
    return [row[0] for row in cursor.fetchall()]


def _asked(app: Flask, url: str) -> int:
    """How many statements it takes to read the first page of a conversation, not counting the site."""
    statements: list[str] = []

    def hear(_connection: Any, _cursor: Any, statement: str, *_: Any) -> None:
        statements.append(statement)

    with app.app_context():
        site = sites.by_key("blog")
        event.listen(db.engine, "before_cursor_execute", hear)
        assert reading.open_page(site, threads.page_of(site, url), Window("oldest", 3)).body()
        event.remove(db.engine, "before_cursor_execute", hear)
        db.session.remove()
    return len(statements)


def test_a_long_conversation_takes_no_more_statements_than_a_short_one(app: Flask) -> None:
    add_site(app)
    ann = Page(app.test_client()).be_guest()
    pages = {}
    for name, number in (("short", 4), ("wide", 40), ("deep", 40)):
        here = replace(ann, url=f"{BLOG}/{name}")
        above = None
        for place in range(number):
            above = here.posted(str(place), above if name == "deep" else None)["id"]
        pages[name] = _asked(app, here.url)
    assert pages["short"] == pages["wide"] == pages["deep"] == 3  # the thread, its roots, their first replies
