"""`widget import` as an operator meets it: what it prints, how it ends, what it leaves."""

import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import func, select

from tests.support.api import add_site
from tests.support.processes import ROOT
from widget.__main__ import main
from widget.extensions import db
from widget.models import Comment

SAMPLES = ROOT / "tests" / "formats" / "samples"
NEW, OLD = SAMPLES / "wordpress-1.2.xml", SAMPLES / "wordpress-1.1.xml"


@pytest.fixture(autouse=True)
def blog(app: Flask) -> None:
    """The site that takes the comments in."""
    add_site(app, "blog", ("https://blog.example",))


def count(app: Flask) -> int:
    """Comments in the database."""
    with app.app_context():
        return db.session.scalar(select(func.count()).select_from(Comment)) or 0


@dataclass
class Done:
    """How a command ended."""

    status: int
    out: str
    err: str


@pytest.fixture
def widget(
    database_url: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Callable[..., Done]:
    """Run `widget import` with these arguments in this process."""
    monkeypatch.setenv("WIDGET_DATABASE_URL", database_url)

    def run(*arguments: object) -> Done:
        monkeypatch.setattr(sys, "argv", ["widget", "import", *map(str, arguments)])
        with pytest.raises(SystemExit) as ended:
            main()
        output = capsys.readouterr()
        return Done(int(ended.value.code or 0), output.out, output.err)

    return run


def words(text: str) -> list[str]:
    """Lines with single spaces."""
    return [" ".join(line.split()) for line in text.splitlines() if line.strip()]


def test_import(app: Flask, widget: Callable[..., Done]) -> None:
    done = widget("--site", "blog", NEW, OLD, "--map", "www.blog.example=blog.example")
    assert done.status == 0, done.err
    assert words(done.out) == [
        "Imported: wordpress-1.2.xml, wordpress-1.1.xml into blog",
        "comments 17 new (of 18 in the export: 14 published, 1 spam, 1 pending, 2 deleted)",
        "1 here already, left as they are",
        "threads 6 new",
        "people 13 new",
        "orphans 1 replies whose parent is not there, now at the top of their thread",
        "raised 1 replies to pending or spam comments, now under the comment above",
        "times 5 comments without a usable time, given that of what stands nearby",
        "left out 1 comments of the type note, which are not for readers",
        "not here 1 comments on 1 pages outside of blog",
        "Pages that are on none of the site's origins; their comments were left out:",
        "1 http://staging.example/a",
        "If they are pages of this site under an older name, run it again with --map OLD=NEW (hosts).",
    ]
    assert count(app) == 17
    again = widget("--site", "blog", NEW)
    assert words(again.out)[1:] == [
        "comments 0 new (of 15 in the export: 11 published, 1 spam, 1 pending, 2 deleted)",
        "15 here already, left as they are",
        "threads 0 new",
        "people 0 new",
        "times 3 comments without a usable time, given that of what stands nearby",
        "left out 1 comments of the type note, which are not for readers",
    ]
    assert count(app) == 17


def test_dry_run_in_a_process_of_its_own(app: Flask, database_url: str) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "widget", "import", "--site", "blog", str(NEW), "--dry-run"],
        cwd=ROOT,
        env={"WIDGET_DATABASE_URL": database_url, "PATH": "/usr/bin:/bin", "LANG": "C.UTF-8"},
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=True,
    )
    assert words(done.stdout)[0] == "Dry run, nothing was changed: wordpress-1.2.xml into blog"
    assert words(done.stdout)[1].startswith("comments 14 new")
    assert count(app) == 0


def test_what_goes_wrong_is_one_line(app: Flask, widget: Callable[..., Done], tmp_path: Path) -> None:
    cut, other, missing = tmp_path / "cut.xml", tmp_path / "other.txt", tmp_path / "missing.xml"
    cut.write_bytes(NEW.read_bytes()[:9_000])
    other.write_text("hello", encoding="utf-8")
    for arguments, status, said in [
        (["--site", "blog", NEW, cut], 1, f"{cut}: it is cut off or damaged at line"),
        (["--site", "blog", other], 1, f"{other}: it is in none of the known formats"),
        (["--site", "blog", "--format", "wxr", other], 1, f"{other}: it is cut off or damaged"),
        (["--site", "nope", NEW], 1, "No site has this key"),
        (["--site", "blog", NEW, "--map", "nothing"], 1, "write OLD=NEW"),
        (["--site", "blog", missing], 2, "does not exist"),
        (["--site", "blog"], 2, "Missing argument"),
        ([NEW], 2, "Missing option"),
    ]:
        done = widget(*arguments)
        assert done.status == status, done.err
        assert said in done.err
        assert "Traceback" not in done.err
        assert not done.out
        if status == 1:
            assert done.err.splitlines()[-1].startswith("widget: ")
    assert count(app) == 0
