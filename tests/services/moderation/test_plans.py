"""What the queue asks, at 100,000 comments: by an index, without reading or sorting all of them, on both engines."""

import re
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import event, text

from tests.services.moderation.conftest import Staff
from tests.support.api import Page
from widget.extensions import db
from widget.services import transaction
from widget.services.moderation import queue

MANY = 100_000
_COPY = """
    INSERT INTO comment (public_id, thread_id, site_id, user_id, state, visible, raw, html, tree, renderer, created_at,
        reply_no, depth, reply_count, child_count, last_reply_no, changed, appeared, reactions, best, flag_count, kind,
        markup, judged, shadow)
    SELECT {name}, c.thread_id, c.site_id, c.user_id, {state}, c.visible, c.raw, c.html, c.tree, c.renderer,
        c.created_at + n.n, 0, 0, 0, 0, 0, 0, 0, '{{}}', 0, CASE WHEN n.n % 50 = 0 THEN 1 ELSE 0 END, 'comment',
        'markdown', '[]', c.shadow
    FROM comment c, {numbers} n
"""
_STATE = "CASE n.n % 4 WHEN 0 THEN 'pending' WHEN 1 THEN 'published' WHEN 2 THEN 'spam' ELSE 'deleted' END"
_NUMBERS = {
    "sqlite": f"(WITH RECURSIVE k(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM k WHERE n < {MANY}) SELECT n FROM k)",  # noqa: S608
    "postgresql": f"(SELECT generate_series(1, {MANY}) AS n)",
}
_NAME = {"sqlite": "printf('q%019d', n.n)", "postgresql": "'q' || lpad(n.n::text, 19, '0')"}


@pytest.fixture
def engine(app: Flask, ann: Page, staff: Staff) -> str:
    """The name of the engine, of a site that has very many comments."""
    ann.posted("One of many")
    with app.app_context():
        name = db.engine.dialect.name
        copy = _COPY.format(name=_NAME[name], state=_STATE, numbers=_NUMBERS[name])
        transaction.write(lambda session: session.execute(text(copy)))
        transaction.write(lambda session: session.execute(text("ANALYZE")))
    return name


def asked(app: Flask, work: Any) -> list[list[str]]:
    """The plans of all that `work` asks of the table of comments."""
    made: list[tuple[str, Any]] = []

    def heard(_connection: Any, _cursor: Any, statement: str, parameters: Any, *_: Any) -> None:
        made.append((statement, parameters))

    with app.app_context():
        db.session.rollback()
        event.listen(db.engine, "before_cursor_execute", heard)
        try:
            work()
        finally:
            event.remove(db.engine, "before_cursor_execute", heard)
        db.session.rollback()
        explain = "EXPLAIN QUERY PLAN " if db.engine.dialect.name == "sqlite" else "EXPLAIN "
        plans = []
        with db.engine.connect() as connection:
            for statement, parameters in made:
                if re.search(r"\bcomment\b", statement):
                    rows = connection.exec_driver_sql(explain + statement, parameters).all()
                    plans.append([str(row[-1]) for row in rows])
    return plans


def wrong(plans: list[list[str]]) -> list[str]:
    """Steps that read a whole table of comments, or sort more than a handful of rows."""
    found = []
    for plan in plans:
        for above, step in zip(["", *plan], plan, strict=False):
            if re.search(r"SCAN comment(?! USING (COVERING )?INDEX)|USE TEMP B-TREE FOR ORDER BY", step):
                found.append(step)
            # One that stops at so many rows, whichever they are, reads no more of the table than an index would.
            if re.search(r"Seq Scan on comment", step) and not re.match(r" *(-> +)?Limit\b", above):
                found.append(step)
            if (sort := re.search(r"\bSort\b.*rows=(\d+)", step)) and int(sort[1]) > 5 * queue.MOST_REMEMBERED:
                found.append(step)
    return found


def test_no_view_of_the_queue_reads_or_sorts_all_of_it(app: Flask, engine: str) -> None:
    with app.app_context():
        site_ids = [1, 2]
    plans: list[list[str]] = []
    for view in queue.VIEWS:
        for sites in (site_ids, site_ids[:1]):
            plans += asked(app, lambda view=view, sites=sites: queue.read(sites, view))
    with app.app_context():
        after = queue.read(site_ids, "all").next
    assert after
    plans += asked(app, lambda: queue.read(site_ids, "all", after=after))
    plans += asked(app, lambda: queue.counts(site_ids))
    assert len(plans) > 20
    assert wrong(plans) == []
    # The control: what does read and sort all of it is seen.
    control = asked(app, lambda: db.session.execute(text("SELECT raw FROM comment ORDER BY raw")).all())
    assert wrong(control), control
