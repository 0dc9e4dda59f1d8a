"""A reader who signs in, step by step, so that tests can stop between the steps."""

import json
from typing import Any

from playwright.sync_api import Page, expect

from tests.support.browser import Visitor
from tests.support.processes import ROOT
from tests.support.reader import Reader

ADA, BRUNO = "Ada Moretti", "Bruno Keller"
PAGES: dict[str, str] = json.loads((ROOT / "static/src/locales/en.json").read_text("utf-8"))["server"]


class Signer(Reader):
    """A person in front of the widget, who says who they are."""

    def __init__(self, page: Page, visitor: Visitor | None = None) -> None:
        """`visitor` is their browser, if the test needs it."""
        super().__init__(page)
        self.browser = visitor

    def foresee(self, *parts: str) -> "Signer":
        """Complaints of the console that are part of the test."""
        assert self.browser is not None
        self.browser.foreseen.extend(parts)
        return self

    def begin(self, provider: str = "Demo ID") -> Page:
        """Press a provider's button; the window that opens."""
        with self.page.expect_popup() as opened:
            self.door(provider).click()
        return opened.value

    def door(self, provider: str = "Demo ID") -> Any:
        """A provider's button."""
        return self.button("sign.with", name=provider).first

    def sign_in_at(self, window: Page, person: str = ADA) -> None:
        """Say who one is at the provider, in a window that closes by itself then."""
        with window.expect_event("close"):
            be(window, person)
        self.speaks_as(person)

    def silent(self) -> "Signer":
        """Turn to the box, and wait until it is clear that nobody speaks here."""
        self.turn_to_box()
        expect(self.form.get_by_role("group", name=self.words["sign.who"])).to_be_visible()
        expect(self.button("sign.logout")).to_have_count(0)
        return self

    def here(self, url: str) -> "Signer":
        """Go there and begin to write, so that the tray (or the line) stands there."""
        self.open(url)
        self.write("Kept all the while.")
        return self

    def keeps_text(self) -> None:
        """What was typed is still there."""
        expect(self.writing()).to_have_value("Kept all the while.")

    def posts(self, text: str) -> None:
        """Post a comment, as a last proof that the session is one."""
        self.write(text)
        self.send(text)

    def close(self) -> None:
        """Press «Close this window», in a window that came back as a page."""
        button = self.button("sign.close")
        self.page.wait_for_load_state("networkidle")  # a request that is cut off by it would be told to the console
        with self.page.expect_event("close"):
            button.evaluate("button => setTimeout(() => button.click())")  # a press that waits outlives its window

    def held(self) -> list[dict[str, Any]]:
        """The sessions that this page's storage holds, each with its token and user."""
        return held(self.page)


def be(window: Page, person: str = ADA) -> None:
    """Press a person's button on the provider's page."""
    window.get_by_role("button", name=person).click()


def held(page: Page) -> list[dict[str, Any]]:
    """Every session in the storage of the page's origin."""
    kept: list[str] = page.evaluate(
        "() => Object.keys(localStorage).filter((key) => key.startsWith('cw:session')).map((key) => localStorage[key])"
    )
    return [one for value in kept for one in json.loads(value)["held"].values()]
