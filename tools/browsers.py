"""Shows every line of the sign-in suite in real browsers and writes docs/browsers.md: what, where, how many, passed.

Usage: python tools/browsers.py [chromium] [firefox]   (both, if none is named; the other's columns stay as they are)
"""

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from pathlib import Path
from xml.etree import ElementTree as ET

import firefox

ROOT = Path(__file__).resolve().parents[1]
PAGE = ROOT / "docs/browsers.md"
KEPT = "<!-- runs: "
SUITE = "tests/e2e/signin"
MAIN = (  # what Firefox shows: the rest is the server's doing, or speaks Chromium's own protocol
    "test_cookies.py::test_cookies_of_other_sites",
    "test_ways.py::test_popup[desktop]",
    "test_ways.py::test_provider_that_cuts_the_opener[desktop]",
    "test_ways.py::test_popups_impossible",
    "test_staying.py::test_reload",
    "test_staying.py::test_log_out",
    "test_conversation.py",
)
HEAD = """# Signing in, shown in browsers

Written by `python tools/browsers.py`; every line is a test of `tests/e2e/signin`. `blog.test`, `comments.test`,
`idp.test`, `evil.test`, … are hosts of their own on one machine, all with TLS; server and provider are real processes.
Cookies of other sites are refused, and a control cookie is seen to be absent. A line that begins with *Control* takes a
protection away and shows that the attack works then. Nothing here was run in WebKit or Safari.

"""


@dataclass(frozen=True)
class Run:
    """One browser's results: `lines` by what they show, True if all of them passed."""

    browser: str
    cookies: str
    lines: dict[str, bool]


def main(wanted: Iterable[str]) -> int:
    """Run what is wanted, write the page; 1 if anything failed."""
    chosen = set(wanted) or {"chromium", "firefox"}
    runs = _kept()
    if "chromium" in chosen:
        runs["chromium"] = _run([SUITE], {}, "third-party cookies blocked")
    if "firefox" in chosen:
        program, libraries = firefox.bring()
        for behaviour, words in {"1": "cookies of other sites refused (1)", "5": "a jar for each site (5)"}.items():
            env = {
                "WIDGET_TEST_FIREFOX": str(program),
                "WIDGET_TEST_FIREFOX_COOKIES": behaviour,
                "LD_LIBRARY_PATH": libraries,
                "NODE_OPTIONS": f"--require {ROOT / 'tools/bidi.cjs'}",
            }
            runs[f"firefox {behaviour}"] = _run([f"{SUITE}/{name}" for name in MAIN], env, words)
    PAGE.write_text(_page(runs), encoding="utf-8")
    return 0 if all(run.lines and all(run.lines.values()) for run in runs.values()) else 1


def _run(tests: list[str], env: dict[str, str], cookies: str) -> Run:
    with tempfile.TemporaryDirectory() as folder:
        report = Path(folder) / "report.xml"
        command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", f"--junitxml={report}", *tests]
        subprocess.run(command, cwd=ROOT, env={**os.environ, **env}, check=False)  # noqa: S603 - our own tests
        suite = ET.parse(report).getroot()  # noqa: S314 - we have just written it
    browser = next(one.get("value", "") for one in suite.iter("property") if one.get("name") == "browser")
    lines: dict[str, bool] = {}
    for case in suite.iter("testcase"):
        words = next((one.get("value", "") for one in case.iter("property") if one.get("name") == "shows"), None)
        if words and case.find("skipped") is None:
            passed = case.find("failure") is None and case.find("error") is None
            lines[words] = lines.get(words, True) and passed
    return Run(browser, cookies, lines)


def _kept() -> dict[str, Run]:
    found = [line for line in PAGE.read_text("utf-8").splitlines() if line.startswith(KEPT)] if PAGE.exists() else []
    if not found:
        return {}
    kept = json.loads(found[0].removeprefix(KEPT).removesuffix(" -->"))
    return {name: Run(**run) for name, run in kept.items()}


def _page(runs: dict[str, Run]) -> str:
    every = list(dict.fromkeys(line for run in runs.values() for line in run.lines))
    text = HEAD + "| browser | cookies | lines | passed |\n|---|---|---|---|\n"
    for run in runs.values():
        text += f"| {run.browser} | {run.cookies} | {len(run.lines)} | {sum(run.lines.values())} |\n"
    text += "\n| what is shown | " + " | ".join(f"{run.browser}, {run.cookies}" for run in runs.values()) + " |\n"
    text += "|---" * (len(runs) + 1) + "|\n"
    marks = {True: "yes", False: "**no**", None: ""}
    for line in every:
        text += f"| {line.rstrip('.')} | " + " | ".join(marks[run.lines.get(line)] for run in runs.values()) + " |\n"
    kept = json.dumps({name: asdict(run) for name, run in runs.items()}, ensure_ascii=False)
    return f"{text}\n{KEPT}{kept} -->\n"


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
