"""Settings: where they come from, and what is said when one is wrong."""

from pathlib import Path

import pytest

from widget import config
from widget.core.errors import Problem

NONE = Path("no such file")


def test_defaults() -> None:
    loaded = config.load(environ={})
    assert loaded == {row.name: row.default for row in config.SETTINGS}


def test_each_source_goes_over_the_one_before(tmp_path: Path) -> None:
    file = tmp_path / "widget.toml"
    file.write_text('port = 1\nworkers = 2\nhost = "h"\n')
    environ = {"WIDGET_CONFIG": str(file), "WIDGET_WORKERS": "3", "WIDGET_HOST": "i"}
    loaded = config.load({"HOST": "j"}, environ=environ)
    assert (loaded["PORT"], loaded["WORKERS"], loaded["HOST"]) == (1, 3, "j")


def test_more_rows_can_be_brought() -> None:
    row = config.Setting(name="DEMO_ON", default=False, type=bool, help="For this test.")
    assert config.load(environ={"WIDGET_DEMO_ON": "yes"}, extra_rows=[row])["DEMO_ON"] is True
    assert config.load(environ={}, extra_rows=[row])["DEMO_ON"] is False


@pytest.mark.parametrize(
    ("environ", "named"),
    [
        ({"WIDGET_PORT": "eighty"}, "WIDGET_PORT"),
        ({"WIDGET_PORT": ""}, "WIDGET_PORT"),
        ({"WIDGET_PORT": "1.5"}, "WIDGET_PORT"),
        ({"WIDGET_PUBLIC_URL": "comments.example"}, "WIDGET_PUBLIC_URL"),
        ({"WIDGET_PUBLIC_URL": "ftp://comments.example"}, "WIDGET_PUBLIC_URL"),
        ({"WIDGET_PUBLIC_URL": "https://comments.example/?x"}, "WIDGET_PUBLIC_URL"),
        ({"WIDGET_PRIVATE_HOSTS": "good.lan https://bad.lan"}, "WIDGET_PRIVATE_HOSTS"),
        ({"WIDGET_HOOK_HOSTS": "good.lan https://bad.lan"}, "WIDGET_HOOK_HOSTS"),
    ],
)
def test_what_is_wrong_is_named(environ: dict[str, str], named: str) -> None:
    with pytest.raises(Problem, match=named) as refused:
        config.load(environ=environ)
    assert refused.value.code == "config.invalid"


@pytest.mark.parametrize(("text", "said"), [("port = ", "not TOML"), ("prot = 1", "prot"), ("port = true", "PORT")])
def test_a_wrong_file_is_refused(tmp_path: Path, text: str, said: str) -> None:
    file = tmp_path / "widget.toml"
    file.write_text(text)
    with pytest.raises(Problem, match=said):
        config.load(environ={}, file=file)


def test_a_file_that_was_named_must_be_there() -> None:
    with pytest.raises(Problem, match="no such file"):
        config.load(environ={}, file=NONE)


def test_public_url_loses_its_last_slash() -> None:
    environ = {"WIDGET_PUBLIC_URL": "https://x.example/comments/"}
    assert config.load(environ=environ)["PUBLIC_URL"] == "https://x.example/comments"
