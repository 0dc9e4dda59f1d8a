"""What a browser says about a page by itself: what moved without being asked to, what held it up."""

from playwright.sync_api import Page

SCRIPT = """
window.watched = { shifts: [], moved: [], long: [] };
new PerformanceObserver((list) => {
  for (const one of list.getEntries()) {
    if (one.hadRecentInput) continue;
    watched.shifts.push(one.value);
    const places = ({ node, previousRect, currentRect }) =>
      [node?.className || node?.nodeName, JSON.stringify(previousRect), JSON.stringify(currentRect)].join();
    watched.moved.push(...one.sources.map(places));
  }
}).observe({ type: "layout-shift", buffered: true });
new PerformanceObserver((list) => {
  for (const one of list.getEntries()) watched.long.push({ at: one.startTime, takes: one.duration });
}).observe({ type: "longtask", buffered: true });
"""


def watch(page: Page) -> Page:
    """Look on from the beginning of what the page loads next."""
    page.add_init_script(SCRIPT)
    return page


def shifts(page: Page) -> float:
    """The sum of what moved by itself (https://web.dev/articles/cls)."""
    return float(page.evaluate("watched.shifts.reduce((all, one) => all + one, 0)"))


def long_tasks(page: Page) -> list[dict[str, float]]:
    """When the page could not answer for more than 50 ms, and for how long."""
    found: list[dict[str, float]] = page.evaluate("watched.long")
    return found
