"""What one does with a conversation besides signing in: shown in every browser that the suite runs in."""

from collections.abc import Callable

from playwright.sync_api import expect

from tests.e2e.signin.house import House
from tests.e2e.signin.signer import ADA, Signer

Sit = Callable[..., Signer]


def test_reading_and_marks(house: House, sit: Sit) -> None:
    """The conversation: a like, who liked, the menu of a comment, a report, another order, answers put away."""
    ann = sit().here(house.page("/marks/"))
    _guest(ann, "Said to be liked.", "Ann")
    ann.answer(ann.comment("Said to be liked."), "Ann", "And answered.")
    _guest(ann, "Said later.", None)
    reader = sit().here(house.page("/marks/"))
    reader.sign_in_at(reader.begin())
    reader.writing().fill("")
    item = reader.widget.get_by_role("listitem").filter(has_text="Said to be liked.").first
    said = item.get_by_role("article").first
    like = said.locator("[part=like]")
    like.click()
    expect(like).to_have_attribute("aria-pressed", "true")
    said.locator("[part=likes]").click()
    dialog = reader.widget.get_by_role("dialog")
    expect(dialog).to_contain_text(ADA)
    reader.page.keyboard.press("Escape")
    expect(dialog).to_have_count(0)
    said.locator("[part=menu]").click()
    menu = reader.widget.get_by_role("menu")
    reader.page.keyboard.press("ArrowDown")
    expect(menu.get_by_role("menuitem", name=reader.words["flag.open"])).to_be_focused()
    reader.page.keyboard.press("Enter")
    expect(dialog.get_by_role("radio")).to_have_count(5)
    dialog.get_by_role("radio", name=reader.words["flag.spam"]).check()
    reader.button("flag.send", dialog).click()
    expect(dialog).to_contain_text(reader.words["flag.done"])
    reader.page.keyboard.press("Escape")
    fold = item.locator("[part=fold]")
    fold.click()
    expect(reader.comment("And answered.")).to_be_hidden()
    fold.click()
    expect(reader.comment("And answered.")).to_be_visible()
    reader.widget.get_by_role("combobox", name=reader.words["list.sort"]).select_option("newest")
    expect(reader.widget.get_by_role("article").first).to_contain_text("Said later.")


def test_news(house: House, sit: Sit) -> None:
    """The conversation: what others write meanwhile is announced, and stands in its place when it is wanted."""
    ann = sit().here(house.page("/told/"))
    _guest(ann, "First.", "Ann")
    reader = sit()
    with reader.page.expect_response(lambda one: "/assets/live-" in one.url):
        reader.here(house.page("/told/"))
    _guest(ann, "Said meanwhile.", None)
    news = reader.widget.get_by_role("button", name="1 new comment", exact=True)
    expect(news).to_be_visible(timeout=30_000)
    expect(reader.comment("Said meanwhile.")).to_have_count(0)
    news.click()
    expect(reader.comment("Said meanwhile.")).to_be_visible()


def _guest(writer: Signer, text: str, name: str | None) -> None:
    writer.write(text)
    if name:
        writer.as_guest(name)
    writer.send(text)
