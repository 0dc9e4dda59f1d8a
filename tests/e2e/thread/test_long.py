"""A thousand comments on one page: it goes on answering while they are built, dressed and laid out."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.thread.watching import long_tasks, moved, shifts, watch
from tests.support.browser import Visitor
from tests.support.crowd import Old, bring
from tests.support.hosts import article
from tests.support.live import Live
from tests.support.reader import Reader

Visit = Callable[..., Visitor]
SAID = "Some words of a usual length, as people write them when they have time. "
# Without a clock nothing is ever too long: all is done in one go.
STOPPED = "performance.now = () => 0;"


@pytest.fixture(scope="module")
def crowded(live: Live) -> str:
    """Fifty comments with twenty answers each: all of one page of the API."""
    url = live.host_page("/crowded/", article("Bread"))
    old = []
    for root in range(50):
        base = len(old)
        old.append(Old(f"Root {root}. {SAID * 4}"))
        old += [Old(f"Answer {at}. {SAID * 2}", under=base + at // 4 * 4) for at in range(20)]
    bring(live, url, old)
    return url


def _arrived(page: Page, comments: int) -> None:
    # Not by roles: looking for those in so much takes the page longer than the page itself.
    page.wait_for_function(
        """(n) => {
          const times = [...document.querySelector("comment-widget").shadowRoot.querySelectorAll("article time")];
          return times.length === n && times.every((one) => one.title);
        }""",
        arg=comments,
    )


def _load(visit: Visit, url: str, comments: int, script: str = "") -> list[float]:
    """How long the page could not answer, each time it could not, until everything is there."""
    visitor = visit()
    page = watch(visitor.page())
    page.add_init_script(script)
    page.goto(url)
    _arrived(page, comments)
    # And what comes by itself behind it.
    page.wait_for_function("performance.getEntriesByType('resource').some((one) => /assets\\/live-/.test(one.name))")
    page.wait_for_function("() => new Promise((done) => requestIdleCallback(() => done(true)))")
    found = [one["takes"] for one in long_tasks(page)]
    page.close()
    return found


def test_a_thousand_comments_hold_up_nothing(crowded: str, visit: Visit) -> None:
    # The machine has others to serve: the best of some goes is the page's own doing, and as slow as the same in one go.
    sliced = min((_load(visit, crowded, 1050) for _ in range(4)), key=_longest)
    at_once = min((_load(visit, crowded, 1050, STOPPED) for _ in range(2)), key=_longest)
    print("tasks of more than 50 ms:", sliced, "and in one go:", at_once)
    assert _longest(at_once) > 100
    assert _longest(sliced) < _longest(at_once) / 2


def _longest(tasks: list[float]) -> float:
    return max(tasks, default=0)


def test_nothing_moves_while_they_come(crowded: str, visit: Visit) -> None:
    page = watch(visit().page())
    page.context.new_cdp_session(page).send("Emulation.setCPUThrottlingRate", {"rate": 8})
    page.goto(crowded)
    _arrived(page, 1050)
    assert shifts(page) < 0.001, moved(page)


def test_what_is_far_away_can_be_reached(crowded: str, visit: Visit) -> None:
    reader = Reader(visit().page()).open(crowded)
    last = reader.comment("Root 49.")
    last.scroll_into_view_if_needed()
    expect(last).to_be_in_viewport()
    reader.item("Root 40.").get_by_role("link").first.focus()
    expect(reader.item("Root 40.").get_by_role("link").first).to_be_in_viewport()
