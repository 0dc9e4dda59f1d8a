"""The ready looks: served, in the wheel, and made only of properties and parts that the embed has and the docs name."""

import re
from pathlib import Path

import pytest
from flask.testing import FlaskClient

from tests.support.processes import ROOT

THEMES = sorted((ROOT / "static/themes").glob("*.css"))
SOURCES = "".join(
    path.read_text(encoding="utf-8") for path in (ROOT / "static/src").rglob("*.[jc]s*") if path.suffix != ".json"
)
DOCS = (ROOT / "docs/embed.md").read_text(encoding="utf-8")


def test_there_are_four() -> None:
    assert [path.stem for path in THEMES] == ["compact", "contrast", "quiet", "wordpress"]


@pytest.mark.parametrize("path", THEMES, ids=lambda path: path.stem)
def test_a_look_is_made_of_what_there_is(path: Path) -> None:
    css = path.read_text(encoding="utf-8")
    for name in set(re.findall(r"--cw-[a-z-]+", css)):
        assert f"var({name}" in SOURCES, name
        assert f"`{name}`" in DOCS, name
    for part in set(re.findall(r"::part\(([a-z-]+)\)", css)):
        assert re.search(rf"part[:=]+ ?\"{part}\"|\"{part}\"", SOURCES), part
        assert f"`{part}`" in DOCS, part
    assert f"| `{path.stem}` |" in DOCS


def test_every_property_of_the_embed_is_documented() -> None:
    names = set(re.findall(r"var\((--cw-[a-z-]+)", SOURCES))
    assert len(names) > 15
    assert {name for name in names if f"`{name}`" not in DOCS} == set()


def test_they_are_served_to_any_page(client: FlaskClient) -> None:
    for path in THEMES:
        answer = client.get(f"/themes/{path.name}")
        assert (answer.status_code, answer.mimetype) == (200, "text/css")
        assert answer.data == path.read_bytes()
        assert answer.headers["Access-Control-Allow-Origin"] == "*"
        assert answer.headers["Cross-Origin-Resource-Policy"] == "cross-origin"
        assert client.get(f"/themes/{path.name}", headers={"If-None-Match": answer.headers["ETag"]}).status_code == 304
    for wrong in ("none.css", "..%2fembed.css", "embed.js", "Quiet.css", "quiet.css.map"):
        assert client.get(f"/themes/{wrong}").status_code == 404
