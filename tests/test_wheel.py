"""The built wheel is the whole product: the embed, its words, the migrations and the demo are in it and found there."""

import os
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from tests.support.processes import ROOT

USE = """
import os, sys, pathlib, widget
home = pathlib.Path(sys.argv[1]).resolve()
assert pathlib.Path(widget.__file__).resolve().is_relative_to(home), widget.__file__
from widget import create_app, resources
from widget.demo import blog
assert resources.static_dir().resolve().is_relative_to(home)
app = create_app({"DATABASE_URL": f"sqlite:///{home / 'wheel.db'}", "SECRET_KEY": "w" * 40})
from widget.extensions import db
from widget.services import schema
with app.app_context():
    schema.upgrade(db.engine)
answer = app.test_client().get("/embed.js")
assert answer.status_code == 200 and "javascript" in answer.headers["Content-Type"], answer
sys.stdout.buffer.write(answer.data)
assert all(blog.answer(path, {}) for path in blog.PATHS)
"""


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel, built with the hatchling that is installed: nothing is fetched."""
    folder = tmp_path_factory.mktemp("wheel")
    command = [sys.executable, "-m", "pip", "wheel", "-q", "--no-build-isolation", "--no-deps", "-w", str(folder), "."]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    (built,) = folder.glob("*.whl")
    return built


def test_everything_is_in_it(wheel: Path) -> None:
    names = set(zipfile.ZipFile(wheel).namelist())
    here = [path for room in ("widget", "static/dist", "static/src/locales") for path in (ROOT / room).rglob("*")]
    wanted = {
        str(path.relative_to(ROOT)).replace("static/", "widget/static/", 1)
        for path in here
        if path.is_file() and "__pycache__" not in path.parts
    }
    assert "widget/static/dist/embed.js" in wanted
    assert "widget/demo/conversation.xml" in wanted
    assert any(name.startswith("widget/migrations/versions/") for name in wanted)
    assert not wanted - names
    assert not {name for name in names if "node_modules" in name or name.startswith("tests/")}


def test_it_serves_the_embed_without_the_checkout(wheel: Path, tmp_path: Path) -> None:
    home = tmp_path / "site"
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(home)
    env = {**os.environ, "PYTHONPATH": str(home)}
    done = subprocess.run(
        [sys.executable, "-c", USE, str(home)], cwd=tmp_path, env=env, capture_output=True, check=False
    )
    assert done.returncode == 0, done.stderr.decode()
    assert done.stdout == (ROOT / "static/dist/embed.js").read_bytes()
