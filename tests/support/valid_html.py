"""What is wrong with a page's html, as html-validate (the content models of the HTML standard) sees it."""

import json
import subprocess

from tests.support.processes import ROOT


def complaints(*pages: str) -> list[list[str]]:
    """Of each page, line by line; nothing about what is right."""
    done = subprocess.run(
        ["node", "tests/support/html_validate.mjs"],
        cwd=ROOT,
        input=json.dumps(pages),
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, f"html-validate did not run: is `npm ci` done?\n{done.stderr}"
    found: list[list[str]] = json.loads(done.stdout)
    return found
