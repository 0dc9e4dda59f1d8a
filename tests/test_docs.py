"""The docs cannot lie: what is made from the code is what the code gives, and what there is is written down."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

from widget import config
from widget.core import errors
from widget.providers.base import Provider
from widget.providers.rows import all_rows
from widget.providers.settings import settings_of

ROOT = Path(__file__).resolve().parent.parent
LINK = re.compile(r"\]\(([^)#:\s]+)(?:#[^)]*)?\)")


def test_the_made_pages_are_what_the_code_gives() -> None:
    done = subprocess.run(
        [sys.executable, "tools/docs.py", "--check"], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize("row", config.SETTINGS, ids=lambda row: row.name)
def test_settings_explain_themselves(row: config.Setting) -> None:
    assert row.help.endswith(".")
    assert isinstance(row.default, row.type)


@pytest.mark.parametrize("row", all_rows(), ids=lambda row: row.id)
def test_every_provider_has_its_page(row: Provider) -> None:
    name = "oidc" if row.id.startswith("oidc") else row.id
    page = (ROOT / f"docs/providers/{name}.md").read_text(encoding="utf-8")
    assert f"]({name}.md)" in (ROOT / "docs/providers/index.md").read_text(encoding="utf-8")
    assert f"/auth/callback/{name}`" in page
    assert len(row.guide.steps) >= 2
    assert row.guide.gives
    assert row.asks or row.id.startswith("oidc") or row.guide.console.startswith("https://")
    assert any("{callback}" in step for step in row.guide.steps)
    assert not re.search(r"\{(callback|document)", page)
    if row.id == name:
        assert [one.name for one in settings_of(row) if f"`WIDGET_{one.name}`" not in page] == []


def test_links_between_the_pages_lead_somewhere() -> None:
    lost = [
        f"{page.relative_to(ROOT)}: {link}"
        for page in (ROOT / "docs").rglob("*.md")
        for link in LINK.findall(page.read_text(encoding="utf-8"))
        if not (page.parent / link).exists()
    ]
    assert lost == []


def test_every_code_that_the_package_raises_is_a_row() -> None:
    raised = {
        found
        for path in (ROOT / "widget").rglob("*.py")
        for found in re.findall(r"Problem\(\s*\"([a-z_.]+)\"", path.read_text(encoding="utf-8"))
    }
    assert raised <= errors.ROWS.keys()


def test_every_code_is_raised_somewhere() -> None:
    package = "\n".join(
        path.read_text(encoding="utf-8") for path in (ROOT / "widget").rglob("*.py") if path.name != "errors.py"
    ) + (ROOT / "widget/web/errors.py").read_text(encoding="utf-8")
    assert [code for code in errors.ROWS if f'"{code}"' not in package] == []


def test_every_code_is_asked_for_by_a_test() -> None:
    tests = "\n".join(path.read_text(encoding="utf-8") for path in (ROOT / "tests").rglob("*.py"))
    assert [code for code in errors.ROWS if f'"{code}"' not in tests] == []
