"""What a page looks like on paper, and to whom things that move are a nuisance."""

from collections.abc import Callable
from typing import Literal

import pytest
from playwright.sync_api import expect

from tests.support.browser import Visitor, shut
from tests.support.crowd import bring, roots
from tests.support.hosts import article
from tests.support.live import Live
from tests.support.reader import Reader

Visit = Callable[..., Visitor]
MOVING = """() => document.querySelector('comment-widget').shadowRoot.getAnimations()
  .filter(one => one.playState === 'running').length"""


def test_on_paper_stands_what_was_said(live: Live, visit: Visit) -> None:
    url = live.host_page("/on-paper/", article("Paper"))
    bring(live, url, roots(3, lines=2))
    page = visit().page()
    reader = Reader(page).open(url)
    said = reader.widget.get_by_role("article")
    controls = reader.widget.locator("button:visible, form:visible, select:visible")
    expect(said).to_have_count(3)
    expect(controls).not_to_have_count(0)
    page.emulate_media(media="print")
    expect(controls).to_have_count(0)
    for number in range(3):
        expect(said.nth(number)).to_be_visible()
        assert said.nth(number).evaluate("el => getComputedStyle(el).breakInside") == "avoid"
    expect(reader.heading()).to_be_visible()


@pytest.mark.parametrize("wish", ["reduce", "no-preference"])
def test_nothing_moves_for_who_wants_no_motion(
    live: Live, visit: Visit, wish: Literal["reduce", "no-preference"]
) -> None:
    url = live.host_page(f"/motion/{wish}/", article("Motion"))
    page = visit(reduced_motion=wish).page()
    reader = Reader(page).open(url)
    reader.write("Is it still?")
    with page.expect_popup() as opened:
        reader.door().click()
    expect(reader.form).to_contain_text(reader.words["sign.connecting"].format(name="Demo ID"))
    moving = page.evaluate(MOVING)
    assert (moving > 0) is (wish == "no-preference"), "the control: otherwise something turns"
    shut(opened.value)
