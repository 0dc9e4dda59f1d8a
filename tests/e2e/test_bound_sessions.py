"""Sessions bound to a key of the browser: who copies the secret has nothing, and a wrong clock stops nobody."""

import json
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, Request, expect

from tests.support.browser import Visitor
from tests.support.hosts import article
from tests.support.live import Live
from tests.support.reader import Reader

Visit = Callable[..., Visitor]
KEYS = """() => new Promise((done, failed) => {
  const opening = indexedDB.open("comment-widget");
  opening.onerror = failed;
  opening.onsuccess = () => {
    const all = opening.result.transaction("keys").objectStore("keys").getAll();
    all.onsuccess = () => done(Promise.all(all.result.map(async ({ privateKey }) => [
      privateKey.extractable,
      await crypto.subtle.exportKey("jwk", privateKey).then(() => "taken", (problem) => problem.name),
    ])));
  };
})"""


def _kept(page: Page) -> dict[str, str]:
    """What the page's origin has in its localStorage."""
    found: dict[str, str] = page.evaluate("() => ({...localStorage})")
    return found


def _asked(page: Page, live: Live) -> list[Request]:
    """Collects the calls of the interface that carry a session, from now on."""
    found: list[Request] = []
    page.on(
        "request",
        lambda request: (
            found.append(request)
            if request.url.startswith(f"{live.server}/api/") and "authorization" in request.headers
            else None
        ),
    )
    return found


@pytest.mark.parametrize("guest", [True, False], ids=["as a guest", "with an account"])
def test_every_request_proves_the_key(live: Live, visit: Visit, *, guest: bool) -> None:
    reader = Reader(visit().page()).open(live.host_page(f"/bound/{guest}/", article("Keys")))
    asked = _asked(reader.page, live)
    reader.write("Mine.")
    if guest:
        reader.as_guest("Ann")
    else:
        reader.sign_in("Ada Moretti")
    said = reader.send("Mine.")
    reader.page.reload()
    reader.arrived()
    expect(reader.button("write.edit", said)).to_be_visible()
    reader.turn_to_box().button("sign.logout").click()
    expect(reader.button("sign.logout")).to_have_count(0)
    assert {request.method for request in asked} >= {"GET", "POST"}
    for request in asked:
        assert request.headers["authorization"].startswith("DPoP ")
        assert request.headers["dpop"].count(".") == 2
    assert reader.page.evaluate(KEYS) == [[False, "InvalidAccessError"]]
    assert not any("jwk" in value or "privateKey" in value for value in _kept(reader.page).values())


def test_a_copied_secret_is_worth_nothing(live: Live, visit: Visit) -> None:
    url = live.host_page("/copied/", article("Copies"))
    owner = Reader(visit().page()).open(url)
    owner.write("Here I am.")
    owner.sign_in("Ada Moretti")
    owner.send("Here I am.")
    copied = _kept(owner.page)
    session = next(value for name, value in copied.items() if name.startswith("cw:session"))
    assert [one["token_type"] for one in json.loads(session)["held"].values()] == ["DPoP"]

    visitor = visit()
    visitor.foreseen.append("/api/v1/")  # the refusals
    thief = Reader(visitor.page()).open(url)
    thief.page.evaluate("kept => { for (const name in kept) localStorage[name] = kept[name]; }", copied)
    thief.page.reload()
    thief.arrived().write("I am Ada, too.")
    expect(thief.widget.get_by_role("group", name=thief.words["sign.who"])).to_be_visible()
    expect(thief.writing()).to_have_value("I am Ada, too.")
    expect(thief.button("write.edit")).to_have_count(0)

    owner.write("And here I stay.")
    owner.send("And here I stay.")


@pytest.mark.parametrize("hours", [-7, 7])
def test_a_clock_that_is_wrong(live: Live, visit: Visit, hours: int) -> None:
    visitor = visit()
    visitor.foreseen.append("/api/v1/")  # the first proof is refused: it is too old, or too young
    page = visitor.page()
    page.add_init_script(f"{{ const now = Date.now; Date.now = () => now() + {hours * 3_600_000}; }}")
    reader = Reader(page).open(live.host_page(f"/clock/{hours}/", article("Clocks")))
    reader.write("What time is it?")
    reader.sign_in("Ada Moretti")
    reader.send("What time is it?")
    reader.write("And now?")
    reader.send("And now?")


def test_no_database_for_the_key(live: Live, visit: Visit) -> None:
    """Then the session is a bearer, for a shorter time."""
    page = visit().page()
    page.add_init_script("Object.defineProperty(window, 'indexedDB', { get() { throw new Error('denied') } })")
    reader = Reader(page).open(live.host_page("/no-database/", article("Shelves")))
    reader.write("Without a key.")
    asked = _asked(page, live)
    reader.as_guest("Ann")
    reader.send("Without a key.")
    assert [request.headers["authorization"].partition(" ")[0] for request in asked if request.method == "POST"] == [
        "Bearer"
    ]
