"""`widget demo` in the browser, as its first visitor meets it; `pytest --screenshots` renews docs/images/ from here."""

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.pictures import IMAGES, RESULTS
from tests.support.browser import PHONE, Visitor
from tests.support.demo import Demo, demo
from tests.support.reader import Reader
from tests.support.waiting import free_port

ASKED = {"en": "a space for comments on our own site", "it": "uno spazio per i commenti sul nostro sito"}
PATHS = {"en": "/en/the-kiln-and-the-page/", "it": "/it/il-forno-e-la-pagina/"}


@pytest.fixture(scope="module")
def shown(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Demo]:
    """One demo for the module."""
    with demo(tmp_path_factory.mktemp("demo"), "--port", str(free_port())) as running:
        yield running


def _keep(page: Page, name: str, request: pytest.FixtureRequest) -> None:
    """Take what the window shows; put it into the documentation when that is asked for."""
    taken = Path(RESULTS / f"{name}.png")
    page.evaluate("document.activeElement?.blur()")
    page.screenshot(path=taken)
    if request.config.getoption("screenshots"):
        shutil.copyfile(taken, IMAGES / taken.name)


def test_an_answer_under_the_conversation_of_2011(
    shown: Demo, visit: Callable[..., Visitor], request: pytest.FixtureRequest
) -> None:
    page = visit(viewport={"width": 960, "height": 1120}, device_scale_factor=1.5).page()
    reader = Reader(page).open(shown.blog + PATHS["en"])
    expect(reader.heading()).to_have_text("6 responses to «The kiln and the page»")
    page.get_by_role("heading", name="What a chair needs").evaluate("heading => heading.scrollIntoView()")
    reader.write("Years later: I think I am sitting on it.")
    expect(reader.door()).to_be_visible()
    expect(reader.form.get_by_role("toolbar")).to_be_visible()
    _keep(page, "tray", request)
    reader.sign_in("Ada Moretti")
    reader.writing().fill("")
    _keep(page, "thread", request)
    reader.answer(reader.comment("About that white"), "Tomaso Righi", "My aunt says four times.")
    page.reload()
    reader.arrived().speaks_as("Ada Moretti")
    expect(reader.item("About that white")).to_contain_text("My aunt says four times.")


def test_on_a_phone_in_the_dark_in_italian(
    shown: Demo, visit: Callable[..., Visitor], request: pytest.FixtureRequest
) -> None:
    page = visit(**PHONE, locale="it-IT", color_scheme="dark").page()
    reader = Reader(page, "it").open(shown.blog + PATHS["it"])
    asked = reader.comment(ASKED["it"])
    expect(asked.locator("time")).to_contain_text("2 aprile 2011")
    page.get_by_role("region", name="Commenti").evaluate("section => section.scrollIntoView()")
    assert page.evaluate("document.scrollingElement.scrollWidth") <= 375
    _keep(page, "phone", request)


def test_the_front_page_leads_to_both_languages(shown: Demo, visit: Callable[..., Visitor]) -> None:
    page = visit().page()
    page.goto(shown.blog)
    page.get_by_role("link", name="Il forno e la pagina").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Il forno e la pagina")
    page.get_by_role("link", name="English").click()
    Reader(page).arrived()
    expect(page.get_by_role("heading", level=1)).to_have_text("The kiln and the page")
