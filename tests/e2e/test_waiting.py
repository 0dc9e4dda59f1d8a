"""Nothing typed is lost when the network is cut or the server dies: a comment waits, and is made once."""

from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.support import live as rig
from tests.support import stores, tls
from tests.support.browser import DESKTOP, PHONE, Visitor
from tests.support.hosts import article
from tests.support.live import Live
from tests.support.reader import Reader

Visit = Callable[..., Visitor]


@pytest.mark.parametrize("device", [DESKTOP, PHONE], ids=["desktop", "phone"])
def test_a_cut_network(live: Live, visit: Visit, device: dict[str, object]) -> None:
    visitor = visit(**device)
    visitor.foreseen.append("ERR_INTERNET_DISCONNECTED")
    reader = Reader(visitor.page()).open(live.host_page(f"/cut/{len(device)}/", article("Cable")))
    reader.write("First, while there is a network.")
    reader.as_guest("Ann")
    reader.send("First, while there is a network.")

    reader.write("Said in a tunnel.")
    visitor.context.set_offline(True)
    button = reader.button("write.send")
    button.tap() if device is PHONE else button.click()
    waits = reader.form.get_by_text(reader.words["write.offline"])
    expect(waits).to_be_visible()
    expect(reader.button("write.waits", reader.form)).to_be_visible()
    expect(reader.writing()).to_have_value("Said in a tunnel.")
    expect(reader.comment("Said in a tunnel.")).to_have_count(0)

    visitor.context.set_offline(False)
    expect(reader.comment("Said in a tunnel.")).to_be_visible()
    expect(waits).to_be_hidden()
    expect(reader.writing()).to_have_value("")
    reader.page.reload()
    expect(reader.arrived().comment("Said in a tunnel.")).to_have_count(1)


def test_giving_up_waiting_keeps_the_text(live: Live, visit: Visit) -> None:
    visitor = visit()
    visitor.foreseen.append("ERR_INTERNET_DISCONNECTED")
    reader = Reader(visitor.page()).open(live.host_page("/given-up/", article("Patience")))
    reader.write("First.")
    reader.as_guest("Ann")
    reader.send("First.")
    reader.write("Perhaps not.")
    visitor.context.set_offline(True)
    reader.button("write.send").click()
    reader.button("write.cancel", reader.form).click()
    expect(reader.writing()).to_be_editable()
    expect(reader.writing()).to_be_focused()
    expect(reader.writing()).to_have_value("Perhaps not.")
    visitor.context.set_offline(False)
    reader.writing().fill("This instead.")
    reader.send("This instead.")
    reader.page.reload()
    expect(reader.arrived().comment("Perhaps not.")).to_have_count(0)


def test_a_server_that_dies_and_comes_back(
    tmp_path: Path, sqlite_store: stores.SQLite, certificate: tls.Identity, visit: Visit
) -> None:
    """Two tabs of one reader; the page is loaded anew before the comment has gone out."""
    with sqlite_store.fresh(tmp_path) as database, rig.live(tmp_path, database, certificate) as own:
        url = own.host_page("/dies/", article("Power"))
        visitor = visit()
        visitor.foreseen.append("ERR_CONNECTION_REFUSED")
        reader = Reader(visitor.page()).open(url)
        reader.write("First.")
        reader.as_guest("Ann")
        reader.send("First.")
        reader.write("Said in the dark.")
        own.process.stop()
        reader.button("write.send").click()
        expect(reader.button("write.waits", reader.form)).to_be_visible()
        with rig.running(own.env, tmp_path / "again.log"):
            second = Reader(visitor.page())
            second.page.goto(url)
            reader.page.on("dialog", lambda dialog: dialog.accept())
            reader.page.reload()
            for tab in (reader, second):
                expect(tab.widget.get_by_role("heading", level=2)).not_to_be_empty()
                expect(tab.writing()).to_have_value("")
            page = visit().page()
            with page.expect_response("**/api/v1/site*"):  # before the server ends again
                stranger = Reader(page).open(url)
            expect(stranger.widget.get_by_role("article")).to_have_count(2)
            expect(stranger.comment("Said in the dark.")).to_have_count(1)


def test_the_browser_asks_before_a_comment_that_waits_is_left(live: Live, visit: Visit) -> None:
    visitor = visit()
    visitor.foreseen.append("ERR_INTERNET_DISCONNECTED")
    reader = Reader(visitor.page()).open(live.host_page("/leaving/", article("Doors")))
    reader.write("First.")
    reader.as_guest("Ann")
    reader.send("First.")
    asked: list[str] = []
    reader.page.on("dialog", lambda dialog: (asked.append(dialog.type), dialog.accept()))
    reader.write("Kept with every letter.")
    reader.page.reload()
    expect(reader.arrived().writing()).to_have_value("Kept with every letter.")
    assert asked == []
    reader.writing().click()
    visitor.context.set_offline(True)
    reader.button("write.send").click()
    expect(reader.button("write.waits", reader.form)).to_be_visible()
    reader.page.close(run_before_unload=True)
    reader.page.wait_for_event("close") if not reader.page.is_closed() else None
    assert asked == ["beforeunload"]
