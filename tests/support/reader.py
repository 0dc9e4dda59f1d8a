"""A person in front of a page with comments: finds things by their roles and visible names, in their language."""

import json
import re
from collections.abc import Callable

from playwright.sync_api import Locator, Page, expect

from tests.support.processes import ROOT

ENGLISH_AND_ITALIAN = ("en", "it")


def words(lang: str) -> dict[str, str]:
    """The embed's words of a language; plural forms are left out."""
    file = ROOT / f"static/src/locales/{lang}.json"
    found = json.loads(file.read_text(encoding="utf-8"))["embed"]
    return {key: value for key, value in found.items() if isinstance(value, str)}


class Reader:
    """What a reader of `page` sees and does in its widget."""

    def __init__(self, page: Page, lang: str = "en") -> None:
        """`lang` is the language in which the widget is expected to speak."""
        self.page, self.words = page, words(lang)
        self.widget = page.locator("comment-widget")
        self.form = self.widget.locator("form").first

    def open(self, url: str) -> "Reader":
        """Go there and wait until the comments are shown."""
        self.page.goto(url)
        return self.arrived()

    def arrived(self) -> "Reader":
        """Wait until the comments are shown and one can type."""
        expect(self.widget.get_by_role("heading", level=2)).not_to_be_empty()
        expect(self.writing()).to_be_editable()
        return self

    def turn_to_box(self) -> "Reader":
        """Put the cursor into the box; the composer comes, with the line or the tray."""
        self.writing().focus()
        expect(self.button("write.send")).to_be_visible()
        return self

    def heading(self) -> Locator:
        """«2 responses to …»."""
        return self.widget.get_by_role("heading", level=2)

    def writing(self, within: Locator | None = None) -> Locator:
        """The field for a new comment, or for an answer within a comment."""
        return (within or self.form).get_by_role("textbox").first

    def comment(self, text: str) -> Locator:
        """The comment (without its replies) that says `text`."""
        return self.widget.get_by_role("article").filter(has_text=text)

    def item(self, text: str) -> Locator:
        """The comment that says `text` and everything under it."""
        return (
            self.widget.get_by_role("listitem").filter(has=self.page.get_by_role("article").filter(has_text=text)).last
        )

    def button(self, key: str, within: Locator | None = None, **values: str) -> Locator:
        """A button by the key of its words."""
        return (within or self.widget).get_by_role("button", name=self.words[key].format(**values), exact=True)

    def write(self, text: str) -> None:
        """Type a comment; the tray with "who are you?" comes with it."""
        self.writing().click()
        self.writing().fill(text)
        expect(self.button("write.send")).to_be_visible()

    def as_guest(self, name: str, *, within: Locator | None = None) -> None:
        """Fill in a guest's name."""
        (within or self.form).get_by_label(self.words["sign.name"], exact=True).fill(name)

    def send(self, text: str) -> Locator:
        """Press the button and wait for the comment to stand in the list."""
        self.button("write.send").click()
        expect(self.comment(text)).to_be_visible()
        expect(self.writing()).to_have_value("")
        return self.comment(text)

    def answer(self, comment: Locator, to: str, text: str) -> Locator:
        """Answer in place, as who one is already."""
        self.button("list.reply_to", comment, name=to).click()
        self.writing(comment).fill(text)
        self.button("write.reply", comment).click()
        expect(self.comment(text)).to_be_visible()
        return self.comment(text)

    def door(self, provider: str = "Demo ID") -> Locator:
        """The button of a provider."""
        return self.button("sign.with", name=provider).first

    def sign_in(self, person: str, *, press: Callable[[Locator], None] = lambda button: button.click()) -> None:
        """Through the window of Demo ID, whose page shows `person` among its people."""
        with self.page.expect_popup() as opened:
            press(self.door())
        window = opened.value
        with window.expect_event("close"):
            press(window.get_by_role("button", name=person))
        self.speaks_as(person)

    def speaks_as(self, name: str) -> None:
        """Turn to the box, and wait for «You are commenting as NAME [via PROVIDER] (Log out / Change)»."""
        self.turn_to_box()
        before, after = self.words["sign.as"].split("{name}")
        line = after.format(logout=self.words["sign.logout"], change=self.words["sign.change"])
        expect(self.form).to_contain_text(re.compile(f"{re.escape(before + name)}.*{re.escape(line)}"))
