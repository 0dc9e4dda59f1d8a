"""Writing on a page: as a guest, signed in through Demo ID, in place, again and away."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Locator, expect

from tests.support.browser import PHONE, Visitor
from tests.support.hosts import article, strict_policy
from tests.support.live import Live
from tests.support.reader import Reader

Visit = Callable[..., Visitor]


def test_a_guest_writes_answers_edits_and_comes_back(live: Live, visit: Visit) -> None:
    url = live.host_page("/guest/", article("Bread"))
    reader = Reader(visit().page()).open(url)
    expect(reader.heading()).to_have_text(reader.words["list.heading.none"].format(title="Bread"))

    reader.write("How long does it rest?")
    reader.as_guest("Ann")
    first = reader.send("How long does it rest?")
    expect(reader.heading()).to_have_text("1 response to «Bread»")
    reader.speaks_as("Ann")

    reply = reader.answer(first, "Ann", "A whole night, I found out.")
    expect(reader.heading()).to_have_text("2 responses to «Bread»")
    expect(reader.item("How long does it rest?").get_by_role("list")).to_contain_text("A whole night")

    reader.button("write.edit", reply).click()
    reply.get_by_role("textbox").fill("A night and a day.")
    reader.button("write.save", reader.widget).click()
    changed = reader.comment("A night and a day.")
    expect(changed).to_contain_text(reader.words["list.edited"])

    reader.page.reload()
    reader.arrived().speaks_as("Ann")
    expect(reader.comment("A night and a day.")).to_be_visible()
    stranger = Reader(visit().page()).open(url)
    expect(stranger.comment("A night and a day.")).to_contain_text(stranger.words["list.edited"])
    expect(stranger.button("write.edit")).to_have_count(0)


def _journey(reader: Reader, url: str, press: Callable[[Locator], None] = lambda button: button.click()) -> None:
    """Write, sign in through the window, post, answer, reload, still be there, log out."""
    reader.open(url)
    reader.write("Written before I said who I am.")
    reader.sign_in("Ada Moretti", press=press)
    expect(reader.writing()).to_have_value("Written before I said who I am.")
    said = reader.send("Written before I said who I am.")
    expect(said).to_contain_text("Ada Moretti")
    expect(said).to_contain_text("Demo ID")
    answered = reader.answer(said, "Ada Moretti", "And this is my own answer.")
    expect(answered).to_contain_text("Ada Moretti")

    reader.page.reload()
    reader.arrived().speaks_as("Ada Moretti")
    expect(reader.widget.get_by_role("article")).to_have_count(2)
    expect(reader.button("write.edit", reader.comment("And this is my own answer."))).to_be_visible()

    press(reader.button("sign.logout"))
    expect(reader.form).not_to_contain_text(re.compile("commenting as"))
    reader.page.reload()
    reader.arrived().turn_to_box()
    expect(reader.widget.get_by_role("group", name=reader.words["sign.who"])).to_be_visible()
    expect(reader.form).not_to_contain_text(re.compile("commenting as"))
    expect(reader.button("write.edit")).to_have_count(0)


@pytest.mark.parametrize("cookies", [True, False], ids=["all cookies", "no third-party cookies"])
def test_signing_in_through_the_window(live: Live, visit: Visit, *, cookies: bool) -> None:
    url = live.host_page(f"/signed-in/{cookies}/", article("Salt"))
    _journey(Reader(visit(third_party_cookies=cookies).page()), url)


def test_under_the_strictest_policy_with_trusted_types(live: Live, visit: Visit) -> None:
    url = live.host_page("/strict/", article("Glass"), headers=strict_policy(live.server))
    _journey(Reader(visit().page()), url)


def test_on_a_phone(live: Live, visit: Visit) -> None:
    url = live.host_page("/phone/", article("Rain"))
    reader = Reader(visit(**PHONE).page())
    _journey(reader, url, press=lambda button: button.tap())
    assert reader.page.evaluate("document.scrollingElement.scrollWidth") <= 375


def test_cancelling_at_the_provider_keeps_the_text(live: Live, visit: Visit) -> None:
    visitor = visit()
    visitor.foreseen.append("/auth/callback/oidc?error=access_denied")  # the refusal's page is a 403
    reader = Reader(visitor.page()).open(live.host_page("/cancelled/", article("Wind")))
    reader.write("Still here.")
    with reader.page.expect_popup() as opened:
        reader.door().click()
    opened.value.get_by_role("button", name="Cancel").click()
    expect(reader.form).to_contain_text(reader.words["error.signin.denied"])
    expect(reader.writing()).to_have_value("Still here.")
