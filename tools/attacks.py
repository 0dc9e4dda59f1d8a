"""Runs the attacks of tests/signin/attacks/ and writes docs/attacks.md from what they said."""

import sys
from collections import Counter
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))


class Recorder:
    """Adds up what the tests note: how many tries were refused, and how many worked without their protection."""

    def __init__(self) -> None:
        self.refused: Counter[str] = Counter()
        self.worked: Counter[str] = Counter()

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """One phase of one test; a test that failed has noted nothing."""
        for name, value in report.user_properties if report.when == "call" else ():
            if name == "attack":
                self.refused[value[0]] += value[1]
            elif name == "control":
                self.worked[value[0]] += value[1]


def main() -> int:
    """Run them all; the page is written only if every one passed. Returns pytest's status."""
    from tests.signin.attacks.page import PAGE, page

    recorder = Recorder()
    status = pytest.main(["-q", str(ROOT / "tests/signin/attacks/test_attacks.py")], plugins=[recorder])
    if status == 0:
        PAGE.write_text(page(recorder.refused, recorder.worked), encoding="utf-8")
    return int(status)


if __name__ == "__main__":
    raise SystemExit(main())
