"""Pictures of every step for people to look at, in test-results/: wide, on a phone, in the dark; none overflows."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.pictures import picture
from tests.e2e.signin import byhand
from tests.e2e.signin.house import House
from tests.e2e.signin.signer import ADA, PAGES, Signer, be
from tests.support.browser import DESKTOP, PHONE, Visitor

LOOKS = {"desktop": DESKTOP, "phone": PHONE, "dark": {**PHONE, "color_scheme": "dark"}}
WINDOW = {"width": 520, "height": 680}


@pytest.mark.parametrize("look", LOOKS)
def test_looks(house: House, visit: Callable[..., Visitor], look: str) -> None:
    """Tray, connecting line, consent, done, refused and finished, {}: pictures, and nothing overflows."""
    visitor = visit(**LOOKS[look])
    visitor.foreseen += ["/auth/consent", "does not match the recipient window's origin"]

    def keep(page: Page, step: str) -> None:
        if look == "desktop" and page is not signer.page:
            page.set_viewport_size(WINDOW)
        picture(page, f"signin-{step}-{look}")
        assert page.evaluate("document.scrollingElement.scrollWidth <= innerWidth"), step

    signer = Signer(visitor.page(), visitor).here(house.page("/looks/", host=house.other, site="other"))
    if look == "dark":
        signer.page.add_style_tag(content="body { background: #16181c; color: #e8e8ea }")
    keep(signer.page, "tray")
    window = signer.begin("Cutting ID")
    window.get_by_role("button", name=ADA).wait_for()
    keep(signer.page, "connecting")
    be(window)
    expect(window.get_by_role("button", name=PAGES["consent.no"])).to_be_visible()
    keep(window, "consent")
    window.get_by_role("button", name=PAGES["consent.yes"].format(name=ADA)).click()
    expect(Signer(window).button("sign.close")).to_be_visible()
    keep(window, "finished")
    signer.speaks_as(ADA)
    keep(signer.page, "line")
    signer.button("sign.change").click()
    keep(signer.page, "change")

    byhand_page = visitor.page()
    byhand_page.goto(house.page("/bare/", host=house.other, bare=True))
    done = byhand.open_window(byhand_page, house.server + byhand.errand(byhand_page, "other").start())
    be(done)
    done.get_by_role("button", name=PAGES["consent.yes"].format(name=ADA)).click()
    expect(done.get_by_role("heading")).to_have_text(PAGES["done.title"])
    keep(done, "done")
    refused = visitor.page()
    refused.goto(f"{house.server}/auth/consent?h=none")
    keep(refused, "refused")
