"""Asks axe-core whether a page keeps to WCAG 2.2 AA, shadow roots included."""

from functools import cache
from typing import Any

from playwright.sync_api import Page

from tests.support.processes import ROOT

# Only what WCAG asks: axe's best practices are about whole pages, of which the embed is a part.
TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]


@cache
def _source() -> str:
    return (ROOT / "node_modules/axe-core/axe.min.js").read_text(encoding="utf-8")


def violations(page: Page, within: str = "comment-widget") -> list[str]:
    """What is against the rules in `within`, one line a node: the rule, how bad, where, and axe's own words."""
    page.evaluate(_source())
    found: dict[str, Any] = page.evaluate(
        "([within, tags]) => axe.run(within, {runOnly: {type: 'tag', values: tags}, resultTypes: ['violations']})",
        [within, TAGS],
    )
    return [
        f"{rule['id']} ({rule['impact']}) {node['target']}: {node['failureSummary']}"
        for rule in found["violations"]
        for node in rule["nodes"]
    ]
