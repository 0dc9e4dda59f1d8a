"""The commands that README.md tells people are the commands that are checked."""

import re
import subprocess

from tests.support.processes import ROOT

README = (ROOT / "README.md").read_text(encoding="utf-8")
TESTS = (
    "python3 -m venv .venv && .venv/bin/pip install -q -c constraints.txt -e '.[test]'"
    " && npm ci && .venv/bin/python -m pytest"
)
DEMO = "python3 -m venv .venv && .venv/bin/pip install -q -c constraints.txt -e '.[demo]' && .venv/bin/widget demo"


def test_the_two_commands_stand_on_lines_of_their_own() -> None:
    lines = README.splitlines()
    assert lines.count(DEMO) == 1
    assert lines.count(TESTS) == 1


def test_ci_runs_the_test_command_of_the_readme() -> None:
    script = (ROOT / ".ci/run").read_text(encoding="utf-8")
    (taken,) = re.findall(r"^command=\$\((.+)\)$", script, re.MULTILINE)
    found = subprocess.run(["bash", "-c", taken], cwd=ROOT, capture_output=True, text=True, check=True).stdout
    assert found.splitlines() == [TESTS]
    assert 'eval "$command"' in script


def test_links_in_the_words_lead_somewhere() -> None:
    for page in ("README.md", "CONTRIBUTING.md", "docs/index.md"):
        text = (ROOT / page).read_text(encoding="utf-8")
        for target in re.findall(r"\]\(([^)#:]+)\)", text):
            assert ((ROOT / page).parent / target).exists(), f"{page} links to {target}"


def test_the_index_knows_every_page() -> None:
    index = (ROOT / "docs/index.md").read_text(encoding="utf-8")
    pages = {page.name for page in (ROOT / "docs").glob("*.md")} - {"index.md"}
    assert {page for page in pages if f"({page})" not in index} == set()
