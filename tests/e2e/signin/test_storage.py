"""Where the browser lets the page keep nothing: reading works, and the tray says why one will not stay."""

from collections.abc import Callable

from playwright.sync_api import expect

from tests.e2e.signin.house import House
from tests.e2e.signin.signer import Signer

Sit = Callable[..., Signer]
DENIED = """Object.defineProperty(window, "localStorage", {
  get() { throw new DOMException("Access is denied for this document.", "SecurityError"); },
})"""


def test_storage_denied(house: House, sit: Sit) -> None:
    """Storage denied: reading works, the tray says why, and who signs in is signed in until the page is left."""
    url = house.page("/denied/")
    writer = sit().here(url)
    writer.sign_in_at(writer.begin())
    writer.posts("Said before.")
    signer = sit()
    signer.page.add_init_script(DENIED)
    signer.here(url)
    expect(signer.comment("Said before.")).to_be_visible()
    expect(signer.form).to_contain_text(signer.words["sign.no_storage"])
    signer.sign_in_at(signer.begin())
    signer.keeps_text()
    signer.posts("Said without a memory.")
    signer.page.reload()
    signer.arrived()
    signer.write("Who was I?")
    signer.silent()


def test_sandboxed_frame(house: House, sit: Sit) -> None:
    """In a sandboxed frame (no storage, no origin): reading works, and the tray says why one cannot stay."""
    inner = house.page("/inner/")
    writer = sit().here(inner)
    writer.sign_in_at(writer.begin())
    writer.posts("Said in the open.")
    signer = sit().foresee("/api/v1/")
    signer.page.goto(house.page("/outer/", bare=True))
    signer.page.evaluate(
        "url => { const frame = Object.assign(document.createElement('iframe'), {src: url, width: 800, height: 600});"
        " frame.sandbox = 'allow-scripts allow-popups allow-forms'; document.body.append(frame); }",
        inner,
    )
    frame = signer.page.frame_locator("iframe")
    expect(frame.get_by_role("article").filter(has_text="Said in the open.")).to_be_visible()
    frame.get_by_role("textbox").first.fill("Let me in.")
    expect(frame.locator("comment-widget")).to_contain_text(signer.words["sign.no_storage"])
