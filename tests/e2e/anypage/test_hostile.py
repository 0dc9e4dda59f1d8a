"""On a page that is hostile to everything in it the widget looks and works as on any other."""

from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from tests.e2e.anypage import hostile
from tests.e2e.byapi import post
from tests.e2e.pictures import picture
from tests.support.browser import PHONE, Visitor
from tests.support.hosts import article
from tests.support.live import Live
from tests.support.reader import Reader

Visit = Callable[..., Visitor]
# What is measured of each thing; colours and fonts are the page's own, on purpose.
LOOKS = """(el) => {
  const root = el.shadowRoot;
  const found = {};
  const parts = "h2 textarea [part~=comment] .body [part~=reply] [part~=submit] [part~=time] .kids".split(" ");
  const names = `display visibility opacity position float textTransform letterSpacing wordSpacing textIndent
    textDecorationLine listStyleType boxSizing textShadow transitionDuration cursor`.trim().split(/\\s+/);
  for (const what of parts) {
    const style = getComputedStyle(root.querySelector(what));
    found[what] = Object.fromEntries(names.map((name) => [name, style[name]]));
  }
  return found;
}"""


def journey(reader: Reader) -> None:
    """Read, write as a guest, answer, edit, come back."""
    expect(reader.comment("Said before.")).to_be_visible()
    reader.write('Said in the thick of it: \N{PARTY POPPER}, [brackets], "quotes".')
    reader.as_guest("Ödön")
    said = reader.send("Said in the thick of it")
    expect(said).to_contain_text('\N{PARTY POPPER}, [brackets], "quotes".')
    expect(said.locator("[part~=avatar]")).to_have_text("Ö")
    reader.answer(reader.comment("Said before."), "Marta", "Answered all the same.")
    reader.button("write.edit", said).click()
    said.get_by_role("textbox").fill("Changed in the thick of it.")
    reader.button("write.save", reader.widget).click()
    expect(reader.comment("Changed in the thick of it.")).to_contain_text(reader.words["list.edited"])
    reader.page.reload()
    reader.arrived().speaks_as("Ödön")
    expect(reader.heading()).to_contain_text("3 responses")


@pytest.mark.parametrize("name", hostile.PAGES)
def test_it_works(live: Live, visit: Visit, name: str) -> None:
    path = f"/hostile-page/{name}/"
    post(live, visit, "Said before.", url=live.blog + path)
    reader = Reader(visit().page()).open(live.host_page(path, hostile.page(hostile.PAGES[name])))
    journey(reader)
    if name == "all":
        reader.write("And a draft, with the tray below.")
        picture(reader.page, "hostile")


def test_signing_in_works(live: Live, visit: Visit) -> None:
    path = "/hostile-page/signed/"
    post(live, visit, "Said before.", url=live.blog + path)
    reader = Reader(visit().page()).open(live.host_page(path, hostile.page(hostile.PAGES["all"])))
    reader.write("Under my own name.")
    reader.sign_in("Ada Moretti")
    expect(reader.send("Under my own name.")).to_contain_text("Ada Moretti")


def test_it_looks_as_anywhere(live: Live, visit: Visit) -> None:
    looks = []
    for path, html in (("/hostile-page/looks/", hostile.page("")), ("/kind-page/looks/", article("Kind"))):
        post(live, visit, "Said before.", url=live.blog + path)
        reader = Reader(visit().page()).open(live.host_page(path, html))
        reader.write("Half a thought")
        reader.button("list.reply_to", reader.comment("Said before."), name="Marta").hover()
        reader.page.mouse.move(0, 0)
        looks.append(reader.widget.evaluate(LOOKS))
        for what in ("h2", ".body", "textarea"):
            ink = reader.widget.locator(what).first.evaluate("el => getComputedStyle(el).color")
            assert ink == reader.page.evaluate("getComputedStyle(document.body).color"), what
    assert looks[0] == looks[1]


def test_on_a_phone(live: Live, visit: Visit) -> None:
    path = "/hostile-page/phone/"
    post(live, visit, "Said before.", url=live.blog + path)
    reader = Reader(visit(**PHONE).page()).open(live.host_page(path, hostile.page(hostile.PAGES["all"])))
    reader.write("Small and hostile.")
    picture(reader.page, "hostile-phone")
