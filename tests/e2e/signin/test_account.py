"""The account page in a real browser: on a phone, in both languages, and in the hands of a hostile site."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect
from sqlalchemy import delete

from tests.e2e.pictures import picture
from tests.e2e.signin.house import House
from tests.e2e.signin.signer import ADA, PAGES, Signer, be
from tests.support.browser import PHONE, Visitor
from widget.models import Identity
from widget.web import account

Visit = Callable[..., Visitor]
CHIARA = "Chiara Damiani"
EMBED = "address => { document.body.append(Object.assign(document.createElement('iframe'), {src: address})) }"
FORM = """address => {
  const form = Object.assign(document.createElement("form"), {method: "post", action: address});
  document.body.append(form);
  form.submit();
}"""


@pytest.fixture(autouse=True)
def _alone(house: House) -> None:
    """Chiara's account at the second provider is nobody's."""
    house.change(delete(Identity).where(Identity.provider == "oidc2", Identity.subject == "chiara"))


def enter(page: Page, server: str, person: str = ADA, *, lang: str = "en") -> None:
    """Open the account page and sign in with the first provider."""
    page.goto(f"{server}/account?lang={lang}")
    page.get_by_role("button", name="Demo ID").click()
    be(page, person)
    page.wait_for_url(f"{server}/account?lang={lang}")


def test_on_a_phone(house: House, visit: Visit) -> None:
    """Account page on a phone: sign in, link a second account, see both; pictures."""
    page = visit(**PHONE).page()
    page.goto(f"{house.server}/account?lang=en")
    picture(page, "account-signin")
    enter(page, house.server)
    expect(page.get_by_role("heading", name=PAGES["account.title"])).to_be_visible()
    expect(page.get_by_role("list", name=PAGES["account.accounts"])).to_contain_text(ADA)
    assert page.evaluate("document.documentElement.scrollWidth") <= 375
    assert not page.evaluate("[...document.querySelectorAll('time')].some((one) => one.textContent.includes('UTC'))")
    picture(page, "account-one")
    page.get_by_role("link", name=PAGES["account.link.title"]).click()
    picture(page, "account-choose")
    page.get_by_role("button", name="Cutting ID").click()
    be(page, CHIARA)
    expect(page.get_by_role("heading")).to_have_text(f"Link {CHIARA} (Cutting ID) to your account")
    picture(page, "account-confirm")
    page.get_by_role("button", name=f"Link {CHIARA}").click()
    expect(page.get_by_role("list", name=PAGES["account.accounts"])).to_contain_text(CHIARA)
    picture(page, "account-two")
    small = [one for one in page.get_by_role("button").all() if (one.bounding_box() or {"height": 0})["height"] < 44]
    assert small == []
    page.get_by_role("link", name=f"Unlink {CHIARA}").click()
    picture(page, "account-unlink")
    page.get_by_role("button", name=PAGES["account.unlink"]).click()
    expect(page.get_by_role("list", name=PAGES["account.accounts"])).not_to_contain_text(CHIARA)
    page.get_by_role("button", name=PAGES["account.everywhere"]).click()
    expect(page.get_by_role("button", name="Demo ID")).to_be_visible()
    assert not [one for one in page.context.cookies() if one["name"] in {"__Host-cw_me", "__Host-cw_known"}]


def test_sessions_end_on_the_page(house: House, visit: Visit) -> None:
    """Account page: a session ended there is over on the page of the site."""
    visitor = visit()
    reader = Signer(visitor.page(), visitor).here(house.page("/owned/"))
    reader.sign_in_at(reader.begin())
    page = visitor.page()
    enter(page, house.server, lang="it")
    expect(page.get_by_role("list", name="Dove hai effettuato")).to_contain_text("The Blog")
    picture(page, "account-italian-desktop")
    page.get_by_role("button", name="Esci da tutto").click()
    expect(page.get_by_role("button", name="Accedi con Demo ID")).to_be_visible()
    visitor.foreseen.append("401")
    reader.write("Too late")
    reader.button("write.send").click()
    expect(reader.form.get_by_role("group", name=reader.words["sign.who"])).to_be_visible()


def test_dark(house: House, visit: Visit) -> None:
    """Account page in the dark; a picture."""
    page = visit(**PHONE, color_scheme="dark").page()
    enter(page, house.server)
    picture(page, "account-dark")


def test_an_account_of_somebody_else_is_refused(house: House, visit: Visit) -> None:
    """Account page: an account that belongs to somebody else here is not linked."""
    visitor = visit()
    visitor.foreseen.append("409")
    page = visitor.page()
    enter(page, house.server)
    page.get_by_role("link", name=PAGES["account.link.title"]).click()
    page.get_by_role("button", name="Cutting ID").click()
    be(page, ADA)
    expect(page.get_by_role("heading")).to_have_text(PAGES["error.signin.identity_taken.title"])
    picture(page, "account-taken")
    page.get_by_role("link", name=PAGES["account.back"]).click()
    expect(page.get_by_role("heading", name=PAGES["account.title"])).to_be_visible()


# -- a hostile site


def _framed(house: House, visit: Visit, server: str) -> str:
    """What a frame of evil.test shows of the account page of somebody who is signed in there."""
    visitor = visit(third_party_cookies=True)
    visitor.foreseen += ["frame-ancestors", "X-Frame-Options", "chrome-error", "Refused to display"]
    page = visitor.page()
    enter(page, server)
    page.goto(house.page("/frames/", host=house.evil, bare=True))
    with page.expect_event("framenavigated", lambda frame: frame != page.main_frame):
        page.evaluate(EMBED, f"{server}/account?lang=en")
    page.wait_for_load_state("networkidle")
    return page.locator("iframe").content_frame.locator("body").inner_text()


def test_no_page_frames_it(house: House, visit: Visit) -> None:
    """Account page: no other page can frame it."""
    assert PAGES["account.title"] not in _framed(house, visit, house.server)


def test_control_of_frames(house: House, visit: Visit) -> None:
    """Control: without the two headers it is shown, although without its cookie, which is SameSite=Lax."""
    house.weak.without = frozenset(
        {"content-security-policy", "x-frame-options", "cross-origin-opener-policy", "cross-origin-resource-policy"}
    )
    assert PAGES["account.title"] in _framed(house, visit, house.weak.url)


def _forged(house: House, visit: Visit, server: str) -> bool:
    """Whether a form of evil.test logs the person out of the account page."""
    visitor = visit(third_party_cookies=True)
    visitor.foreseen.append("403")
    page = visitor.page()
    enter(page, server)
    page.goto(house.page("/forms/", host=house.evil, bare=True))
    with page.expect_navigation():
        page.evaluate(FORM, f"{server}/account/leave")
    page.goto(f"{server}/account?lang=en")
    return page.get_by_role("button", name="Demo ID").is_visible()


def test_no_page_sends_its_forms(house: House, visit: Visit) -> None:
    """Account page: no other page can send its forms."""
    assert not _forged(house, visit, house.server)


def test_control_of_forms(house: House, visit: Visit, monkeypatch: pytest.MonkeyPatch) -> None:
    """Control: were forms not asked where they come from, it would."""
    monkeypatch.setattr(account, "_require_own_form", lambda _secret: account._owner())
    assert _forged(house, visit, house.weak.url)


# -- Telegram's answer where the operator forgot to register the address


def test_telegrams_older_answer(house: House, visit: Visit) -> None:
    """The older answer of Telegram, in the fragment: the window names the address to register."""
    visitor = visit()
    visitor.foreseen.append("403")
    page = visitor.page()
    address = f"{house.server}/auth/callback/telegram"
    page.goto(f"{address}#tgAuthResult=eyJpZCI6MX0")
    expect(page.get_by_role("heading")).to_have_text(PAGES["error.telegram.title"])
    expect(page.get_by_role("main")).to_contain_text(address)
    assert page.url == address
    picture(page, "telegram")
    page.goto(f"{address}?state=x")
    expect(page.get_by_role("heading")).to_have_text(PAGES["error.signin.expired.title"])
