"""Every way through a sign-in, with all third-party cookies blocked."""

from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from tests.e2e.signin.house import House
from tests.e2e.signin.signer import ADA, Signer, be
from tests.support.browser import DESKTOP, PHONE

Sit = Callable[..., Signer]
COOP = {"Cross-Origin-Opener-Policy": "same-origin"}
COEP = {**COOP, "Cross-Origin-Embedder-Policy": "require-corp"}
NO_POPUPS = {"Content-Security-Policy": "sandbox allow-scripts allow-same-origin allow-forms allow-modals"}


@pytest.mark.parametrize("size", [DESKTOP, PHONE], ids=["desktop", "phone"])
def test_popup(house: House, sit: Sit, size: dict[str, object]) -> None:
    """Popup."""
    signer = sit(**size).here(house.page("/popup/"))
    signer.sign_in_at(signer.begin())
    signer.keeps_text()
    signer.posts(f"Said through a window, {size['viewport']}.")


@pytest.mark.parametrize("size", [DESKTOP, PHONE], ids=["desktop", "phone"])
def test_provider_that_cuts_the_opener(house: House, sit: Sit, size: dict[str, object]) -> None:
    """Provider with COOP same-origin: the page opens in the window, and both are signed in."""
    signer = sit(**size).here(house.page("/cut/"))
    window = signer.begin("Cutting ID")
    be(window)
    signer.speaks_as(ADA)
    signer.keeps_text()
    expect(window.locator("comment-widget")).to_contain_text(signer.words["sign.close_words"].format(name=ADA))
    assert window.url == signer.page.url
    with window.expect_event("close"):
        Signer(window).button("sign.close").click()
    signer.posts("Said after the window was cut off.")
