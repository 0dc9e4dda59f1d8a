"""Ruff and mypy are part of the one test command."""

import subprocess
import sys

import pytest

from tests.support.processes import ROOT

COMMANDS = ["ruff check --quiet", "ruff format --check --quiet", "mypy --no-error-summary"]


@pytest.mark.parametrize("command", COMMANDS)
def test_python_style(command: str) -> None:
    done = subprocess.run(
        [sys.executable, "-m", *command.split()], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr
