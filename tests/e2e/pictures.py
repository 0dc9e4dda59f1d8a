"""Pictures of what a page shows, for people to look at: in test-results/, which git ignores."""

from pathlib import Path

from playwright.sync_api import Page

from tests.support.processes import ROOT

RESULTS = ROOT / "test-results"
IMAGES = ROOT / "docs/images"


def picture(page: Page, name: str) -> Path:
    """Save the whole page."""
    path = RESULTS / f"{name}.png"
    page.screenshot(path=path, full_page=True)
    return path
