"""Deleting with a way back, and changes made in two tabs at once."""

import time
from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from tests.support.browser import DESKTOP, PHONE, Visitor
from tests.support.hosts import article
from tests.support.live import Live
from tests.support.reader import Reader

Visit = Callable[..., Visitor]


@pytest.mark.parametrize("device", [DESKTOP, PHONE], ids=["desktop", "phone"])
def test_deleting_and_undo(live: Live, visit: Visit, device: dict[str, object]) -> None:
    url = live.host_page(f"/undo/{len(device)}/", article("Undo"))
    reader = Reader(visit(**device).page()).open(url)
    reader.write("Said too fast.")
    reader.as_guest("Ann")
    said = reader.send("Said too fast.")
    expect(said.get_by_role("timer")).to_contain_text("left to change it")
    reader.write("And another.")
    reader.send("And another.")
    for press in ("write.delete", "write.delete", "write.undo"):
        button = reader.button(press, reader.item("Said too fast.") if press != "write.undo" else None)
        button.first.tap() if device is PHONE else button.first.click()
    expect(reader.comment("Said too fast.")).to_be_visible()
    reader.page.reload()
    expect(reader.arrived().comment("Said too fast.")).to_be_visible()
    expect(reader.widget.get_by_role("article").first).to_contain_text("Said too fast.")


def test_two_tabs_change_one_comment(live: Live, visit: Visit) -> None:
    visitor = visit()
    visitor.foreseen.append("409")
    url = live.host_page("/two-tabs/", article("Tabs"))
    one = Reader(visitor.page()).open(url)
    one.write("The first version.")
    one.as_guest("Ann")
    one.send("The first version.")
    two = Reader(visitor.page()).open(url)
    for tab, words in ((one, "From one tab."), (two, "From the other.")):
        tab.button("write.edit").click()
        tab.widget.get_by_label(tab.words["write.edit_label"]).fill(words)
    # Versions are told apart by whole seconds.
    one.page.wait_for_function("from => Math.floor(Date.now() / 1000) > from", arg=int(time.time()))
    one.button("write.save").click()
    expect(one.comment("From one tab.")).to_contain_text(one.words["list.edited"])
    two.button("write.save").click()
    expect(two.widget.get_by_text(two.words["write.changed"])).to_be_visible()
    expect(two.widget.get_by_label(two.words["write.edit_label"])).to_have_value("From the other.")
    expect(two.widget.get_by_text("From one tab.")).to_be_visible()
    two.button("write.save").click()
    expect(two.comment("From the other.")).to_contain_text(two.words["list.edited"])
