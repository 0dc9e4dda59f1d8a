"""`widget user` as an operator meets it."""

import sys
from collections.abc import Callable

import pytest
from flask import Flask

from tests.support.api import Page, add_site, code
from widget.__main__ import main

Run = Callable[..., list[str]]


@pytest.fixture
def ann(app: Flask) -> Page:
    """A guest with a comment."""
    add_site(app)
    page = Page(app.test_client()).be_guest("Ann")
    page.posted("Hello")
    return page


@pytest.fixture
def widget(database_url: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Run:
    """Run `widget user` with these arguments; its lines (of stderr, where it failed)."""
    monkeypatch.setenv("WIDGET_DATABASE_URL", database_url)

    def run(*arguments: str) -> list[str]:
        monkeypatch.setattr(sys, "argv", ["widget", "user", *arguments])
        with pytest.raises(SystemExit) as ended:
            main()
        output = capsys.readouterr()
        return (output.err if ended.value.code else output.out).splitlines()

    return run


def test_the_life_of_a_block(ann: Page, widget: Run) -> None:
    [line] = widget("list")
    id_ = line.split()[0]
    assert line == f"{id_}  Ann  (guest; 1 comment)"
    assert widget("list", "--blocked") == []
    assert widget("list", "nobody") == []
    shown = widget("show", id_)
    assert shown[0] == f"{id_}  Ann"
    assert shown[1].endswith("1 comment, 1 session")
    assert shown[2:] == ["  a guest", "  not blocked"]
    [said] = widget("block", id_, "--days", "3")
    assert said.startswith("Ann is blocked since ")
    assert " until " in said
    assert code(ann.post("Again")) == "session.invalid"
    [said] = widget("block", id_)
    assert " until " not in said
    assert "blocked since" in widget("list", "--blocked")[0]
    assert "0 sessions" in widget("show", id_)[1]
    assert widget("unblock", id_) == ["Ann may sign in again."]
    assert widget("list", "--blocked") == []


@pytest.mark.parametrize("command", ["show", "block", "unblock"])
def test_nobody(ann: Page, widget: Run, command: str) -> None:
    assert widget(command, "nobody") == ["widget: There is no such person. (user.not_found)"]
