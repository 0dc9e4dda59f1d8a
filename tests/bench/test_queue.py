"""The measurement of the queue in docs/desk.md, with few comments: every page that it looks at is there."""

from pathlib import Path

from bench import queue


def test_every_page_is_looked_at(tmp_path: Path) -> None:
    found = queue.measure(tmp_path, 400, 3)
    assert [len(one.took) for one in found] == [3] * 6
    said = queue.table(found, 400)
    assert said.count("\n| the view") == 4
    assert "400 comments" in said


def test_the_docs_have_its_place() -> None:
    assert all(queue.DOCS.read_text(encoding="utf-8").count(mark) == 1 for mark in queue.MARKS)
