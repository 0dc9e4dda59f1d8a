"""Likes and other reactions: on comments and on the page, by whom, before and after a sign-in, wide and narrow."""

from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.e2e.axe import violations
from tests.e2e.pictures import picture
from tests.support import live as rig
from tests.support import stores, tls
from tests.support.browser import DESKTOP, PHONE, Visitor, shut
from tests.support.hosts import article, strict_policy
from tests.support.live import Live
from tests.support.reader import Reader

Visit = Callable[..., Visitor]
SIZES = pytest.mark.parametrize("size", [DESKTOP, PHONE], ids=["desktop", "phone"])


def press(button: Locator, size: dict[str, object]) -> None:
    """With a finger on a phone, else with a mouse."""
    button.tap() if size is PHONE else button.click()


def like_of(reader: Reader, comment: Locator, kind: str = "like") -> Locator:
    """The like button of a comment."""
    name = comment.locator("[part=author]").inner_text()
    word = reader.words[f"react.{kind}"]
    return reader.button("react.comment", comment, reaction=word, name=name)


def page_like(reader: Reader) -> Locator:
    """The page's own like button."""
    return reader.button("react.page", reaction=reader.words["react.like"])


def dialog(reader: Reader, key: str, **values: str) -> Locator:
    """The dialog with this title."""
    return reader.widget.get_by_role("dialog", name=reader.words[key].format(**values))


def write_as_guest(visit: Visit, url: str, text: str, lang: str = "en") -> None:
    """Somebody else says something there."""
    ann = Reader(visit().page(), lang).open(url)
    ann.write(text)
    ann.as_guest("Ann")
    ann.send(text)


def focused(page: Page) -> str:
    """The accessible label, or the words, of what has the keyboard within the widget."""
    found: str = page.evaluate(
        "(() => { const at = document.querySelector('comment-widget').shadowRoot.activeElement;"
        " return at ? at.getAttribute('aria-label') || at.textContent : ''; })()"
    )
    return found


@SIZES
def test_like_before_signing_in(live: Live, visit: Visit, size: dict[str, object]) -> None:
    url = live.host_page(f"/likes/{size is PHONE}/", article("Likes"), headers=strict_policy(live.server))
    write_as_guest(visit, url, "A word to like.")
    reader = Reader(visit(**size).page()).open(url)
    said = reader.comment("A word to like.")
    like = like_of(reader, said)
    expect(like).to_have_attribute("aria-pressed", "false")
    press(like, size)
    tray = dialog(reader, "sign.who")
    expect(tray).to_contain_text(reader.words["react.sign_in"])
    expect(tray.get_by_label(reader.words["sign.name"], exact=True)).to_have_count(0)  # guests do not react
    picture(reader.page, f"react-tray-{size is PHONE}")
    with reader.page.expect_popup() as opened:
        press(reader.button("sign.with", tray, name="Demo ID"), size)
    with opened.value.expect_event("close"):
        press(opened.value.get_by_role("button", name="Ada Moretti"), size)
    expect(tray).to_have_count(0)
    expect(like).to_have_attribute("aria-pressed", "true")
    who = said.get_by_role("button", name="1 person likes this")
    expect(who).to_be_visible()
    # It is there for everybody, and it is undone by the same button.
    other = Reader(visit().page()).open(url)
    expect(other.comment("A word to like.").get_by_role("button", name="1 person likes this")).to_be_visible()
    reader.page.reload()
    reader.arrived()
    expect(like).to_have_attribute("aria-pressed", "true")
    press(who, size)
    people = dialog(reader, "react.who")
    expect(people.get_by_role("listitem")).to_have_text(["AAda MorettiDemo ID"])
    picture(reader.page, f"react-people-{size is PHONE}")
    reader.page.keyboard.press("Escape")
    expect(people).to_have_count(0)
    assert focused(reader.page) == "1 person likes this"
    press(like, size)
    expect(like).to_have_attribute("aria-pressed", "false")
    expect(who).to_have_count(0)


@SIZES
def test_the_page_is_liked_and_nothing_moves(live: Live, visit: Visit, size: dict[str, object]) -> None:
    url = live.host_page(f"/liked/{size is PHONE}/", article("Liked"))
    write_as_guest(visit, url, "Here already.")
    page = visit(**size).page()
    page.add_init_script(
        "window.moved = 0; new PerformanceObserver((list) => list.getEntries().forEach((one) => (moved += one.value)))"
        ".observe({ type: 'layout-shift', buffered: true });"
        "window.tops = []; setInterval(() => { const box = document.querySelector('comment-widget')?.shadowRoot"
        "?.querySelector('article'); if (box) tops.push(box.getBoundingClientRect().top); }, 16);"
    )
    reader = Reader(page).open(url)
    expect(page_like(reader)).to_be_visible()
    assert page.evaluate("new Set(tops).size") == 1
    reader.turn_to_box()
    reader.sign_in("Bruno Keller", press=lambda button: press(button, size))
    press(page_like(reader), size)
    expect(page_like(reader)).to_have_attribute("aria-pressed", "true")
    who = reader.button("react.who").or_(reader.widget.get_by_role("button", name="1 person likes this"))
    expect(who.locator("[part=avatar]")).to_have_count(1)
    picture(page, f"page-like-{size is PHONE}")
    other = Reader(visit().page()).open(url)
    expect(other.widget.get_by_role("button", name="1 person likes this").locator("[part=avatar]")).to_have_count(1)


def test_a_like_that_is_refused_is_taken_back(live: Live, visit: Visit) -> None:
    url = live.host_page("/refused/", article("Refused"))
    write_as_guest(visit, url, "Not to be liked.")
    visitor = visit()
    visitor.foreseen += ["/reactions/like", "ERR_FAILED"]
    reader = Reader(visitor.page()).open(url)
    reader.turn_to_box()
    reader.sign_in("Bruno Keller")
    reader.page.route("**/reactions/like", lambda route: route.abort())
    said = reader.comment("Not to be liked.")
    like = like_of(reader, said)
    like.click()
    expect(said.get_by_role("alert")).to_have_text(reader.words["error.network"])
    expect(like).to_have_attribute("aria-pressed", "false")
    reader.page.unroute("**/reactions/like")
    like.click()
    expect(like).to_have_attribute("aria-pressed", "true")
    expect(said.get_by_role("alert")).to_have_count(0)


@pytest.fixture(scope="module")
def many(
    tmp_path_factory: pytest.TempPathFactory, sqlite_store: stores.SQLite, certificate: tls.Identity
) -> Iterator[Live]:
    """A system of its own, whose site offers several reactions."""
    folder = tmp_path_factory.mktemp("many")
    with sqlite_store.fresh(folder) as url, rig.live(folder, url, certificate) as running:
        running.widget("site", "set", rig.SITE, "reactions=like,love,laugh,wow,sad,thanks")
        yield running


@SIZES
def test_one_of_several_reactions(many: Live, visit: Visit, size: dict[str, object]) -> None:
    url = many.host_page(f"/many/{size is PHONE}/", article("Many"))
    write_as_guest(visit, url, "Many ways to see it.")
    reader = Reader(visit(**size).page()).open(url)
    reader.turn_to_box()
    reader.sign_in("Ada Moretti", press=lambda button: press(button, size))
    said = reader.comment("Many ways to see it.")
    react = like_of(reader, said, "add")
    press(react, size)
    choice = reader.widget.get_by_role("menu", name=reader.words["react.add"])
    expect(choice.get_by_role("menuitemradio")).to_have_count(6)
    expect(react).to_have_attribute("aria-expanded", "true")
    picture(reader.page, f"react-choice-{size is PHONE}")
    reader.page.keyboard.press("Escape")
    expect(choice).to_have_count(0)
    assert focused(reader.page) == "React: comment by Ann"
    # By keyboard, as without a mouse.
    reader.page.keyboard.press("Enter")
    expect(choice.get_by_role("menuitemradio").first).to_be_focused()
    reader.page.keyboard.press("ArrowDown")
    reader.page.keyboard.press("Enter")
    loved = like_of(reader, said, "love")
    expect(loved).to_be_focused()
    press(loved, size)
    expect(choice.get_by_role("menuitemradio", checked=True)).to_have_text("❤Love it")
    press(choice.get_by_role("menuitemradio", name="Thank you"), size)
    thanked = like_of(reader, said, "thanks")
    expect(thanked).to_be_visible()
    expect(said.locator(".likes")).to_have_text("🙏 1")
    press(said.locator(".likes"), size)
    expect(dialog(reader, "react.who").get_by_role("listitem")).to_have_text(["AAda MorettiDemo ID🙏"])
    picture(reader.page, f"react-many-people-{size is PHONE}")
    press(reader.button("list.close"), size)
    # What was chosen, chosen again, is taken back.
    press(thanked, size)
    press(choice.get_by_role("menuitemradio", name="Thank you"), size)
    expect(like_of(reader, said, "add")).to_be_visible()
    expect(said.locator(".likes")).to_be_hidden()


def test_from_right_to_left(many: Live, visit: Visit) -> None:
    html = article("Many", "he").replace("<html ", '<html dir="rtl" ')
    url = many.host_page("/many/rtl/", html)
    write_as_guest(visit, url, "Words.", lang="he")
    reader = Reader(visit(viewport={"width": 320, "height": 640}).page(), "he").open(url)
    said = reader.comment("Words.")
    like_of(reader, said, "add").click()
    expect(reader.widget.get_by_role("menu")).to_be_visible()
    picture(reader.page, "react-choice-rtl-320")
    assert reader.page.evaluate("document.scrollingElement.scrollWidth <= innerWidth")


def test_another_tab_signs_in(live: Live, visit: Visit) -> None:
    url = live.host_page("/tabs-like/", article("Tabs"))
    write_as_guest(visit, url, "In two tabs.")
    visitor = visit()
    here, there = Reader(visitor.page()).open(url), Reader(visitor.page()).open(url)
    like_of(here, here.comment("In two tabs.")).click()
    expect(dialog(here, "sign.who")).to_be_visible()
    there.turn_to_box()
    there.sign_in("Bruno Keller")
    # Whoever waits for somebody takes who came, wherever that was.
    expect(dialog(here, "sign.who")).to_have_count(0)
    expect(like_of(here, here.comment("In two tabs."))).to_have_attribute("aria-pressed", "true")
    there.button("sign.logout").click()
    expect(like_of(here, here.comment("In two tabs."))).to_have_attribute("aria-pressed", "false")


def test_a_sign_in_that_leads_over_another_page(live: Live, visit: Visit) -> None:
    url = live.host_page("/likes/here/", article("Here"))
    write_as_guest(visit, url, "Liked on the way back.")
    reader = Reader(visit().page()).open(url)
    like = like_of(reader, reader.comment("Liked on the way back."))
    like.click()
    tray = dialog(reader, "sign.who")
    with reader.page.expect_popup() as opened:
        reader.button("sign.with", tray, name="Demo ID").click()
    shut(opened.value)
    reader.button("sign.here", tray).click()
    reader.page.get_by_role("button", name="Ada Moretti").click()
    reader.page.wait_for_url(url)
    expect(like).to_have_attribute("aria-pressed", "true")
    assert reader.page.evaluate("Object.keys(localStorage).filter(name => name.startsWith('cw:react|'))") == []


HOSTILE = """<style>* { color: lime !important; font-size: 30px !important; display: block !important; position: static
!important; overflow: hidden !important; transform: translate(0) !important; }</style>"""


@pytest.mark.parametrize("look", ["dark", "dark-page", "forced", "hostile"])
def test_in_every_light(live: Live, visit: Visit, look: str) -> None:
    html = article("Looks")
    if look == "dark":
        html = html.replace('data-site="blog"', 'data-site="blog" data-theme="dark"')
    if look == "dark-page":
        html = html.replace("<body>", '<body style="background:#14161a;color:#e8e8e8">')
    if look == "hostile":
        html = html.replace("</head>", f"{HOSTILE}</head>")
    url = live.host_page(f"/looks/{look}/", html)
    write_as_guest(visit, url, "Seen in every light.")
    options = {"forced_colors": "active"} if look == "forced" else {}
    reader = Reader(visit(**options).page()).open(url)
    said = reader.comment("Seen in every light.")
    like_of(reader, said).click()
    expect(dialog(reader, "sign.who")).to_be_visible()
    picture(reader.page, f"social-tray-{look}")
    trouble = violations(reader.page)
    reader.page.keyboard.press("Escape")
    reader.button("list.menu", said).click()
    menu = reader.widget.get_by_role("menu")
    expect(menu).to_be_visible()
    picture(reader.page, f"social-menu-{look}")
    trouble += violations(reader.page)
    if not menu.is_visible():  # what looks at all colours scrolls, and a menu whose button is out of sight shuts
        reader.button("list.menu", said).click()
    menu.get_by_role("menuitem", name=reader.words["flag.open"]).click()
    dialog(reader, "sign.who").get_by_label(reader.words["sign.name"], exact=True).fill("Elio")
    reader.button("sign.go").click()
    expect(dialog(reader, "flag.title")).to_be_visible()
    picture(reader.page, f"social-flag-{look}")
    trouble += violations(reader.page)
    assert look == "hostile" or trouble == []
    box = dialog(reader, "flag.title").bounding_box()
    assert box
    assert min(box["x"], box["y"], 1280 - box["x"] - box["width"], 900 - box["y"] - box["height"]) > 0
