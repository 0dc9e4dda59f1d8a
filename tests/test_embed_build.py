"""The committed embed is what its sources build, keeps to its weight, and its own tests and checks pass."""

import gzip
import json
import re
import shutil
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
DIST = ROOT / "static/dist"
# Gzipped bytes: up to the first painted comments, what comes behind them by itself, news, one
# conversation on its own, the composer, signing in, tools.
BUDGETS = {
    "embed.js": 8 * 1024,
    "reader.js": 10 * 1024,
    "live.js": 3 * 1024,
    "one.js": 2 * 1024,
    "writer.js": 10 * 1024,
    "signin.js": 6 * 1024,
    "tools.js": 8 * 1024,
    "social.js": 5 * 1024,
    "faces.js": 1536,
    "flag.js": 2 * 1024,
    "history.js": 1024,
    "moderate.js": 2 * 1024,
    "known.js": 3 * 1024,
    "work.js": 1024,
    # Markup of other systems, and /count.js for lists of links.
    "dropin.js": 2 * 1024,
    "count.js": 1536,
}

needs_node = pytest.mark.skipif(
    shutil.which("node") is None or not (ROOT / "node_modules").is_dir(),
    reason="needs Node and `npm ci`; running comment-widget does not, so its built files are committed",
)


def _files(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file()}


def _manifest() -> dict[str, str]:
    found: dict[str, str] = json.loads((DIST / "manifest.json").read_text(encoding="utf-8"))
    return found


@needs_node
def test_committed_files_are_what_the_sources_build(tmp_path: Path) -> None:
    built = subprocess.run(
        ["node", "static/build.mjs", str(tmp_path)], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert built.returncode == 0, built.stdout + built.stderr
    assert "In several bundles: signin/sha256.js, config.js, i18n.js.\n" in built.stdout
    for sum_ in ("before comments are visible", "arrives by itself after", "while the page stays open", "on intent"):
        assert f"\n{sum_}" in built.stdout
    fresh, committed = _files(tmp_path), _files(DIST)
    assert sorted(fresh) == sorted(committed), "run `npm run build`"
    assert [name for name in fresh if fresh[name] != committed[name]] == [], "run `npm run build`"


@pytest.mark.parametrize("name", sorted(BUDGETS))
def test_weight(name: str) -> None:
    size = len(gzip.compress((DIST / _manifest()[name]).read_bytes(), 9, mtime=0))
    assert size <= BUDGETS[name], f"{name} weighs {size} bytes gzipped"


def test_the_guide_has_todays_sizes() -> None:
    guide = (ROOT / "docs/embed.md").read_text(encoding="utf-8")
    table = guide.partition("<!-- sizes: written by npm run build -->")[2].partition("<!-- /sizes -->")[0]
    said = {
        name: (int(today.replace(",", "")), int(bound.replace(",", "")))
        for name, today, bound in re.findall(r"^\| `(\w+\.js)` \| ([\d,]+) \| ([\d,]+) \|", table, re.MULTILINE)
    }
    assert {name: bound for name, (_, bound) in said.items()} == BUDGETS
    for name, (today, _) in said.items():
        size = len(gzip.compress((DIST / _manifest()[name]).read_bytes(), 9, mtime=0))
        # Every zlib packs a little differently.
        assert abs(today - size) < 0.02 * size, f"{name} weighs {size}: run `npm run build`"


def test_the_manifest_names_every_file() -> None:
    assert sorted([*_manifest().values(), "manifest.json"]) == sorted(_files(DIST))


def test_built_languages_carry_the_embeds_words_only() -> None:
    for source in sorted((ROOT / "static/src/locales").glob("*.json")):
        if source.name != "en.json":
            built = json.loads((DIST / _manifest()[source.name]).read_text(encoding="utf-8"))
            assert built == json.loads(source.read_text(encoding="utf-8"))["embed"]


def test_the_lock_names_no_host() -> None:
    lock = json.loads((ROOT / "package-lock.json").read_text(encoding="utf-8"))
    for name, package in lock["packages"].items():
        assert not {"resolved", "funding"} & set(package), name


@needs_node
@pytest.mark.parametrize("script", ["test", "check"])
def test_npm_script(script: str) -> None:
    ran = subprocess.run(["npm", "run", "--silent", script], cwd=ROOT, capture_output=True, text=True, check=False)
    assert ran.returncode == 0, (ran.stdout + ran.stderr)[-8000:]
