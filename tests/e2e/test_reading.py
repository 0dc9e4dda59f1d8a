"""Reading: the conversation of 2011 as the importer brought it, in the page's language, wide and narrow."""

from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from tests.e2e.pictures import picture
from tests.support.browser import DESKTOP, PHONE, Visitor
from tests.support.hosts import article
from tests.support.live import Live
from tests.support.processes import ROOT
from tests.support.reader import Reader

PATHS = {"en": "/en/the-kiln-and-the-page/", "it": "/it/il-forno-e-la-pagina/"}
LANGS = {"en": "en-GB", "it": "it"}
TITLES = {"en": "The kiln and the page", "it": "Il forno e la pagina"}


@pytest.fixture(scope="module")
def blog(live: Live) -> dict[str, str]:
    """The two pages of the old blog on their new home, their conversation imported by our own command."""
    export, here = ROOT / "widget/demo/conversation.xml", live.blog.partition("//")[2]
    live.widget("import", str(export), "--site", "blog", "--map", f"workshop.example={here}")
    return {lang: live.host_page(path, article(TITLES[lang], LANGS[lang])) for lang, path in PATHS.items()}


@pytest.mark.parametrize("size", [DESKTOP, PHONE], ids=["desktop", "phone"])
def test_the_conversation_of_2011(blog: dict[str, str], visit: Callable[..., Visitor], size: dict[str, object]) -> None:
    reader = Reader(visit(**size).page()).open(blog["en"])
    expect(reader.heading()).to_have_text("6 responses to «The kiln and the page»")
    asked = reader.comment("a space for comments on our own site")
    expect(asked).to_contain_text("Marta")
    when = asked.locator("time")
    expect(when).to_have_attribute("datetime", "2011-04-02T20:00:00Z")
    expect(when).to_contain_text("2 April 2011")
    expect(asked.get_by_text("a space for comments on our own site")).to_have_js_property("tagName", "STRONG")
    answered = reader.item("a space for comments on our own site").get_by_role("list").first
    expect(answered.get_by_role("article").first).to_contain_text("Elio")
    expect(answered.get_by_role("article").first).to_contain_text("that is exactly the chair")
    assert reader.page.evaluate("document.scrollingElement.scrollWidth") <= reader.page.viewport_size["width"]
    picture(reader.page, f"reading-{reader.page.viewport_size['width']}")


def test_an_italian_page_is_italian(blog: dict[str, str], visit: Callable[..., Visitor]) -> None:
    reader = Reader(visit(locale="it-IT", timezone_id="Europe/Rome").page(), "it").open(blog["it"])
    expect(reader.heading()).to_have_text("5 risposte a «Il forno e la pagina»")
    asked = reader.comment("uno spazio per i commenti sul nostro sito")
    expect(asked.locator("time")).to_contain_text("2 aprile 2011")
    expect(reader.button("list.reply_to", asked, name="Marta")).to_have_text("Rispondi")
    reader.write("Ci vediamo al forno.")
    reader.sign_in("Chiara Damiani")
    reader.send("Ci vediamo al forno.")
    expect(reader.heading()).to_have_text("6 risposte a «Il forno e la pagina»")
    picture(reader.page, "italian")


def test_an_answer_to_an_imported_comment_stands_under_it(blog: dict[str, str], visit: Callable[..., Visitor]) -> None:
    reader = Reader(visit().page()).open(blog["en"])
    reader.write("Signed in first.")
    reader.sign_in("Bruno Keller")
    reader.send("Signed in first.")
    reader.answer(reader.comment("About that white"), "Tomaso Righi", "My aunt says four times.")
    expect(reader.item("About that white").get_by_role("list").first).to_contain_text("My aunt says four times.")
