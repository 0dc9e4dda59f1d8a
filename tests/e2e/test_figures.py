"""What the browser itself measures while a conversation loads: nothing moves, few requests, few bytes."""

import json
import secrets
import ssl
import urllib.request
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page, Request, expect

from tests.support.browser import DESKTOP, PHONE, Visitor
from tests.support.live import Live

WATCH = """
window.shifts = [];
const name = (node) => (node?.nodeType === 3 ? node.parentNode : node)?.outerHTML?.slice(0, 80);
const place = ({x, y, width, height}) => [x, y, width, height].map(Math.round).join(" ");
const way = ({node, previousRect, currentRect}) => [name(node), place(previousRect), place(currentRect)];
new PerformanceObserver((list) => {
  for (const one of list.getEntries()) if (!one.hadRecentInput) shifts.push([one.value, ...one.sources.map(way)]);
}).observe({type: 'layout-shift', buffered: true});
"""


def conversation(live: Live, path: str, number: int) -> None:
    """Comments of a guest on a page of the blog."""
    port = live.server.rpartition(":")[2]
    trusting = ssl.create_default_context()
    trusting.check_hostname, trusting.verify_mode = False, ssl.CERT_NONE
    headers = {"Origin": live.blog, "Content-Type": "application/json"}

    def send(where: str, body: dict[str, Any]) -> dict[str, Any]:
        asked = urllib.request.Request(
            f"https://127.0.0.1:{port}/api/v1/{where}",
            data=json.dumps(body).encode(),
            headers={**headers, "Idempotency-Key": secrets.token_urlsafe(16)},
        )
        with urllib.request.urlopen(asked, context=trusting, timeout=20) as answer:  # noqa: S310 - our own server
            found: dict[str, Any] = json.load(answer)
        return found

    headers["Authorization"] = f"Bearer {send('session', {'site': 'blog', 'guest': {'name': 'Ann'}})['token']}"
    for count in range(number):
        text = f"Comment {count}, a line or two long. " * 3
        send("comments", {"site": "blog", "page": {"url": live.blog + path}, "text": text})


def article(live: Live, path: str, above: int, *, reserve: bool) -> str:
    """A page with so many paragraphs above the comments and a footer below them."""
    rule = "comment-widget{display:block;min-height:100vh;--cw-min-height:100vh}" if reserve else ""
    words = "<p>Words above the comments, as an article has them. </p>" * above
    return live.host_page(
        path,
        f"""<!doctype html><html lang="en"><meta charset="utf-8"><meta name="viewport" content="width=device-width">
        <title>A page</title><style>body{{margin:1rem auto;max-width:44rem;font:17px/1.5 sans-serif}}{rule}</style>
        <body><h1>A page</h1>{words}<comment-widget site="blog"></comment-widget><footer>The end of the page.</footer>
        <script src="{{server}}/embed.js" async></script></body></html>""",
    )


def loaded(page: Page, url: str) -> None:
    """Open the page and wait for everything that comes by itself."""
    page.add_init_script(WATCH)
    page.goto(url)
    expect(page.get_by_role("article").first).to_be_attached()
    page.wait_for_load_state("networkidle")


@pytest.mark.parametrize("size", [DESKTOP, PHONE], ids=["desktop", "phone"])
@pytest.mark.parametrize("where", ["below the fold", "in view"])
def test_nothing_moves_while_it_loads(
    live: Live, visit: Callable[..., Visitor], size: dict[str, object], where: str
) -> None:
    path = f"/figures/{where.replace(' ', '-')}-{size['viewport']['width']}"  # type: ignore[index]
    conversation(live, path, 6)
    page = visit(**size).page()
    loaded(page, article(live, path, 2 if where == "in view" else 60, reserve=where == "in view"))
    assert page.evaluate("shifts") == []
    page.locator("comment-widget").scroll_into_view_if_needed()
    page.wait_for_load_state("networkidle")
    assert page.evaluate("shifts") == []


@pytest.mark.parametrize("times", [8, 12, 16])
def test_nothing_moves_on_a_slow_machine(live: Live, visit: Callable[..., Visitor], times: int) -> None:
    """What comes to a comment from several features comes at once, however long all of it takes."""
    path = f"/figures/slow-{times}"
    conversation(live, path, 6)
    page = visit().page()
    page.context.new_cdp_session(page).send("Emulation.setCPUThrottlingRate", {"rate": times})
    loaded(page, article(live, path, 2, reserve=True))
    expect(page.locator("comment-widget [part=menu]")).to_have_count(6)
    assert page.evaluate("shifts") == []


def test_a_footer_that_is_pushed_down_is_noticed(live: Live, visit: Callable[..., Visitor]) -> None:
    """The control: without the reserved space a footer in view moves, and the browser says so."""
    conversation(live, "/figures/control", 6)
    page = visit().page()
    loaded(page, article(live, "/figures/control", 2, reserve=False))
    assert page.evaluate("shifts.length") > 0


def test_two_requests_bring_the_comments(live: Live, visit: Callable[..., Visitor]) -> None:
    conversation(live, "/figures/requests", 3)
    url = article(live, "/figures/requests", 2, reserve=True)
    visitor = visit()
    visitor.foreseen.append("/assets/")
    page = visitor.page()
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    held = []
    # Whatever comes behind the first two waits for ever: the comments stand there all the same.
    page.route("**/assets/**", lambda route: held.append(route))
    page.goto(url)
    expect(page.get_by_role("article")).to_have_count(3)
    ours = [address for address in asked if address.startswith(live.server)]
    assert [address.split("?")[0].removeprefix(live.server) for address in ours[:2]] == ["/embed.js", "/api/v1/threads"]
    assert all("/assets/" in address for address in ours[2:])
    for route in held:
        route.abort()


def test_its_bytes_are_compressed(live: Live, visit: Callable[..., Visitor]) -> None:
    conversation(live, "/figures/bytes", 3)
    page = visit().page()
    sizes: dict[str, tuple[int, int]] = {}

    def measure(request: Request) -> None:
        path = request.url.split("?")[0].removeprefix(live.server)
        response = request.response()
        if response and path in {"/embed.js", "/api/v1/threads"}:
            sizes[path] = request.sizes()["responseBodySize"], len(response.body())

    page.on("requestfinished", measure)
    loaded(page, article(live, "/figures/bytes", 2, reserve=True))
    sent, read = sizes["/embed.js"]
    assert 2 * sent < read
    assert sent <= 8192
    sent, read = sizes["/api/v1/threads"]
    assert 0 < sent < read
