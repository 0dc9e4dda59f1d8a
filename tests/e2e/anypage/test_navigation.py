"""Pages that change without loading: other conversations in the same element, elements that come, move and go."""

from collections.abc import Callable

from playwright.sync_api import Page, Route, expect

from tests.e2e.byapi import post
from tests.support.browser import Visitor, shut
from tests.support.live import Live
from tests.support.reader import Reader
from tests.support.waiting import until

Visit = Callable[..., Visitor]
BARE = """<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Pages</title>
<script src="{server}/embed.js" async></script></head><body><main>{body}</main></body></html>"""
# Whatever of a page outlives an element of it; each wrapper does what it wraps, and notes it.
COUNTING = """(() => {
  const counts = (window.counts = { listeners: 0, intervals: 0, observers: 0 });
  const known = new Map();
  const { addEventListener, removeEventListener } = EventTarget.prototype;
  const outlives = (target) => target === window || target === document || target === document.body;
  const key = (type, work, options) => `${type} ${!!(options?.capture ?? options === true)}`;
  EventTarget.prototype.addEventListener = function (type, work, options) {
    addEventListener.call(this, type, work, options);
    if (!outlives(this ?? window) || !work || options?.once || options?.signal?.aborted) return;
    const mine = known.get(work) ?? known.set(work, new Set()).get(work);
    const name = key(type, work, options);
    if (mine.has(name)) return;
    mine.add(name);
    counts.listeners++;
    const forget = () => mine.delete(name) && counts.listeners--;
    if (options?.signal) addEventListener.call(options.signal, "abort", forget);
  };
  EventTarget.prototype.removeEventListener = function (type, work, options) {
    removeEventListener.call(this, type, work, options);
    if (outlives(this ?? window) && known.get(work)?.delete(key(type, work, options))) counts.listeners--;
  };
  const running = new Set();
  const { setInterval: start, clearInterval: stop } = window;
  window.setInterval = (...asked) => {
    const id = start(...asked);
    running.add(id);
    counts.intervals = running.size;
    return id;
  };
  window.clearInterval = (id) => {
    stop(id);
    running.delete(id);
    counts.intervals = running.size;
  };
  for (const name of ["IntersectionObserver", "MutationObserver", "ResizeObserver"]) {
    const Real = window[name];
    window[name] = class extends Real {
      observe(...asked) {
        if (!this.busy) counts.observers++;
        this.busy = true;
        return super.observe(...asked);
      }
      disconnect() {
        if (this.busy) counts.observers--;
        this.busy = false;
        return super.disconnect();
      }
    };
  }
})();"""


def bare(live: Live, path: str, body: str = "") -> str:
    """A page that has the script in its head, and no place for comments but what is in `body`."""
    return live.host_page(path, BARE.replace("{body}", body))


def add(page: Page, **attributes: str) -> None:
    """Put an element at the end of the page."""
    page.evaluate(
        """(attributes) => {
          const el = document.createElement("comment-widget");
          for (const [name, value] of Object.entries(attributes)) el.setAttribute(name, value);
          document.querySelector("main").append(el);
        }""",
        {name.replace("_", "-"): value for name, value in attributes.items()},
    )


def test_removal_leaves_nothing_behind(live: Live, visit: Visit) -> None:
    post(live, visit, "Here to be left.", url=f"{live.blog}/gone/")
    tab = visit().page()
    tab.add_init_script(COUNTING)
    tab.goto(bare(live, "/gone/"))
    tab.wait_for_function("!!customElements.get('comment-widget')")
    before = tab.evaluate("counts")
    for lazy in ("false", "true"):
        add(tab, site="blog", lazy=lazy, page_url="/gone/")
        reader = Reader(tab).arrived()
        reader.write("Half a thought")
        reader.button("list.reply_to", reader.comment("Here to be left."), name="Marta").click()
        expect(reader.button("write.reply")).to_be_visible()
        with tab.expect_popup() as opened:
            reader.door().click()
        during = tab.evaluate("counts")
        assert during["listeners"] > before["listeners"], "the control: what is counted is there"
        assert during["intervals"] > before["intervals"]
        tab.locator("comment-widget").evaluate("el => el.remove()")
        shut(opened.value)
        tab.wait_for_function("before => JSON.stringify(before) === JSON.stringify(counts)", arg=before)
        assert tab.evaluate("document.adoptedStyleSheets.length + document.styleSheets.length") == 0


def test_nothing_holds_an_element_that_is_gone(live: Live, visit: Visit) -> None:
    """By the browser's own tools: Playwright's handles would hold it."""
    tab = visit().page()
    tab.goto(bare(live, "/held/"))
    session = tab.context.new_cdp_session(tab)

    def run(script: str) -> object:
        asked = {"expression": f"(async () => {{ {script} }})()", "awaitPromise": True, "returnByValue": True}
        answer = session.send("Runtime.evaluate", asked)
        assert "exceptionDetails" not in answer, answer
        return answer["result"].get("value")

    run(
        """await customElements.whenDefined("comment-widget");
        const el = document.createElement("comment-widget");
        el.setAttribute("site", "blog");
        document.querySelector("main").append(el);
        window.held = new WeakRef(el);
        await new Promise((done) => el.addEventListener("comment-widget:ready", done, { once: true }));
        el.shadowRoot.querySelector("textarea").focus();
        const there = () => el.shadowRoot.querySelector("[part=guest-name]");
        while (!there()) await new Promise((done) => requestAnimationFrame(done));"""
    )
    session.send("HeapProfiler.collectGarbage")
    assert run("return !!window.held.deref()"), "the control: what stands in the page is held"
    run("document.querySelector('comment-widget').remove()")

    def gone() -> bool:
        session.send("HeapProfiler.collectGarbage")
        return bool(run("return window.held.deref() === undefined"))

    until(gone, what="nobody holding the element")


def test_lazy_and_gone_before_it_was_seen(live: Live, visit: Visit) -> None:
    tab = visit().page()
    tab.add_init_script(COUNTING)
    asked: list[str] = []
    tab.on("request", lambda request: asked.append(request.url) if "/threads?" in request.url else None)
    tab.goto(bare(live, "/unseen/", '<p style="height: 5000px">A long article.</p>'))
    tab.wait_for_function("!!customElements.get('comment-widget')")
    before = tab.evaluate("counts")
    add(tab, site="blog", lazy="")
    tab.wait_for_function("before => counts.observers > before", arg=before["observers"])
    assert asked == []
    tab.locator("comment-widget").evaluate("el => el.remove()")
    tab.wait_for_function("before => JSON.stringify(before) === JSON.stringify(counts)", arg=before)
    add(tab, site="blog", lazy="")
    tab.wait_for_function("before => counts.observers > before", arg=before["observers"])
    assert asked == []
    tab.evaluate("scrollTo(0, 4300)")
    Reader(tab).arrived()
    assert len(asked) == 1
    tab.wait_for_function("before => counts.observers === before", arg=before["observers"])


def test_the_last_of_quick_changes_is_shown(live: Live, visit: Visit) -> None:
    for name in ("one", "two", "three"):
        post(live, visit, f"Said on page {name}", url=f"{live.blog}/quick/{name}/")
    tab = visit().page()
    held: list[Route] = []
    tab.route("**/api/v1/threads?*quick%2Fone*", lambda route: held.append(route))
    tab.goto(bare(live, "/quick/", '<comment-widget site="blog" page-url="/quick/one/"></comment-widget>'))
    widget = tab.locator("comment-widget")
    expect(widget.get_by_role("textbox")).to_be_visible()
    widget.evaluate("el => el.setAttribute('page-url', '/quick/two/')")
    reader = Reader(tab)
    expect(reader.comment("Said on page two")).to_be_visible()
    for route in held:
        route.continue_()
    widget.evaluate("el => { for (const at of ['one', 'two', 'three']) el.setAttribute('page-url', `/quick/${at}/`); }")
    expect(reader.comment("Said on page three")).to_be_visible()
    expect(widget.get_by_role("article")).to_have_count(1)
    reader.write("Also on three.")
    reader.as_guest("Ann")
    reader.send("Also on three.")
    widget.evaluate("el => el.setAttribute('page-url', '/quick/two/')")
    expect(reader.comment("Said on page two")).to_be_visible()
    expect(reader.comment("Also on three.")).to_have_count(0)


def test_what_is_being_written_survives_moves_and_removal(live: Live, visit: Visit) -> None:
    tab = visit().page()
    tab.goto(bare(live, "/moves/", '<p id="a"></p><p id="b"></p><comment-widget site="blog"></comment-widget>'))
    reader = Reader(tab).arrived()
    reader.write("Half a thought")
    tab.evaluate("document.getElementById('b').append(document.querySelector('comment-widget'))")
    expect(reader.writing()).to_have_value("Half a thought")
    tab.evaluate(
        """() => {
          const el = document.querySelector("comment-widget");
          el.remove();
          setTimeout(() => document.getElementById("a").append(el));
        }"""
    )
    reader.arrived()
    expect(reader.writing()).to_have_value("Half a thought")
    expect(tab.locator("comment-widget").get_by_role("heading", level=2)).to_have_count(1)


def test_several_on_one_page(live: Live, visit: Visit) -> None:
    tab = visit().page()
    one = '<comment-widget site="blog" page-id="{}"></comment-widget>'
    tab.goto(bare(live, "/several/", one.format("first") + one.format("second")))
    first, second = (Reader(tab) for _ in range(2))
    for number, reader in enumerate((first, second)):
        reader.widget = tab.locator("comment-widget").nth(number)
        reader.form = reader.widget.locator("form").first
        reader.arrived()
    second.write("A draft of the second.")
    first.write("Said in the first.")
    first.as_guest("Ann")
    first.send("Said in the first.")
    expect(second.comment("Said in the first.")).to_have_count(0)
    expect(second.writing()).to_have_value("A draft of the second.")
    second.speaks_as("Ann")
    second.send("A draft of the second.")
    expect(first.comment("A draft of the second.")).to_have_count(0)
    first.answer(first.comment("Said in the first."), "Ann", "Below it.")
    second.button("sign.logout").click()
    expect(first.form).not_to_contain_text("commenting as")
