"""`widget site role` and `widget site roles` as an operator meets them."""

import sys
from collections.abc import Callable

import pytest
from flask import Flask

from tests.support.api import Page, add_site
from widget.__main__ import main

Run = Callable[..., str]


@pytest.fixture
def blog(app: Flask) -> Page:
    """A page of the site `blog`."""
    add_site(app)
    return Page(app.test_client())


@pytest.fixture
def widget(blog: Page, database_url: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Run:
    """Run `widget site …`; what it prints, or what it says in the end."""
    monkeypatch.setenv("WIDGET_DATABASE_URL", database_url)

    def run(*arguments: str) -> str:
        monkeypatch.setattr(sys, "argv", ["widget", "site", *arguments])
        with pytest.raises(SystemExit) as ended:
            main()
        output = capsys.readouterr()
        assert bool(ended.value.code) == bool(output.err), output
        return output.out or output.err

    return run


def test_a_role_by_each_way_to_name_somebody(blog: Page, widget: Run) -> None:
    ada = Page(blog.client).be_person("Ada", "ada-subject")
    author = ada.posted()["author"]
    for who in (author["id"], "oidc:ada-subject", "Ada"):
        assert widget("role", "blog", who) == f"{who} on blog: none\n"
        assert widget("role", "blog", who, "moderator") == f"{who} on blog: moderator\n"
        assert blog.comments()[0]["author"]["role"] == "moderator"
        assert widget("role", "blog", who, "owner") == f"{who} on blog: owner\n"
        assert widget("roles", "blog").split() == ["owner", author["id"], "Ada", "(oidc:Ada)"]
        assert widget("role", "blog", who, "none") == f"{who} on blog: none\n"
        assert widget("roles", "blog") == ""


def test_owners_stand_before_moderators(blog: Page, widget: Run) -> None:
    for name, role in (("Cleo", "moderator"), ("Ada", "owner"), ("Bruno", "moderator")):
        Page(blog.client).be_person(name)
        widget("role", "blog", name, role)
    assert [line.split()[0::2][:2] for line in widget("roles", "blog").splitlines()] == [
        ["owner", "Ada"],
        ["moderator", "Cleo"],
        ["moderator", "Bruno"],
    ]


def test_whoever_is_not_one_person_is_nobody(blog: Page, widget: Run) -> None:
    guest = Page(blog.client).be_guest("Gus").posted()["author"]["id"]
    for who in ("Nobody", "Gus", guest, "oidc:nobody", "0" * 20):
        said = widget("role", "blog", who, "owner")
        assert ("user.unknown" in said, who in said) == (True, True)
    Page(blog.client).be_person("Ada", "one")
    Page(blog.client).be_person("Ada", "two")
    said = widget("role", "blog", "Ada", "owner")
    assert "user.ambiguous" in said
    assert widget("role", "blog", "oidc:two", "owner") == "oidc:two on blog: owner\n"
    assert "site.unknown" in widget("role", "none", "Ada", "owner")
    assert "site.unknown" in widget("roles", "none")
    assert "'king' is not one of" in widget("role", "blog", "Ada", "king")
