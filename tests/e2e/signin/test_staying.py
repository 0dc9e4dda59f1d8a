"""What comes after a sign-in: staying, leaving, being somebody else, and other sites on the same server."""

from collections.abc import Callable

from playwright.sync_api import expect

from tests.e2e.signin import byhand
from tests.e2e.signin.house import House
from tests.e2e.signin.signer import ADA, BRUNO, PAGES, Signer, be
from tests.support.browser import shut

Sit = Callable[..., Signer]


def test_reload(house: House, sit: Sit) -> None:
    """Reload stays signed in, and so does a new tab."""
    signer = sit().here(house.page("/reload/"))
    signer.sign_in_at(signer.begin())
    signer.page.reload()
    signer.arrived().speaks_as(ADA)
    signer.keeps_text()
    tab = Signer(signer.browser.page())
    tab.open(signer.page.url).speaks_as(ADA)
    tab.posts("Said in a tab that came later.")


def test_second_site(house: House, sit: Sit) -> None:
    """Second site on the same server stays signed out; one click, without the provider, and it is not."""
    first = sit().here(house.page("/first/"))
    first.sign_in_at(first.begin())
    second = Signer(first.browser.page()).here(house.page("/second/", host=house.other, site="other"))
    second.silent()
    assert second.held() == []
    house.provider.calls.clear()
    exchanges = house.exchanges()
    window = second.begin()
    expect(window.get_by_role("heading")).to_have_text(PAGES["consent.title"].format(site="The Other"))
    expect(second.button("sign.logout")).to_have_count(0)
    with window.expect_event("close"):
        window.get_by_role("button", name=PAGES["consent.yes"].format(name=ADA)).click()
    second.speaks_as(ADA)
    second.keeps_text()
    assert (house.provider.calls, house.exchanges()) == ([], exchanges)
    assert first.held()[0]["token"] != second.held()[0]["token"]
    second.posts("Said on the other site.")


def test_second_site_as_somebody_else(house: House, sit: Sit) -> None:
    """Second site, not as the same person: «Use another account» leads to the provider, «Cancel» nowhere."""
    first = sit().here(house.page("/first-again/"))
    first.sign_in_at(first.begin())
    first.foresee("/auth/consent")
    second = Signer(first.browser.page()).here(house.page("/second-again/", host=house.other, site="other"))
    window = second.begin()
    window.get_by_role("button", name=PAGES["consent.no"]).click()
    expect(second.form).to_contain_text(second.words["error.signin.denied"])
    shut(window)
    first.page.bring_to_front()
    window = second.begin()
    be(window, BRUNO)  # after a «no» this browser is known to nobody any more
    window.get_by_role("button", name=PAGES["consent.other"]).click()
    be(window, ADA)
    with window.expect_event("close"):
        window.get_by_role("button", name=PAGES["consent.yes"].format(name=ADA)).click()
    second.speaks_as(ADA)
    second.keeps_text()


def test_log_out(house: House, sit: Sit) -> None:
    """Log out: the other tab follows, and the session is over on the server too."""
    signer = sit().here(house.page("/log-out/"))
    signer.sign_in_at(signer.begin())
    token = signer.held()[0]["token"]
    tab = Signer(signer.browser.page())
    tab.open(signer.page.url).speaks_as(ADA)
    with signer.page.expect_response(lambda answer: answer.request.method == "DELETE") as left:
        signer.button("sign.logout").click()
    assert left.value.status == 204
    signer.silent()
    signer.keeps_text()
    tab.writing().click()
    tab.silent()
    assert signer.held() == []
    signer.page.reload()
    signer.arrived().silent()
    signer.foresee("/api/v1/session")
    status, answer = byhand.ask(signer.page, f"{house.server}/api/v1/session", Authorization=f"Bearer {token}")
    assert (status, answer["error"]["code"]) == (401, "session.invalid")


def test_change_of_identity(house: House, sit: Sit) -> None:
    """Change of identity keeps the draft, and the way back needs no provider."""
    signer = sit().here(house.page("/change/"))
    signer.sign_in_at(signer.begin())
    signer.button("sign.change").click()
    signer.sign_in_at(signer.begin(), BRUNO)
    signer.keeps_text()
    house.provider.calls.clear()
    signer.button("sign.change").click()
    signer.form.get_by_role("button", name=ADA).click()
    signer.speaks_as(ADA)
    signer.keeps_text()
    assert house.provider.calls == []
    assert {one["user"]["name"] for one in signer.held()} == {ADA, BRUNO}
    said = signer.send("Kept all the while.")
    expect(said).to_contain_text(ADA)
