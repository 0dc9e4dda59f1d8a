"""/t/ in a real browser: read and written without JavaScript, and with it, when hostile words wait to be run."""

from collections.abc import Callable
from html import escape
from urllib.parse import urlencode

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.pictures import picture
from tests.support.browser import DESKTOP, PHONE, Visitor
from tests.support.live import Live
from tests.support.processes import ROOT

Visit = Callable[..., Visitor]
NOSCRIPT = """<!doctype html><html lang="en"><meta charset="utf-8"><title>{title}</title><h1>{title}</h1>
<script src="{server}/embed.js" data-site="blog" async></script>
<noscript><a href="{server}/t/?{query}">Comments</a></noscript></html>"""
VECTORS = (
    "</script><script>alert(1)</script>",
    "<!--<script>alert(1)//-->",
    '"><img src=x onerror=alert(1)>',
    "' onfocus='alert(1)' autofocus='",
    "</textarea></title></style><svg onload=alert(1)>",
    "<iframe srcdoc='<script>parent.alert(1)</script>'></iframe>",
    "[x](javascript:alert(1)) <a href='javascript:alert(1)'>y</a>",
    "{{constructor.constructor('alert(1)')()}}",
)


def host(live: Live, path: str, title: str) -> str:
    """A page of the blog as docs/embed.md says; its address."""
    query = escape(urlencode({"site": "blog", "url": live.blog + path, "title": title, "lang": "en"}))
    return live.host_page(path, NOSCRIPT.replace("{title}", escape(title)).replace("{query}", query))


def fill(page: Page, text: str, name: str) -> None:
    page.get_by_label("Your comment").fill(text)
    page.get_by_label("Name").fill(name)
    page.get_by_role("button", name="Post comment").click()


def test_from_the_page_and_back_without_javascript(live: Live, visit: Visit) -> None:
    visitor = visit(java_script_enabled=False)
    visitor.foreseen.append("422")
    page = visitor.page()
    page.goto(host(live, "/paper/", "Paper"))
    page.get_by_role("link", name="Comments").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Comments on «Paper»")
    expect(page.get_by_role("heading", name="No responses yet.")).to_be_visible()
    fill(page, "Who makes *paper* here?", "Ann")
    expect(page.get_by_role("status")).to_have_text("Your comment is published.")
    said = page.get_by_role("article", name="Ann")
    expect(said).to_contain_text("Who makes paper here?")
    assert page.url.partition("#")[2] == said.get_attribute("id")

    page.get_by_role("link", name="Reply to Ann").click()
    expect(page.get_by_role("heading", name="Reply to Ann")).to_be_visible()
    fill(page, "My uncle, in the old mill.", "Bob")
    expect(page.get_by_role("list").get_by_role("list").get_by_role("article")).to_contain_text("My uncle")
    page.get_by_role("link", name="Back to all comments").click()
    expect(page.get_by_role("heading", name="2 responses")).to_be_visible()

    page.get_by_label("Your comment").fill("Kept, whatever is wrong")
    page.get_by_label("Name").fill("Cleo")
    page.get_by_label("Website").fill("no site")
    page.get_by_role("button", name="Post comment").click()
    expect(page.get_by_text("This does not look like a web address.")).to_be_visible()
    expect(page.get_by_label("Your comment")).to_have_value("Kept, whatever is wrong")
    expect(page.get_by_label("Website")).to_be_focused()
    page.get_by_label("Website").fill("")
    page.get_by_role("button", name="Post comment").click()
    expect(page.get_by_role("status")).to_have_text("Your comment is published.")
    page.get_by_role("link", name="Paper").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Paper")


def test_a_foreign_page_cannot_post(live: Live, visit: Visit) -> None:
    url = host(live, "/target/", "Target")
    query = escape(urlencode({"site": "blog", "url": url, "lang": "en"}))
    forged = f"""<!doctype html><title>Win</title><form method="post" action="{{server}}/t/?{query}">
    <input name="text" value="Forged"><input name="name" value="Ann"><button>Win</button></form>"""
    visitor = visit()
    visitor.foreseen.append("403")
    page = visitor.page()
    page.goto(live.host_page("/forged/", forged))
    page.get_by_role("button").click()
    expect(page.get_by_text("This form did not come from this page")).to_be_visible()
    expect(page.get_by_label("Your comment")).to_have_value("Forged")
    page.goto(f"{live.server}/t/?{urlencode({'site': 'blog', 'url': url, 'lang': 'en'})}")
    expect(page.get_by_role("heading", name="No responses yet.")).to_be_visible()
    page.goto(
        live.host_page("/frame/", f'<!doctype html><title>F</title><iframe src="{{server}}/t/?{query}"></iframe>')
    )
    visitor.foreseen.append("frame-ancestors")
    expect(page.frame_locator("iframe").get_by_role("heading")).to_have_count(0)


def test_nothing_that_people_write_runs(live: Live, visit: Visit) -> None:
    visitor = visit()
    visitor.foreseen.append("422")
    page = visitor.page()
    ran: list[str] = []
    page.on("dialog", lambda dialog: (ran.append(dialog.message), dialog.dismiss()))
    for number, vector in enumerate(VECTORS):
        url = host(live, f"/hostile/{number}/", "x")
        query = urlencode({"site": "blog", "url": url, "title": vector, "id": f"read {vector}", "lang": "en"})
        page.goto(f"{live.server}/t/?{query}")
        page.get_by_label("Website").fill(vector)
        fill(page, vector, vector)
        expect(page.get_by_label("Your comment")).to_have_value(vector)
        page.get_by_label("Website").fill("https://fine.test/" + urlencode({"q": vector}))
        page.get_by_role("button", name="Post comment").click()
        article = page.get_by_role("article")
        expect(article).to_be_visible()
        article.get_by_role("link").first.hover()
        for locator in article.get_by_role("link").all():
            locator.focus()
        found = page.evaluate("JSON.parse(document.querySelector('script[type=\"application/ld+json\"]').textContent)")
        assert found["headline"] == vector
        assert page.evaluate("document.querySelectorAll('script:not([type]), iframe, [onerror], [onload]').length") == 0
    assert ran == []
    page.evaluate(
        """() => {
          const script = document.createElement("script");
          script.textContent = "window.ran = 1";
          document.head.append(script);
        }"""
    )
    visitor.foreseen.append("Content Security Policy")
    assert page.evaluate("window.ran") is None, "the second line: the policy lets no script run"


@pytest.fixture(scope="module")
def old(live: Live) -> dict[str, str]:
    """The two old pages with their conversation; their addresses."""
    export, here = ROOT / "widget/demo/conversation.xml", live.blog.partition("//")[2]
    live.widget("import", str(export), "--site", "blog", "--map", f"workshop.example={here}")
    return {"en": f"{live.blog}/en/the-kiln-and-the-page/", "it": f"{live.blog}/it/il-forno-e-la-pagina/"}


LOOKS = {
    "desktop": ("en", DESKTOP),
    "phone": ("it", PHONE),
    "dark": ("en", DESKTOP | {"color_scheme": "dark"}),
    "right-to-left": ("ar", PHONE),
    "forced-colors": ("en", DESKTOP | {"forced_colors": "active"}),
}


@pytest.mark.parametrize("look", LOOKS)
def test_looks(live: Live, visit: Visit, old: dict[str, str], look: str) -> None:
    lang, options = LOOKS[look]
    page = visit(java_script_enabled=False, **options).page()
    page.goto(f"{live.server}/t/?{urlencode({'site': 'blog', 'url': old.get(lang, old['en']), 'lang': lang})}")
    assert len(page.get_by_role("article").all()) >= 5
    width = page.viewport_size
    assert width
    box = page.locator("main").bounding_box()
    assert box
    assert box["x"] >= 0
    assert box["width"] <= width["width"]
    page.get_by_role("link", name="Reply" if lang == "en" else None).last.scroll_into_view_if_needed()
    picture(page, f"thread-page-{look}")


def test_on_paper(live: Live, visit: Visit, old: dict[str, str]) -> None:
    page = visit().page()
    page.goto(f"{live.server}/t/?{urlencode({'site': 'blog', 'url': old['en'], 'lang': 'en'})}")
    page.emulate_media(media="print")
    expect(page.get_by_role("article").first).to_be_visible()
    expect(page.locator("form")).to_be_hidden()
    picture(page, "thread-page-print")
