"""The desk's other pages in a real browser: on a phone, in the dark, by axe, and full of hostile words."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.e2e import axe, byapi
from tests.e2e.desk.test_queue import enter
from tests.e2e.pictures import picture
from tests.e2e.test_thread_pages import VECTORS
from tests.support.browser import DESKTOP, PHONE, Visitor
from tests.support.live import Live

Visit = Callable[..., Visitor]
SIZES = {"desktop": DESKTOP, "phone": PHONE | {"viewport": {"width": 360, "height": 740}}}


@pytest.fixture
def written(live: Live, visit: Visit) -> list[str]:
    """Two conversations, the addresses of their pages."""
    urls = [f"{live.blog}/desk/{name}/" for name in ("one", "two")]
    for url in urls:
        byapi.post(live, visit, "A first word", "And another one", url=url, title=f"The page {url[-5:]}")
    return urls


def open_thread(page: Page, live: Live, url: str) -> None:
    page.goto(f"{live.server}/admin/threads?q={url}")
    page.get_by_role("main").get_by_role("listitem").get_by_role("link").first.click()
    expect(page.get_by_role("heading", name="Last changes")).to_be_visible()


@pytest.mark.parametrize("colour", ["light", "dark"])
@pytest.mark.parametrize("size", SIZES)
def test_every_page(live: Live, visit: Visit, written: list[str], size: str, colour: str) -> None:
    visitor = visit(**SIZES[size], color_scheme=colour)
    visitor.foreseen.append("postMessage")  # by which axe asks frames; the preview has no origin that it could name
    page = visitor.page()
    trouble: dict[str, list[str]] = {}

    def look(name: str) -> None:
        trouble[name] = axe.violations(page, "body")
        width = SIZES[size]["viewport"]["width"]  # type: ignore[index]
        if (wide := page.evaluate("document.documentElement.scrollWidth")) > width:
            trouble[name].append(f"{wide} wide")
        picture(page, f"desk-{name}-{size}-{colour}")

    for name in ("signin", "setup"):
        page.goto(f"{live.server}/admin/{name}")
        look(name)
    enter(live, page)
    for name, path in (
        ("sites", "sites"),
        ("new-site", "new-site"),
        ("remove", "sites/blog/remove"),
        ("roles", "sites/blog/roles"),
    ):
        page.goto(f"{live.server}/admin/{path}")
        look(name)
    page.goto(f"{live.server}/admin/sites/blog")
    preview = page.frame_locator("iframe")
    expect(preview.get_by_role("article").first).to_be_visible()
    look("site")
    page.goto(f"{live.server}/admin/figures")
    page.get_by_text("As a table").first.click()
    look("figures")
    page.goto(f"{live.server}/admin/threads")
    look("threads")
    open_thread(page, live, written[0])
    page.get_by_label("Address of that page").fill("nonsense")
    visitor.foreseen.append("422")
    page.get_by_role("button", name="See what would be merged").click()
    expect(page.get_by_role("alert")).to_be_visible()
    look("thread")
    page.get_by_label("Address of that page").fill(written[1])
    page.get_by_role("button", name="See what would be merged").click()
    expect(page.get_by_role("button", name="Merge them")).to_be_visible()
    look("merge")
    page.goto(f"{live.server}/admin/redirects/blog")
    page.get_by_label("Addresses that begin with").fill(f"{live.blog}/desk/")
    page.get_by_label("begin now with").fill(f"{live.blog}/posts/")
    page.get_by_role("button", name="See what would move").click()
    expect(page.get_by_role("heading", name="What would move")).to_be_visible()
    look("redirects")
    assert {name: found for name, found in trouble.items() if found} == {}


def test_buttons_for_fingers(live: Live, visit: Visit, written: list[str]) -> None:
    page = visit(**SIZES["phone"]).page()
    enter(live, page)
    for path in ("sites", "sites/blog", "figures", "threads", "redirects/blog"):
        page.goto(f"{live.server}/admin/{path}")
        for one in page.locator("button, select, textarea, input:not([type=checkbox]), .of-box, nav a").all():
            box = one.bounding_box()
            assert box is None or box["height"] >= 43.9, (path, one.inner_text())


def test_a_change_is_there_in_the_preview_and_on_the_page(live: Live, visit: Visit, written: list[str]) -> None:
    visitor = visit()
    page = visitor.page()
    enter(live, page)
    page.goto(f"{live.server}/admin/sites/blog")
    preview = page.frame_locator("iframe")
    expect(preview.get_by_role("article").first).to_contain_text("A first word")
    page.get_by_label("Order of the comments").select_option("newest")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_role("status").filter(has_text="Saved")).to_be_visible()
    expect(preview.get_by_role("article").first).to_contain_text("And another one")
    page.get_by_label("Order of the comments").select_option("oldest")
    page.get_by_role("button", name="Save").click()
    expect(preview.get_by_role("article").first).to_contain_text("A first word")
    frame = page.frames[1]
    assert frame.evaluate("origin") == "null"
    for what in ("localStorage", "document.cookie", "parent.document"):
        assert frame.evaluate(f"() => {{ try {{ {what}; return 'open'; }} catch {{ return 'closed'; }} }}") == "closed"


def test_the_tag_can_be_copied(live: Live, visit: Visit) -> None:
    visitor = visit(permissions=["clipboard-read", "clipboard-write"])
    page = visitor.page()
    enter(live, page)
    page.goto(f"{live.server}/admin/sites/blog?theme=dark&embed_lang=it")
    page.get_by_role("button", name="Copy").click()
    expect(page.get_by_text("Copied.")).to_be_visible()
    copied = page.evaluate("navigator.clipboard.readText()")
    assert copied.startswith(f'<script src="{live.server}/embed.js" data-site="blog" data-lang="it" data-theme="dark"')


def test_a_link_from_elsewhere_leads_in(live: Live, visit: Visit) -> None:
    """SameSite=Strict keeps the cookie back there; a page of ours fetches it."""
    page = visit().page()
    enter(live, page)
    page.goto(live.host_page("/links/", f'<!doctype html><title>x</title><a href="{live.server}/admin/sites">in</a>'))
    page.get_by_role("link", name="in").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Sites")


def test_no_page_frames_the_desk(live: Live, visit: Visit) -> None:
    visitor = visit()
    visitor.foreseen += ["frame-ancestors", "X-Frame-Options", "chrome-error", "Refused to display"]
    page = visitor.page()
    enter(live, page)
    for path in ("sites", "sites/blog/preview", "signin"):
        html = f'<!doctype html><title>x</title><iframe src="{live.server}/admin/{path}"></iframe>'
        page.goto(live.host_page("/frames/", html))
        page.wait_for_load_state("load")
        assert page.frames[1].url == "chrome-error://chromewebdata/" or not page.frames[1].locator("main").count()


def test_hostile_words_run_nothing(live: Live, visit: Visit, written: list[str]) -> None:
    visitor = visit()
    visitor.foreseen += ["422", "403", "404", "409"]
    page = visitor.page()
    ran: list[str] = []
    page.on("dialog", lambda dialog: (ran.append(dialog.message), dialog.dismiss()))
    enter(live, page)
    for vector in VECTORS:
        page.goto(f"{live.server}/admin/sites/blog")
        name = page.get_by_label("Name", exact=True)
        name.fill(vector)
        page.get_by_label("Names that guests may not take").fill(vector)
        page.get_by_role("button", name="Save").click()
        expect(page.get_by_role("status").filter(has_text="Saved")).to_be_visible()
        expect(page.get_by_role("heading", level=1)).to_have_text(" ".join(vector.split()))
        open_thread(page, live, written[0])
        page.get_by_label("Title", exact=True).fill(vector)
        page.get_by_role("button", name="Save").click()
        expect(page.get_by_role("heading", level=1)).to_have_text(vector)
        page.get_by_label("Another address, or an id").fill(vector)
        page.get_by_role("button", name="Let it lead here").click()
        page.get_by_label("Address of that page").fill(vector)
        page.get_by_role("button", name="See what would be merged").click()
        for path in ("threads", "figures", "sites", "sites/blog/remove", "sites/blog/preview", "redirects/blog", "log"):
            page.goto(f"{live.server}/admin/{path}")
        page.get_by_role("main").click()
        page.goto(f"{live.server}/admin/threads")
        page.get_by_label("Title or address").fill(vector)
        page.get_by_role("button", name="Find").click()
        expect(page.get_by_label("Title or address")).to_have_value(vector)
        assert page.locator("main script, main iframe, [onerror], [onload], [onfocus]").count() == 0
    page.goto(f"{live.server}/admin/sites/blog")
    page.get_by_label("Name", exact=True).fill("The open workshop")
    page.get_by_label("Names that guests may not take").fill("")
    page.get_by_role("button", name="Save").click()
    assert ran == []


def test_control_of_the_hostile_words(live: Live, visit: Visit) -> None:
    """On a page that writes them as they are, they do run."""
    visitor = visit()
    page = visitor.page()
    ran: list[str] = []
    page.on("dialog", lambda dialog: (ran.append(dialog.message), dialog.dismiss()))
    visitor.foreseen += ["404", "Failed to load"]
    for number, vector in enumerate(VECTORS[:5]):
        page.goto(
            live.host_page(f"/hostile/control/{number}/", f"<!doctype html><title>x</title>{vector}<p></textarea>")
        )
    assert len(ran) >= 3
