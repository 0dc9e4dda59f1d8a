"""The order of the comments, and the pages in which they come."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Locator, expect

from tests.e2e.pictures import picture
from tests.e2e.thread.watching import shifts, watch
from tests.support.browser import DESKTOP, PHONE, Visitor
from tests.support.crowd import Old, Voice, bring, roots
from tests.support.hosts import article
from tests.support.live import Live
from tests.support.reader import Reader

Visit = Callable[..., Visitor]
SIZES = pytest.mark.parametrize("size", [DESKTOP, PHONE], ids=["desktop", "phone"])


def _order(reader: Reader) -> Locator:
    return reader.widget.get_by_role("combobox", name=reader.words["list.sort"])


def _first(reader: Reader) -> Locator:
    return reader.widget.get_by_role("article").first


def _ids(reader: Reader) -> list[str]:
    found: list[str] = reader.widget.locator(".list > li").evaluate_all("(all) => all.map((one) => one.dataset.id)")
    return found


@SIZES
def test_another_order_is_remembered_and_nothing_moves_for_it(
    live: Live, visit: Visit, size: dict[str, object]
) -> None:
    path = f"/order/{size['viewport']['width']}/"  # type: ignore[index]
    url, other = (live.host_page(path + name, article("Bread")) for name in ("one/", "two/"))
    for page in (url, other):
        bring(live, page, [*roots(5), Old("Talked about", under=1), Old("Very much", under=1)])
    visitor = visit(**size)
    reader = Reader(watch(visitor.page())).open(url)
    expect(_order(reader)).to_have_value("oldest")
    expect(_first(reader)).to_contain_text("Comment 1.")
    assert shifts(reader.page) == 0, "\n".join(reader.page.evaluate("watched.moved"))

    _order(reader).focus()
    _order(reader).select_option(label=reader.words["list.sort.newest"])
    expect(_first(reader)).to_contain_text("Comment 5.")
    _order(reader).select_option(label=reader.words["list.sort.replies"])
    expect(_first(reader)).to_contain_text("Comment 2.")
    expect(_order(reader)).to_be_focused()
    picture(reader.page, f"sorted-{size['viewport']['width']}")  # type: ignore[index]

    again = Reader(watch(visitor.page())).open(other)
    expect(_first(again)).to_contain_text("Comment 2.")
    expect(_order(again)).to_have_value("replies")
    assert shifts(again.page) == 0
    expect(_first(Reader(visit(**size).page()).open(other))).to_contain_text("Comment 1.")


def test_one_comment_alone_has_no_order(live: Live, visit: Visit) -> None:
    url = live.host_page("/alone/", article("Bread"))
    bring(live, url, roots(1))
    reader = Reader(visit().page()).open(url)
    reader.widget.locator("select").wait_for(state="attached")
    expect(_order(reader)).to_have_count(0)


@pytest.mark.parametrize("order", ["oldest", "newest", "best", "replies"])
def test_nothing_twice_and_nothing_missed_while_others_write(live: Live, visit: Visit, order: str) -> None:
    url = live.host_page(f"/pages/{order}/", article("Bread").replace("data-site", f'data-sort="{order}" data-site'))
    bring(live, url, roots(120))
    before = set()
    voice = Voice(live, url)
    after = ""
    while after is not None:
        page = voice.read(**({"after": after} if after else {}))
        before |= {one["id"] for one in page["comments"]}
        after = page["next"]
    assert len(before) == 120
    reader = Reader(visit().page()).open(url)
    more = reader.button("list.more")
    for turn in range(2):
        expect(reader.widget.locator(".list > li")).to_have_count(50 * (turn + 1))
        voice.say(f"Meanwhile {turn}")
        more.click()
    expect(more).to_have_count(0)
    # What was written at the end of the list came with its page; what stands before its beginning waits for a press.
    shown = _ids(reader)
    assert len(shown) == len(set(shown))
    assert set(shown) >= before
