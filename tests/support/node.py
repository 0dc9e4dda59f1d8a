"""Runs the embed's own checks. Without Node or `npm ci` they are skipped, except where CI says that they must run."""

import os
import shutil
import subprocess

import pytest

from tests.support.processes import ROOT


def npm(*arguments: str) -> None:
    """Run npm in the checkout; its output is the failure's message."""
    if not (shutil.which("npm") and (ROOT / "node_modules").is_dir()):
        if os.environ.get("CI"):
            pytest.fail("CI has no node_modules: `npm ci` has not run")
        pytest.skip("needs Node and `npm ci`")
    done = subprocess.run(["npm", "run", "--silent", *arguments], cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, f"npm run {' '.join(arguments)}\n{done.stdout}\n{done.stderr}"
