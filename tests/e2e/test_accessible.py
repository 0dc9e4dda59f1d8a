"""WCAG 2.2 AA by axe-core in every state of the widget, wide and narrow, light and dark, left to right and back."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.axe import violations
from tests.e2e.pictures import picture
from tests.support.browser import DESKTOP, PHONE, Visitor
from tests.support.live import Live
from tests.support.reader import Reader

LOOKS = {
    "plain": ("", "", ""),
    "light": ('theme="light"', "", ""),
    "dark": ('theme="dark"', "", "background:#111;color:#ddd"),
    "dark page": ("", "", "background:#111;color:#ddd"),
    "quiet": ("", "quiet", ""),
    "wordpress": ("", "wordpress", ""),
    "compact": ("", "compact", ""),
    "contrast": ("", "contrast", ""),
    "contrast dark": ('theme="dark"', "contrast", "background:#000;color:#fff"),
}


def host(live: Live, name: str, lang: str = "en", *, look: str = "plain") -> str:
    """A page of its own on the blog, in one of the looks."""
    attributes, theme, style = LOOKS[look]
    sheet = f'<link rel="stylesheet" href="{{server}}/themes/{theme}.css">' if theme else ""
    direction = "rtl" if lang in {"ar", "he", "fa"} else "ltr"
    html = f"""<!doctype html><html lang="{lang}" dir="{direction}"><meta charset="utf-8">
    <meta name="viewport" content="width=device-width"><title>A page</title>{sheet}
    <body style="margin:1rem auto;padding:0 1rem;max-width:44rem;font:17px/1.5 system-ui, sans-serif;{style}">
    <main><h1>A page</h1>
    <comment-widget site="blog" {attributes}></comment-widget></main>
    <script src="{{server}}/embed.js" async></script></body></html>"""
    return live.host_page(f"/accessible/{name}-{lang}-{look.replace(' ', '-')}", html)


def conversation(reader: Reader) -> None:
    """A comment with an answer, and the writer known."""
    reader.write("A first word, with a [link](https://example.org/) and `code`.")
    reader.sign_in("Bruno Keller")
    reader.send("A first word")
    reader.answer(reader.comment("A first word"), "Bruno Keller", "And an answer to it.")


@pytest.mark.parametrize("size", [DESKTOP, PHONE], ids=["desktop", "phone"])
@pytest.mark.parametrize("lang", ["en", "ar"])
def test_every_state(live: Live, visit: Callable[..., Visitor], size: dict[str, object], lang: str) -> None:
    page = visit(**size).page()
    reader = Reader(page, lang).open(host(live, f"states-{page.viewport_size['width']}", lang))  # type: ignore[index]
    trouble = {"empty": violations(page)}
    reader.write("…")
    expect(reader.door()).to_be_visible()
    trouble["tray"] = violations(page)
    reader.button("write.send").click()
    expect(reader.form.get_by_role("alert").filter(has_text=reader.words["error.guest.name_missing"])).to_be_visible()
    trouble["error"] = violations(page)
    reader.writing().fill("")
    conversation(reader)
    trouble["list"] = violations(page)
    reader.button("list.reply_to", reader.comment("A first word"), name="Bruno Keller").click()
    expect(reader.writing(reader.comment("A first word"))).to_be_focused()
    trouble["reply"] = violations(page)
    reader.button("write.cancel", reader.comment("A first word")).click()
    reader.button("write.edit", reader.comment("And an answer")).click()
    trouble["edit"] = violations(page)
    picture(page, f"accessible-{lang}-{page.viewport_size['width']}")  # type: ignore[index]
    assert {state: found for state, found in trouble.items() if found} == {}
    assert page.evaluate("document.scrollingElement.scrollWidth <= innerWidth")


@pytest.mark.parametrize("look", [look for look in LOOKS if look != "plain"])
def test_every_look(live: Live, visit: Callable[..., Visitor], look: str) -> None:
    page = visit().page()
    reader = Reader(page).open(host(live, "looks", look=look))
    conversation(reader)
    reader.button("list.reply_to", reader.comment("A first word"), name="Bruno Keller").click()
    expect(reader.writing(reader.comment("A first word"))).to_be_focused()
    picture(page, f"look-{look.replace(' ', '-')}")
    assert violations(page) == []


def test_axe_sees_into_the_widget(live: Live, visit: Callable[..., Visitor]) -> None:
    """The control: what is wrong in the shadow root is found."""
    page: Page = visit().page()
    Reader(page).open(host(live, "control"))
    page.evaluate(
        """() => {
          const root = document.querySelector('comment-widget').shadowRoot;
          root.querySelector('textarea').labels[0].remove();
          root.querySelector('textarea').removeAttribute('placeholder');
          root.querySelector('h2').style.color = '#ddd';
        }"""
    )
    found = " ".join(violations(page))
    assert "label (" in found
    assert "color-contrast (" in found
