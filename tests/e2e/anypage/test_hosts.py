"""Pages of all ages and policies: written by scripts, without a doctype, isolated from other origins."""

from collections.abc import Callable

from playwright.sync_api import expect

from tests.support.browser import Visitor
from tests.support.hosts import article, strict_policy
from tests.support.live import Live
from tests.support.reader import Reader
from tests.support.waiting import until

Visit = Callable[..., Visitor]
ISOLATED = {"Cross-Origin-Opener-Policy": "same-origin", "Cross-Origin-Embedder-Policy": "require-corp"}
WRITTEN = """<HTML><HEAD><TITLE>Guestbook</TITLE>
<SCRIPT LANGUAGE="JavaScript"><!--
function ours() { document.write('<SCR' + 'IPT SRC="{server}/embed.js" DATA-SITE="blog"></SCR' + 'IPT>'); }
//--></SCRIPT></HEAD>
<BODY BGCOLOR="#FFFFCC" TEXT="#000080" LINK="#FF0000"><CENTER><TABLE WIDTH="600" BORDER="1"><TR><TD ID="cell">
<FONT FACE="Comic Sans MS" SIZE="2">Sign my guestbook!<BR><SCRIPT>ours()</SCRIPT></FONT></TD></TR></TABLE></CENTER>
<SCRIPT>document.write("<HR><I ID='end'>Last updated 1999</I>")</SCRIPT></BODY></HTML>"""


def journey(reader: Reader, url: str) -> None:
    """Read, write as a guest, answer."""
    reader.open(url)
    reader.write("Said on any page.")
    reader.as_guest("Ann")
    said = reader.send("Said on any page.")
    reader.answer(said, "Ann", "And answered.")
    expect(reader.heading()).to_contain_text("2 responses")


def test_a_page_that_writes_itself_in_quirks_mode(live: Live, visit: Visit) -> None:
    visitor = visit()
    visitor.foreseen.append("parser-blocking")
    reader = Reader(visitor.page())
    journey(reader, live.host_page("/1999/", WRITTEN))
    assert reader.page.evaluate("document.compatMode") == "BackCompat"
    expect(reader.page.locator("#cell comment-widget")).to_have_count(1)
    expect(reader.page.locator("#end")).to_have_text("Last updated 1999")


def test_written_when_the_page_was_there_already(live: Live, visit: Visit) -> None:
    visitor = visit()
    visitor.foreseen.append("parser-blocking")
    page = visitor.page()
    page.goto(live.host_page("/rewritten/", "<!doctype html><title>Before</title><p>Before."))
    page.evaluate(
        """(tag) => {
          document.open();
          document.write(`<!doctype html><title>After</title><p>After.</p>${tag}`);
          document.close();
        }""",
        f'<script src="{live.server}/embed.js" data-site="blog"></script>',
    )
    reader = Reader(page).arrived()
    expect(reader.heading()).to_contain_text("After")


def test_isolated_from_other_origins(live: Live, visit: Visit) -> None:
    reader = Reader(visit().page())
    url = live.host_page("/isolated/", article("Isolated"), headers=ISOLATED | strict_policy(live.server))
    journey(reader, url)
    assert reader.page.evaluate("crossOriginIsolated") is True
    reader.button("sign.logout").click()
    reader.turn_to_box()
    expect(reader.door()).to_be_visible()


def test_what_the_policy_forbids_is_never_tried(live: Live, visit: Visit) -> None:
    """Of a whole journey under the strictest policy the browser reports nothing; the control is reported."""
    visitor = visit()
    tab = visitor.page()
    tab.add_init_script(
        """window.reports = [];
        addEventListener("securitypolicyviolation", (event) => reports.push(event.effectiveDirective));"""
    )
    journey(Reader(tab), live.host_page("/reported/", article("Reported"), headers=strict_policy(live.server)))
    assert tab.evaluate("reports") == []
    visitor.foreseen += ["TrustedHTML", "Content Security Policy"]
    for wrong in ("document.body.innerHTML = '<b>'", "document.body.setAttribute('style', 'color: red')"):
        before = tab.evaluate("reports.length")
        tab.evaluate(f"() => {{ try {{ {wrong} }} catch {{ /* reported */ }} }}")
        until(lambda before=before: tab.evaluate("reports.length") > before, what=wrong)  # type: ignore[misc]
