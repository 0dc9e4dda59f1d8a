"""Runs the trials of mail and feeds with pytest's options, keeps what they noted, and writes docs/trials.md from it.

What one run leaves out stays as the last one showed it, so a long trial can be run by itself:
`python tools/trials.py tests/services/outbox --full --kills 200 --db sqlite`.
"""

import json
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))
ROOMS = ("tests/services/mail", "tests/services/outbox", "tests/web/feeds")


class Recorder:
    """Gathers what the tests note, by trial and database. A test that failed has noted nothing."""

    def __init__(self) -> None:
        self.found: dict[str, dict[str, int]] = {}

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """One phase of one test."""
        for name, value in report.user_properties if report.when == "call" and report.passed else ():
            if name != "trial":
                continue
            trial, held, control = value
            where = next((engine for engine in ("postgresql", "sqlite") if engine in report.nodeid), "none")
            row = self.found.setdefault(trial, {})
            row[where] = row.get(where, 0) + held
            if control is not None:
                row["control"] = max(row.get("control", 0), control)


def main(arguments: list[str]) -> int:
    """Run what is named, or all of it; returns pytest's status."""
    from tests.support.trials.page import KEPT, PAGE, page

    named = [one for one in arguments if one.startswith("tests/")]
    recorder = Recorder()
    status = pytest.main(["-q", *([] if named else ROOMS), *arguments], plugins=[recorder])
    kept = json.loads(KEPT.read_text(encoding="utf-8")) if KEPT.exists() else {}
    for trial, row in recorder.found.items():
        known = kept.setdefault(trial, {})
        known |= {name: value for name, value in row.items() if value or name == "control"}
    KEPT.write_text(json.dumps(dict(sorted(kept.items())), indent=1) + "\n", encoding="utf-8")
    PAGE.write_text(page(kept), encoding="utf-8")
    return int(status)


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
